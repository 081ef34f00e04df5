"""Makes docs/hooks.md from hookspecs.py: prints it, writes it, or compares it."""

import ast
import inspect
import sys
import textwrap
from pathlib import Path
from typing import Any

from palier import hookspecs
from palier.hookspecs import DECIDES, FIRST, RUNS, SHOWS, VERSION, Hook

PAGE = Path(__file__).with_name("hooks.md")
KINDS = {
    SHOWS: "Shows. A failure is logged, lines that are missing are named, and the page stands.",
    DECIDES: "Decides. A failure refuses the act, with the service's name; nothing is written.",
    RUNS: "Runs. A failure stops what was asked for; nothing is written.",
}
START = f"""\
# Hooks {VERSION}

<!-- Made by docs/make_hooks.py from core/palier/hookspecs.py. Change the code, then `make docs`. -->

A hook is a question that the core asks a service about a resident or a moment. What does not depend
on either is declared in the `Manifest` instead: screens, pages, panels, counts, skills, settings.

Answer one in your `plugin.py`, with a function of the same arguments:

```python
from palier.api import hooks


@hooks.desk_cards
def bikes_of(desk: Desk, resident: Resident) -> Iterable[Card]: ...
```

- Only services that are on at the desk's site are asked: an answer never asks whether it is on.
- The first argument is always the desk (site, actor, moment, transaction), with at most one thing
  after it. Hooks never get a new argument: what is new becomes an attribute of the desk.
- An answer is data, never HTML, and needs two statements at most.
- The order in which services answer means nothing: what is sorted carries its own `order`.
- A misspelt name or other arguments quarantine the plugin at start, with a sentence that says why.

These are the hooks of version {VERSION}, promised from Palier {FIRST} on. In 1.x hooks may be added; none goes, and none
asks in another way. One that has to change for 2.0 says so one release before: the log of the start and
`palier upgrade --check` name each plugin that answers it, with file and line. Each hook says below in which Palier
it changed last; `palier upgrade --check` compares that with the oldest core that a plugin's `requires_core` accepts
(`">=0.1"`). Read here what changed, mend the answer, and raise `requires_core`.

A hook stays when two services or areas of the core answer it; one that does not says below why it is here.
"""


def signature(hook: Hook[..., Any]) -> str:
    """Return a hook's signature as one writes it, without the quotes of late names."""
    (function,) = ast.parse(inspect.getsource(hook.function)).body
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - a hook is a plain function
    given = [f"{each.arg}: {_type(each.annotation)}" for each in function.args.args]
    return f"def {function.name}({', '.join(given)}) -> {_type(function.returns)}"


def _type(annotation: ast.expr | None) -> str:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return ast.unparse(annotation) if annotation else ""


def page() -> str:
    """Return what the whole file has to be."""
    return "\n".join([START, *(_section(each) for each in hookspecs.ALL)])


def _section(hook: Hook[..., Any]) -> str:
    words = textwrap.dedent(hook.__doc__ or "").strip()
    code = f"```python\n{signature(hook)}\n```"
    since = f"As it is since Palier {hook.changed}."
    warns = [f"**Will change:** {hook.warns}", ""] if hook.warns else []
    parts = (f"## `{hook.name}`", "", code, "", f"{KINDS[hook.kind]} {since}", "")
    return "\n".join((*parts, *warns, words, ""))


def main(asked: list[str]) -> int:
    """Print the page; `--write` puts it in its place, `--check` compares it with what is there."""
    made = page()
    if asked == ["--write"]:
        PAGE.write_text(made, "utf-8")
    elif asked == ["--check"]:
        if PAGE.read_text("utf-8") == made:
            return 0
        print("docs/hooks.md is not what hookspecs.py says: docs/make_hooks.py --write")
        return 1
    elif asked:
        print("usage: make_hooks.py [--check | --write]", file=sys.stderr)
        return 2
    else:
        print(made, end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
