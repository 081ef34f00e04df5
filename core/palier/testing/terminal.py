"""Somebody at a terminal: the commands of an installation, as they are typed."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from palier.testing.servers import PALIER


class Terminal:
    """An installation's commands, given in a folder."""

    def __init__(self, environment: Mapping[str, str], place: Path) -> None:
        self.environment, self.place = environment, place

    def palier(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Give a command; what it answers comes back."""
        return subprocess.run(  # noqa: S603
            [PALIER, *words],
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *words: str) -> str:
        """Give a command that has to work; return what it says."""
        answer = self.palier(*words)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def asked(self, *words: str) -> Any:
        """Give a command that answers in JSON; return that."""
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words: str) -> str:
        """Give a command that is refused; return the sentence."""
        answer = self.palier(*words)
        assert (answer.returncode, answer.stdout) == (1, ""), answer
        return answer.stderr
