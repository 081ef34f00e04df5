"""Bike hire keeps the contract of every plugin."""

from palier.testing import contract

test_contract = contract("bike_hire")
