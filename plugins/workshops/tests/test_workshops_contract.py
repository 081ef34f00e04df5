"""Workshops and wishes keep the contract of every plugin."""

from palier.testing import contract

test_contract = contract("workshops")
