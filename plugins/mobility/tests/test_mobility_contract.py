"""What every plugin must keep: off means off, words in every language, quick lists."""

from palier.testing import contract

test_contract = contract("mobility")
