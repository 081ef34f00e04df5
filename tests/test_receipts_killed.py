"""A process that dies in the middle of a sale leaves nothing behind, and no gap."""

import os
import subprocess
import sys

import pytest

from palier.db.engine import Database
from palier.testing.plugin import At
from palier.testing.till import assert_books_are_whole, counted, numbers, pays, someone_owes

# Another process, which ends without a word when it sends its statement number `step`.
DIES = """
import os, sys
from sqlalchemy import event
from palier.context import Context
from palier.receipts.actions import pay
from palier.residents.models import Resident
from palier.testing.databases import open_database
from palier.testing.plugin import MAGDA, NOW, SECRET, place

url, who, step = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
database, sent = open_database(url), []

@event.listens_for(database.writer, "before_cursor_execute")
def look(*statement):
    sent.append(statement)
    if len(sent) == step:
        os._exit(9)

with database.write(1) as session:
    desk = Context(session, place(), MAGDA, NOW, secret=SECRET)
    pay(desk, session.get_one(Resident, who))
    os._exit(9)
"""


# Before each statement of the sale; and with all of them sent, before the commit.
@pytest.mark.parametrize("step", [*range(1, 17), 99])
def test_a_killed_process_leaves_nothing(at: At, database: Database, step: int) -> None:
    first, who = someone_owes(at, 100), someone_owes(at, 1000, 240, code="F2")
    pays(at, first)
    url = database.url.render_as_string(hide_password=False)

    died = subprocess.run(
        [sys.executable, "-c", DIES, url, str(who), str(step)], env=os.environ, check=False
    )
    left = counted(at)
    pays(at, who)

    assert died.returncode == 9
    assert left == [1, 1, 1, 1]
    assert numbers(at) == ["AMPERE-01-2026-000001", "AMPERE-01-2026-000002"]
    assert_books_are_whole(at)
