"""Plugins are found, checked and ordered; one that fails is set aside with its reason."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from palier.acts import act, read_signature
from palier.asking import Hooks
from palier.context import Context
from palier.errors import WrongDeclaration
from palier.plugins import AREAS, GROUP, Registry, discover
from palier.reading import _KINDS
from palier.signature import PLAIN, ask
from palier.text import _

Make = Callable[..., EntryPoint]
MANIFEST = """
from palier.api import Manifest, _
manifest = Manifest(name="{name}", label=_("Toy"), summary=_("Toy"), icon="tool", {more})
"""


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Write a throw-away package and return its entry point."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name: str, more: str = "", *, source: str = "", folder: str = "") -> EntryPoint:
        package = tmp_path / (folder or f"palier_{name}")
        package.mkdir()
        (package / "__init__.py").write_text('"""A toy."""\n')
        text = dedent(source) or MANIFEST.format(name=name, more=more)
        (package / "plugin.py").write_text(text)
        return EntryPoint(name, f"{package.name}.plugin", GROUP)

    yield write
    for each in [each for each in sys.modules if each.startswith("palier_toy")]:
        del sys.modules[each]


def troubles(registry: Registry) -> dict[str, str]:
    return {each.name: str(each.trouble or "") for each in registry.services()}


def test_a_plugin_that_cannot_be_imported_is_set_aside_and_the_rest_starts(make: Make) -> None:
    broken = make("toy_broken", source="import nothing_of_that_name")

    registry = discover([broken, make("toy_well")])

    found = troubles(registry)
    assert found["toy_broken"].startswith("It can't be read: ModuleNotFoundError:")
    assert found["toy_well"] == ""
    assert [each.name for each in registry.working()] == [*AREAS, "toy_well"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("other = 1", "plugin.py needs `manifest = Manifest(…)`"),
        (MANIFEST.format(name="another", more=""), "the manifest says 'another'"),
        (MANIFEST.format(name="toy", more='requires_core=">=99"'), "it needs palier >=99, this is"),
        (MANIFEST.format(name="toy", more='requires_core="soon"'), "requires_core:"),
    ],
    ids=["no manifest", "another name", "newer core", "no version"],
)
def test_a_manifest_that_does_not_fit_says_why(make: Make, source: str, why: str) -> None:
    registry = discover([make("toy", source=source)])

    assert why in troubles(registry)["toy"]


@pytest.mark.parametrize("name", ["residents", "Toy", "api"])
def test_a_name_of_the_core_or_with_capitals_is_refused(make: Make, name: str) -> None:
    registry = discover([make(name, folder=f"palier_toy_{name.lower()}")])

    assert "choose another name" in troubles(registry)[name]
    assert [each.name for each in registry.working()] == list(AREAS)


def test_a_package_with_another_name_than_the_plugin_is_refused(make: Make) -> None:
    registry = discover([make("toy_a", folder="palier_toy_b")])

    assert "its package must be called palier_toy_a" in troubles(registry)["toy_a"]


def test_two_packages_with_one_name_are_both_out_and_named_once(make: Make) -> None:
    first, second = make("toy_a"), make("toy_a", folder="palier_toy_a2")

    registry = discover([first, second])

    assert troubles(registry) == {
        "toy_a": "Two installed packages have this name. Uninstall one of them."
    }


def test_a_need_that_is_not_here_is_named(make: Make) -> None:
    registry = discover([make("toy_a", 'needs=("toy_gone",)')])

    assert troubles(registry)["toy_a"] == "It needs the service toy_gone, which is not here."


def test_needs_come_first_and_areas_of_the_core_are_no_services(make: Make) -> None:
    registry = discover(
        [
            make("toy_a", 'needs=("toy_b", "receipts")'),
            make("toy_b", 'needs=("toy_c",)'),
            make("toy_c"),
        ]
    )

    assert [each.name for each in registry.services()] == ["toy_c", "toy_b", "toy_a"]
    assert registry.needed_with("toy_a") == ["toy_c", "toy_b", "toy_a"]
    assert registry.needing("toy_c") == ["toy_b"]


def test_a_circle_is_broken_by_name_and_those_who_need_it_follow(make: Make) -> None:
    registry = discover(
        [
            make("toy_a", 'needs=("toy_b",)'),
            make("toy_b", 'needs=("toy_x",)'),
            make("toy_x", 'needs=("toy_y",)'),
            make("toy_y", 'needs=("toy_x",)'),
            make("toy_v", 'needs=("toy_w",)'),
            make("toy_w", 'needs=("toy_v",)'),
            make("toy_well"),
        ]
    )

    assert troubles(registry) == {
        "toy_v": "It needs itself in a circle: toy_v, toy_w.",
        "toy_w": "It needs itself in a circle: toy_v, toy_w.",
        "toy_x": "It needs itself in a circle: toy_x, toy_y.",
        "toy_y": "It needs itself in a circle: toy_x, toy_y.",
        "toy_b": "It needs the service toy_x, which has a problem.",
        "toy_a": "It needs the service toy_b, which has a problem.",
        "toy_well": "",
    }


def test_trouble_travels_to_those_who_need_it_with_its_true_reason(make: Make) -> None:
    broken = make("toy_z", source="1 / 0")

    registry = discover(
        [make("toy_a", 'needs=("toy_b",)'), make("toy_b", 'needs=("toy_z",)'), broken]
    )

    assert troubles(registry) == {
        "toy_z": "It can't be read: ZeroDivisionError: division by zero (palier_toy_z/plugin.py:1)",
        "toy_b": "It needs the service toy_z, which has a problem.",
        "toy_a": "It needs the service toy_b, which has a problem.",
    }


HOOK = """
import pluggy
from palier.api import Manifest, _
manifest = Manifest(name="{name}", label=_("Toy"), summary=_("Toy"), icon="tool")

@pluggy.HookimplMarker("palier"){how}
"""


@pytest.mark.parametrize(
    ("function", "named"),
    [("def desk_crads(desk, resident): ...", "desk_crads"), ("def today(desk, day): ...", "day")],
    ids=["misspelt", "an argument more"],
)
def test_a_hook_that_does_not_fit_is_named_and_those_who_need_it_follow(
    make: Make, function: str, named: str
) -> None:
    source = HOOK.format(name="toy_b", how="") + function
    registry = discover([make("toy_b", source=source), make("toy_a", 'needs=("toy_b",)')])

    Hooks(registry)

    found = troubles(registry)
    assert found["toy_b"].startswith("One of its hooks does not fit:")
    assert named in found["toy_b"]
    assert found["toy_a"] == "It needs the service toy_b, which has a problem."


ACT = """
from palier.api import Count, Manifest, Panel, Resident, Screen, _, act, ask, page
from palier.residents.screens import households, residents

LOAN = Count("loan", _("Loans"))

@act(_("Do"), {more})
def do(desk, {values}) -> None:
    \"\"\"Do it.\"\"\"

manifest = Manifest(name="toy", label=_("Toy"), summary=_("Toy"), icon="tool", {manifest})
"""


@pytest.mark.parametrize(
    ("more", "values", "manifest", "why"),
    [
        ("counts=LOAN", "", "acts=(do,)", "do counts 'loan': list it in the manifest"),
        ("when=lambda it: True", "", "acts=(do,)", "do has `when` but no record"),
        ("", "*, size: int", "acts=(do,)", "size has no words: use ask(_(…))"),
        ("", "*, size", "acts=(do,)", "size has no type"),
        ("", "*, size: dict", "acts=(do,)", "size: no form asks for a <class 'dict'>"),
        ("", "record: Resident, size: int", "acts=(do,)", "size must come after *"),
        ("", "size: int", "acts=(do,)", "the second parameter is the record"),
        ("", "*, size: int | None", "acts=(do,)", "size may be empty, so it needs = None"),
        ("", "*, sure: bool", "acts=(do,)", "sure is a tick box, so it needs = False"),
        ("", "", "screens=(residents, residents)", "two screens or pages are called 'resident'"),
        (
            "",
            "",
            "panels=(Panel(residents, Resident.phone),)",
            "the panel resident needs a link, Resident.phone is none",
        ),
    ],
)
def test_a_wrong_declaration_is_found_at_start(
    make: Make, more: str, values: str, manifest: str, why: str
) -> None:
    source = ACT.format(more=more, values=values, manifest=manifest)

    registry = discover([make("toy", source=source)])

    assert why in troubles(registry)["toy"]


def test_an_act_added_to_another_screen_is_checked_as_well(make: Make) -> None:
    source = "from palier.api import Extend" + ACT.format(
        more="counts=LOAN", values="", manifest='extends=(Extend("x/y", acts=(do,)),)'
    )

    registry = discover([make("toy", source=source)])

    assert "do counts 'loan'" in troubles(registry)["toy"]


def test_the_sentence_names_file_line_and_parameter() -> None:
    @act(_("Do"))
    def do(desk: Context, *, size: int) -> None: ...

    with pytest.raises(WrongDeclaration) as refusal:
        read_signature(do)

    assert __file__ in str(refusal.value)
    assert ": size has no words" in str(refusal.value)


def test_every_plain_type_an_act_may_ask_for_can_be_read() -> None:
    assert set(_KINDS) == set(PLAIN)
    assert ask(min=1).min == 1
