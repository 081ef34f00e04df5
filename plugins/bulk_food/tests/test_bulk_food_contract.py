"""Bulk food keeps the contract of every plugin."""

from palier.testing import contract

test_contract = contract("bulk_food")
