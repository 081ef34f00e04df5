"""The new site's guide is done as it stands: on one computer, and on a server with PostgreSQL."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Timer

import httpx
import pytest

from palier.settings import load
from palier.testing.databases import empty_server
from palier.testing.pages import Block, Reader, blocks_of
from palier.testing.servers import PALIER, process

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "new-site.md"
PASSWORD = "a-long-password"
ONE, SERVICES, SERVER = (
    "On one computer, with SQLite",
    "Its services",
    "On a server, with PostgreSQL",
)
COPY, NEWER = "Keep a copy", "A new version"
PATIENCE = 60  # seconds for a process to end


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A manager who types the password twice, with `make` of this very tree.

    It only says what it would do: the set-up that is there serves the tests beside this one.
    """
    made = Reader(tmp_path, answers=f"{PASSWORD}\n" * 2)
    make = shutil.which("make")
    made.tool("make", f'#!/bin/sh\nexec {make} --dry-run -C {ROOT} "$@"\n')
    return made


def chapter(heading: str, replaced: Mapping[str, str]) -> Iterator[Block]:
    """Yield the blocks under one heading."""
    return (each for each in blocks_of(PAGE, replaced) if each.under == heading)


def follow(reader: Reader, blocks: Iterable[Block]) -> None:
    """Do each block; one that serves is tried in a browser, and ended."""
    for each in blocks:
        lines = each.text.splitlines()
        serving = [line.split()[2:] for line in lines if line.startswith("palier serve")]
        if serving:
            opens(reader, serving[0], jobs="palier jobs run" in lines)
        else:
            reader.does(each)


def opens(reader: Reader, options: list[str], *, jobs: bool) -> None:
    """Serve as the page says, and find the desk there for who signs in."""
    given = options[: options.index("--port")] if "--port" in options else options
    with process(reader.environment, *given) as (_running, client):
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        desk = client.get("/gare/desk")
        if jobs:
            run_jobs(reader)
    assert desk.status_code == httpx.codes.OK
    assert "Gare" in desk.text


def run_jobs(reader: Reader) -> None:
    """Let the jobs run until they say so, then end them as a system does."""
    command, told = [PALIER, "jobs", "run"], subprocess.PIPE
    with subprocess.Popen(command, env=reader.environment, stdout=told, text=True) as running:
        patience = Timer(PATIENCE, running.kill)
        patience.start()
        assert running.stdout is not None
        first = running.stdout.readline()
        running.terminate()
        running.communicate()
        patience.cancel()
    assert (running.returncode, first) == (0, "The jobs run until this is stopped.\n")


def test_one_computer_is_live_by_what_the_page_says(reader: Reader, tmp_path: Path) -> None:
    here = {"/srv": str(tmp_path)}

    for heading in (ONE, SERVICES, COPY, NEWER):
        follow(reader, chapter(heading, here))

    known = {each.under for each in blocks_of(PAGE) if each.language == "sh"}
    assert known == {ONE, SERVICES, SERVER, COPY, NEWER}


@pytest.mark.slow
def test_a_server_is_live_by_what_the_page_says(reader: Reader, tmp_path: Path) -> None:
    first, *site = chapter(ONE, {})
    assert first.text.startswith("make set-up")

    with empty_server() as (address, psql):
        where = address.partition("@")[2].replace("/postgres?", "/palier?")
        here = {"/srv": str(tmp_path), "@localhost/palier": f"@{where}"}
        roles, begin, serve = chapter(SERVER, here)
        psql(f"\\set ON_ERROR_STOP on\n{roles.text}")
        services = (each for each in chapter(SERVICES, here) if "palier serve" not in each.text)
        follow(reader, (begin, *site, *services, serve, next(chapter(COPY, here))))


def test_the_settings_for_messages_are_read(tmp_path: Path) -> None:
    (told,) = (
        each for each in blocks_of(PAGE, {"/etc/palier": str(tmp_path)}) if each.language == "toml"
    )
    (tmp_path / "palier.toml").write_text(told.text, "utf-8")
    for name in ("smtp-password", "sms-token"):
        (tmp_path / name).write_text("only-for-tests", "utf-8")

    settings = load({"PALIER_HOME": str(tmp_path), "PALIER_CONFIG": str(tmp_path / "palier.toml")})

    assert settings.mail is not None
    assert settings.sms is not None
    assert (settings.mail.host, settings.mail.password) == ("smtp.example.org", "only-for-tests")
    assert (settings.sms.token, settings.sms.answer) == ("only-for-tests", "messages.0.id")
