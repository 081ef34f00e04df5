"""The skills exchange keeps the contract of every plugin."""

from palier.testing import contract

test_contract = contract("skills_exchange")
