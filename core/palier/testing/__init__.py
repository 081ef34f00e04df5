"""What plugins and the core's tests use; installing `palier` registers these pytest fixtures."""

from palier.testing.caretaker import Browser
from palier.testing.contract.running import contract
from palier.testing.speaking import Caretaker

__all__ = ("Browser", "Caretaker", "contract")
