"""One person's data: given, erased."""

from pathlib import Path
from typing import Any

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, refuse, tell


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
    from palier.privacy.filing import dossier_bytes
    from palier.text import Reader, read_by
    from palier.trail import perform

    if kind == "pdf" and to is None:
        refuse("A PDF needs a file to be written to: --to FILE.")
    with opened() as house, house.at(site, "palier resident export") as desk:
        person = _found(desk, who)
        if person is None:
            refuse(f"Nobody here has the number or the card {who}.")
        with read_by(Reader(desk.site.locale, desk.site.zone)):
            body = dossier_bytes(desk, person, kind)
        perform(desk, give_data, person, {})
        _noted(house, desk)
    if to is None:
        click.echo(body.decode())
        return
    to.write_bytes(body)
    click.echo(f"Written: {to}")


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
            return
        perform(desk, erase, person, {})
        _noted(house, desk)
    click.echo("Erased. Copies made before still hold the data until they are replaced.")


@resident.command()
@click.option("--site", required=True)
@json_option
@command_errors
def due(site: str, as_json: bool) -> None:
    """List who was not seen for as long as a record may be kept; nothing is erased."""
    from palier.privacy.keeping import due_people

    with opened() as house, house.at(site, "palier resident due", write=False) as desk:
        people = due_people(desk)
        rows = [
            {"number": each.id, "name": str(each), "last_contact": str(each.last_contact_on)}
            for each in people
        ]
        desk.noted += [(each.path, each.id) for each in people]
        _noted(house, desk)
    tell(rows, as_json=as_json, empty="Nobody: all have been here since.")
