"""The bread depot keeps the contract of every plugin."""

from palier.testing import contract

test_contract = contract("bread_depot")
