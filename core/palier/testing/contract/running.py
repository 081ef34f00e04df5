"""Running the contract: one check after the other, for the command and for pytest."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest

from palier.testing.contract.checks import CHECKS
from palier.testing.contract.outcome import Check, NotChecked, Outcome
from palier.testing.contract.stage import Stage

Say = Callable[[str, int, int], None]


def outcomes(checks: Sequence[Check], name: str, say: Say) -> Iterator[Outcome]:
    """Run these checks and yield what came of it; `say` is told which one begins.

    Raises `UnknownService` for a plugin that is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="palier-check-") as folder:
        stage = Stage(name, Path(folder))
        for at, check in enumerate(checks):
            say(check.name, at, len(checks))
            yield check.outcome(stage)


def contract(name: str) -> Callable[..., None]:
    """Make the contract a test of its own for each check: `test_contract = contract("bread_depot")`.

    What can't be checked here is skipped with the reason; with `contract_whole` in pytest's settings
    it fails.
    """
    stages: dict[str, Stage] = {}

    @pytest.mark.parametrize("check", [_marked(each) for each in CHECKS])
    def test_contract(
        check: Check, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
    ) -> None:
        if name not in stages:
            stages[name] = Stage(name, tmp_path_factory.mktemp(f"contract-{name}"))
        try:
            _run(check, stages[name])
        except NotChecked as why:
            if pytestconfig.getini("contract_whole"):
                raise
            pytest.skip(str(why))

    return test_contract


def _run(check: Check, stage: Stage) -> None:
    """A browser gets a thread of its own: other tests may have one open in this one."""
    if not check.in_browser:
        return check.function(stage)
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(copy_context().run, check.function, stage).result()


def _marked(check: Check) -> object:
    marks = [pytest.mark.browser] if check.in_browser else []
    return pytest.param(check, id=check.name, marks=marks)
