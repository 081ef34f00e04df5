"""The page on which a scanner is tried: what it reads right, and what to set when it does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from palier.acts import page
from palier.codes.drawing import Drawn, bars, squares
from palier.codes.trying import Trial, Trouble, Verdict, judge
from palier.context import Context
from palier.desk.finding import shown
from palier.screens.catalogue import Paths
from palier.screens.declared import Page
from palier.screens.views import Note
from palier.signature import ask
from palier.text import Text, _

_NAMES: Mapping[Trial, Text] = {
    Trial.DIGITS: _("1. Digits"),
    Trial.LETTERS: _("2. Letters"),
    Trial.POST: _("3. A parcel's number"),
    Trial.SEPARATOR: _("4. A long code in two parts"),
    Trial.SQUARES: _("5. A square code, as on member cards"),
}

# What happened, then what to do about it.
_TROUBLES: Mapping[Trouble, tuple[Text, Text]] = {
    Trouble.TOO_LONG: (
        _("That is longer than any code."),
        _("Perhaps several scans came at once. Empty the field and scan one code."),
    ),
    Trouble.MISREAD: (
        _("This looks like a code typed through the wrong keys."),
        _(
            "A part of it may be missing: scan it again. If it stays so, look in the scanner's booklet for “Keyboard country” and scan “France”."
        ),
    ),
    Trouble.UNKNOWN: (
        _("Palier does not know this form of code. That may well be right."),
        _("Compare what came with what is printed: the same signs mean that the scanner reads well."),
    ),
    Trouble.LOCKED: (
        _("Capitals and small letters came the wrong way round."),
        _("Press the key for capitals (Caps Lock) once, then scan again. Typed by hand? Then all is well."),
    ),
    Trouble.OTHER_KEYS: (
        _("The scanner is set to an American keyboard, this computer to a French one."),
        _(
            "Palier puts its own codes right, other programs do not. In the scanner's booklet, look for “Keyboard country” and scan “France”."
        ),
    ),
    Trouble.NO_SEPARATOR: (
        _("The sign between the two parts was lost."),
        _("Long codes on goods need it. In the scanner's booklet, look for “GS1 separator” or “Group separator” and scan “Send”."),
    ),
    Trouble.NO_ENTER: (
        _("No Enter came at the end."),
        _(
            "Without it you have to press Enter after each scan. In the scanner's booklet, look for “Suffix” and scan “Enter” (also called CR)."
        ),
    ),
    Trouble.SLOW: (
        _("The signs came slowly."),
        _(
            "A scan is known by its speed. In the scanner's booklet, look for “Inter-character delay” and scan “None”; a wireless one may be too far away. Typed by hand? Then all is well."
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """One code of the sheet: its name, its drawing, and whether it was read right."""

    name: Text
    code: str
    drawn: Drawn
    is_done: bool


@page(_("Test my scanner"))
def scanner(
    desk: Context,
    *,
    read: Annotated[str, ask(_("What the scanner types"))] = "",
    unended: Annotated[bool, ask(_("No Enter came"))] = False,
    slow: Annotated[bool, ask(_("Slow"))] = False,
    locked: Annotated[bool, ask(_("Capital lock"))] = False,
    done: Annotated[str, ask(_("Read right so far"), max=80)] = "",
) -> Page:
    """Say how a scan was read, and what to set in the scanner."""
    verdict = judge(read, ended=not unended, slow=slow, locked=locked) if read.strip() else None
    right = _right_so_far(verdict, done)
    codes = tried(right)
    return Page(
        "desk/scanner.html",
        notes=list(notes_of(verdict, whole=len(right) == len(codes))) if verdict else [],
        codes=codes,
        done=".".join(right),
        sheet_href=f"{Paths(desk.site.slug).root}/desk/scanner_sheet",
    )


@page(_("Sheet of test codes"))
def scanner_sheet(desk: Context) -> Page:
    """Show the test codes on a sheet, to be printed."""
    return Page("desk/scanner_sheet.html", codes=tried(()), site=desk.site.name)


def tried(right: tuple[str, ...]) -> list[Tried]:
    """Return the codes of the sheet."""
    return [
        Tried(
            name,
            shown(each.value),
            (squares if each.is_squares else bars)(each.value),
            each.name.lower() in right,
        )
        for each, name in _NAMES.items()
    ]


def _right_so_far(verdict: Verdict | None, done: str) -> tuple[str, ...]:
    right = set(done.split("."))
    if verdict is not None and verdict.trial is not None:
        name = verdict.trial.name.lower()
        right = right - {name} if verdict.troubles else right | {name}
    return tuple(each.name.lower() for each in Trial if each.name.lower() in right)


def notes_of(verdict: Verdict, *, whole: bool) -> Iterator[Note]:
    """Yield what came, then one note for each thing to mend."""
    if verdict.is_read:
        words = _("Read right: %(code)s.") if not verdict.troubles else _("Read as %(code)s.")
        more = _("All five codes are read right: this scanner is ready.") if whole else None
        yield Note("ok", words.fill(code=shown(verdict.code)), more)
    elif verdict.code:
        yield Note("info", _("This came: %(code)s").fill(code=shown(verdict.code)))
    for each in verdict.troubles:
        words, advice = _TROUBLES[each]
        yield Note("info" if each is Trouble.UNKNOWN else "wait", words, advice)
