"""One person's data: given, erased."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, refuse, tell

TOLD_EVERY = 1000  # lines between two words on how far it is


@click.group()
def resident() -> None:
    """What is kept about one person. WHO is a number or a card's code."""


def _found(desk: Any, who: str) -> Any:
    from sqlalchemy import select

    from palier.residents.models import Resident
    from palier.residents.people import owns_card
    from palier.values import is_id

    if is_id(who):
        return desk.find(Resident, int(who))
    return desk.session.scalars(select(Resident).where(owns_card(who.strip().upper()))).first()


def _noted(house: Any, desk: Any) -> None:
    from palier.access import AccessLog

    AccessLog(house.settings.access_log).note(desk.now, desk.site.slug, None, desk.noted)


@resident.command()
@click.argument("who")
@click.option("--site", required=True)
@click.option(
    "--format", "kind", default="json", show_default=True, type=click.Choice(["json", "pdf"])
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="A file to write.")
@command_errors
def export(who: str, site: str, kind: str, to: Path | None) -> None:
    """Give everything that is kept about one person, in the site's language."""
    from palier.privacy.actions import give_data
    from palier.privacy.filing import dossier_parts
    from palier.residents.models import Resident
    from palier.text import Reader, read_by
    from palier.trail import perform

    if kind == "pdf" and to is None:
        refuse("A PDF needs a file to be written to: --to FILE.")
    with opened() as house:
        with house.at(site, "palier resident export") as desk:
            person = _found(desk, who)
            if person is None:
                refuse(f"Nobody here has the number or the card {who}.")
            perform(desk, give_data, person, {})
            _noted(house, desk)
            id = person.id
        # Reading may take long: nobody who writes waits for it.
        reading = house.at(site, "palier resident export", write=False)
        with reading as desk, read_by(Reader(desk.site.locale, desk.site.zone)):
            _write(dossier_parts(desk, desk.session.get_one(Resident, id), kind), to)
    if to is not None:
        click.echo(f"Written: {to}")


def _write(parts: Iterator[bytes], to: Path | None) -> None:
    """Write bit by bit, and say on the way how many lines are done; a half file is none."""
    if to is None:
        for each in parts:
            click.echo(each, nl=False)
        return
    half = to.with_name(f"{to.name}.part")
    try:
        with half.open("wb") as file:
            for at, each in enumerate(parts, 1):
                file.write(each)
                if at % TOLD_EVERY == 0:
                    click.echo(f"{at} lines", err=True)
        half.replace(to)
    finally:
        half.unlink(missing_ok=True)


@resident.command()
@click.argument("who")
@click.option("--site", required=True)
@plan_option
@command_errors
def forget(who: str, site: str, plan: bool) -> None:
    """Erase one person's data; what was done and paid stays, and speaks of nobody."""
    from palier.privacy import erasure
    from palier.privacy.actions import forget as erase
    from palier.trail import perform

    with opened() as house, house.at(site, "palier resident forget", write=not plan) as desk:
        person = _found(desk, who)
        if person is None:
            refuse(f"Nobody here has the number or the card {who}.")
        erasure.check_can_erase(desk, person)
        left = erasure.still_open(desk, person)
        if plan:
            for each in left:
                click.echo(f"To end first: {each.text}")
            for what, number in erasure.counted_parts(desk, person):
                click.echo(f"Will name nobody: {what}, {number}")
            for kept in erasure.kept_by_law(desk, person):
                click.echo(f"Kept by law: {kept.what}, {kept.number}, until {kept.until}")
            return
        perform(desk, erase, person, {})
        _noted(house, desk)
    click.echo("Erased. Copies made before still hold the data until they are replaced.")


@resident.command()
@click.option("--site", required=True)
@json_option
@command_errors
def due(site: str, as_json: bool) -> None:
    """List who was not seen for as long as a record may be kept; nothing is erased.

    What else was kept for too long is counted beside it. A manager erases both on one page.
    """
    from palier.privacy.keeping import counted_over, due_people

    with opened() as house, house.at(site, "palier resident due", write=False) as desk:
        people = due_people(desk)
        rows = [
            {"number": each.id, "name": str(each), "last_contact": str(each.last_contact_on)}
            for each in people
        ]
        others = counted_over(desk)
        desk.noted += [(each.path, each.id) for each in people]
        _noted(house, desk)
    tell(rows, as_json=as_json, empty="Nobody: all have been here since.")
    for what, number in others:
        click.echo(f"Kept for too long as well: {what}, {number}", err=True)
