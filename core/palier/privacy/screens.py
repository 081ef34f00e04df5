"""What a manager sees of what is kept about people."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from palier.acts import Act, page
from palier.context import Context, Role
from palier.db.types import Choice
from palier.deciding import NAME
from palier.errors import NotThere
from palier.plugins import Registry
from palier.privacy import erasure, export, sweeping
from palier.privacy import register as registers
from palier.privacy.about import people_of
from palier.privacy.actions import erase_due, review
from palier.privacy.filing import dossier_parts, register_bytes
from palier.privacy.keeping import counted_over, due_people, how_many_due
from palier.privacy.models import Sweep, Swept
from palier.residents.models import Resident
from palier.screens.catalogue import Catalogue, Offered, Paths
from palier.screens.declared import Page, Panel, Screen
from palier.screens.views import ActView, Block, Line, Link
from palier.signature import ask
from palier.text import _
from palier.web.asked import Answer, new_key


class FileKind(Choice):
    """How someone's data are handed over."""

    PDF = "pdf", _("On paper (PDF)")
    JSON = "json", _("For programs (JSON)")


SHOWN = 100
MEDIA = {FileKind.PDF: "application/pdf", FileKind.JSON: "application/json"}


@page(_("Register"), least=Role.MANAGER)
def register(desk: Context) -> Page:
    """Show what is kept about people, why, how long and who sees it."""
    paths = Paths(desk.site.slug)
    back = urlencode({"back": f"{paths.root}/privacy/register"})
    acts = ((NAME, _("Say who answers")), (review.name, review.label))
    found = registers.register_of(desk, _registry(desk))
    return Page(
        "privacy/register.html",
        register=found,
        rows=registers.rows_of(found),
        files=[
            Link(kind.label, f"{paths.root}/privacy/register_file?kind={kind.value}")
            for kind in FileKind
        ],
        acts=[
            ActView(name, label, f"{paths.root}/privacy/do/{name}?{back}") for name, label in acts
        ],
    )


@page(_("Register as a file"), least=Role.MANAGER, rare=True)
def register_file(
    desk: Context, *, kind: Annotated[FileKind, ask(_("As"))] = FileKind.PDF
) -> Answer:
    """Give the register as a file."""

    body = register_bytes(desk, _registry(desk), kind.value)
    return _attached(body, kind, f"register-{desk.site.slug}")


@page(_("What is kept about a person"), least=Role.MANAGER)
def dossier(desk: Context, *, resident: Annotated[int, ask(_("Resident"))]) -> Page:
    """Show one person's data, to be handed over as a paper or a file."""
    return give(desk, _person(desk, resident), {})


def give(desk: Context, person: Resident, _typed: Mapping[str, str]) -> Page:
    """Show what is handed over before it is: each button notes that it was, and gives the file."""
    paths = Paths(desk.site.slug)
    kept = export.dossier_of(desk, person, export.SHOWN)
    root = f"{paths.root}/residents/resident/{person.id}"
    files = [
        (kind, f"{paths.root}/privacy/dossier_file?resident={person.id}&kind={kind.value}")
        for kind in FileKind
    ]
    return Page(
        "privacy/dossier.html",
        dossier=kept,
        record=Link(str(person), root),
        action=f"{root}/give_data",
        ways=[
            {
                "label": kind.label,
                "hidden": {"csrf": desk.csrf, "key": new_key(), "back": href},
            }
            for kind, href in files
        ],
    )


@page(_("A person's data as a file"), least=Role.MANAGER)
def dossier_file(
    desk: Context,
    *,
    resident: Annotated[int, ask(_("Resident"))],
    kind: Annotated[FileKind, ask(_("As"))] = FileKind.JSON,
) -> Answer:
    """Give everything that is kept about a person as a file."""

    body = b"".join(dossier_parts(desk, _person(desk, resident), kind.value))
    return _attached(body, kind, f"{desk.site.slug}-{resident}")


sweeps = Screen(
    Sweep,
    _("Erasures of what was kept long enough"),
    columns=(
        Sweep.started_at,
        Sweep.due,
        Sweep.ended_at,
        Sweep.person_code,
    ),
    beside=sweeping.counts,
    facts=sweeping.counts,
    newest_first=Sweep.started_at,
    least=Role.MANAGER,
    menu=False,
    help=_("Asked for in “Kept long enough”, then done bit by bit: look again in a moment."),
    icon="clock",
)

swept = Screen(
    Swept,
    _("What came of it"),
    columns=(Swept.at, Swept.resident, Swept.rows, Swept.result),
    filters=(Swept.result,),
    newest_first=Swept.at,
    beside=sweeping.what_of,
    facts=sweeping.what_of,
    least=Role.MANAGER,
    menu=False,
    icon="check",
)

panels = (Panel(swept, Swept.sweep),)


@page(_("Kept long enough"), least=Role.MANAGER)
def due(desk: Context) -> Page:
    """Show what was kept for as long as it may be: a person decides that all of it is erased."""
    paths = Paths(desk.site.slug)
    people, others = due_people(desk, SHOWN), counted_over(desk)
    number = how_many_due(desk)
    stays = erasure.who_stays(desk, people)
    seen = _("Last contact: %(day)s")
    left = _("Last contact: %(day)s. Something is still open: stays as it is.")
    lines = tuple(
        Line(
            str(each),
            (left if each.id in stays else seen).fill(day=each.last_contact_on),
            icon="user",
            kind="soon" if each.id in stays else "",
            href=f"{paths.root}/residents/resident/{each.id}/forget",
        )
        for each in people
    )
    rows = tuple(Line(_("%(what)s: %(n)s").fill(what=what, n=n), icon="note") for what, n in others)
    running = sweeping.goes_on(desk)
    return Page(
        "privacy/due.html",
        block=Block(
            _("To erase"),
            "clock",
            lines,
            _("Nobody: all have been here since."),
            count=number or None,
        ),
        others=Block(_("Will no longer name anybody"), "note", rows, _("Nothing else.")),
        more=number - len(lines),
        running=Link(str(running), paths.record(sweeps, running.id)) if running else None,
        runs=Link(sweeps.title, paths.screen(sweeps)),
        action=f"{paths.root}/privacy/do/{erase_due.name}" if lines or rows else "",
        number=number,
        rows=sum(n for _what, n in others),
        hidden={"csrf": desk.csrf, "key": new_key()},
    )


def confirm(desk: Context, person: Resident, _typed: Mapping[str, str]) -> Page:
    """Count what erasing someone does, or name what has to end first."""
    paths = Paths(desk.site.slug)
    lines = [_to_end(desk, person, each) for each in erasure.still_open(desk, person)]
    counted = [
        Line(_("%(what)s: %(n)s").fill(what=what, n=n), icon="note")
        for what, n in erasure.counted_parts(desk, person)
    ]
    kept = [
        Line(
            _("%(what)s: %(n)s. The name stays until %(day)s, then it goes by itself.").fill(
                what=each.what, n=each.number, day=each.until
            ),
            icon="clock",
        )
        for each in erasure.kept_by_law(desk, person)
    ]
    home = erasure.is_last_at_home(desk, people_of(desk, person))
    if home and person.household is not None:
        words = _("The household %(code)s: nobody else lives there, its address goes too.")
        counted.append(Line(words.fill(code=person.household.code), icon="door"))
    return Page(
        "privacy/forget.html",
        person=person,
        open=Block(_("To end first"), "warn", tuple(lines)) if lines else None,
        counted=Block(_("Will no longer name anybody"), "note", tuple(counted), _("Nothing else.")),
        kept=Block(_("Kept because the law says so"), "clock", tuple(kept)) if kept else None,
        data=Link(
            _("Give the person their data first"),
            f"{paths.root}/privacy/dossier?resident={person.id}",
        ),
    )


def _to_end(desk: Context, person: Resident, each: erasure.StillToEnd) -> Line:
    """Say what is still open, with the act that ends it; it leads back to the erasure."""
    catalogue, paths = Catalogue(_registry(desk)), Paths(desk.site.slug)
    screen = catalogue.screen_of(desk, type(each.record))
    href = paths.record(screen, each.record.id) if screen else None
    if each.by == "pay":
        card = f"{paths.root}/desk/card?resident={person.id}"
        button = ActView("pay", _("Take payment"), card)
        return Line(each.text, icon="warn", kind="soon", href=href, act=button)
    acts = catalogue.acts_of(desk, screen) if screen else []
    ends = [a for a in acts if _may_end(desk, a, each)]
    if not ends or screen is None:
        return Line(each.text, icon="warn", kind="soon", href=href)
    back = urlencode({"back": f"{paths.root}/residents/resident/{person.id}/forget"})
    path = f"{paths.act(Offered(ends[0], screen), each.record.id)}?{back}"
    button = ActView(ends[0].name, ends[0].label, path)
    return Line(each.text, icon="warn", kind="soon", href=href, act=button)


def _may_end(desk: Context, act: Act[..., Any], each: erasure.StillToEnd) -> bool:
    if act.signature.record is None or each.by not in {"", act.name} or not desk.may(act):
        return False
    return act.when is None or bool(act.when(each.record))


def _person(desk: Context, id: int) -> Resident:
    found = desk.find(Resident, id)
    if found is None:
        raise NotThere
    desk.noted.append((found.path, found.id))
    return found


def _registry(desk: Context) -> Registry:
    return desk.hooks.registry if desk.hooks else Registry()


def _attached(body: bytes, kind: FileKind, name: str) -> Answer:
    return Answer.file(body, f"{name}.{kind.value}", media_type=MEDIA[kind], attached=True)
