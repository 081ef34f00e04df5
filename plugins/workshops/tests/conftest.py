"""Neighbours whom every test of workshops knows."""

import pytest

from palier.api import Resident
from palier.testing import Caretaker


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern", member=True)


@pytest.fixture
def theo(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Théo", "Ritter", member=True)


@pytest.fixture
def aicha(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Aïcha", "Benali", member=True)
