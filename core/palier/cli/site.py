"""Neighbourhoods: new, set, list, show."""

from pathlib import Path
from typing import Any

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, refuse, tell


@click.group()
def site() -> None:
    """Neighbourhoods of this installation."""


@site.command()
@click.argument("slug")
@click.option("--name", default="", help="What people call it; the slug by default.")
@click.option("--address", default="", help="Where the desk is.")
@click.option("--operator", default="", help="The legal body that runs it.")
@click.option("--theme", default="plain", show_default=True)
@click.option("--locale", default="fr", show_default=True, type=click.Choice(["fr", "en"]))
@click.option("--timezone", default="Europe/Paris", show_default=True)
@click.option(
    "--vat",
    type=click.Choice(["none", "franchise", "taxable"]),
    help="A new operator's VAT regime, which decides what receipts say; taxable by default.",
)
@click.option("--legal-form", "form", default="", help="The operator's: association, …")
@click.option("--siret", default="", help="The operator's 14 digits.")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A TOML file with the same words; what is said here wins.",
)
@plan_option
@command_errors
def new(slug: str, plan: bool, file: Path | None, **more: str) -> None:
    """Open a neighbourhood, with the usual hours; `--plan` only says what would be made."""
    from palier.sites.opening import open_site, planned, wanted_site

    wanted = wanted_site(slug, _said(more), file)
    with opened() as house:
        if plan:
            for line in planned(house.database, wanted, house.clock()):
                click.echo(line)
            return
        open_site(house.database, wanted, house.clock())
    click.echo(f"{wanted.name} is open at /{slug}/desk. Next: palier user add LOGIN --site {slug}")


def _said(more: dict[str, str]) -> dict[str, str]:
    """Return what was said on the line itself, defaults left out."""
    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    return {n: v for n, v in more.items() if context.get_parameter_source(n) is not default}


@site.command("set")
@click.argument("slug")
@click.option("--name", help="What people call it.")
@click.option("--address", help="Where the desk is.")
@click.option("--department", help="Two digits, or 2A.")
@click.option("--qpv-code", help="The priority area it lies in.")
@click.option("--local-law/--no-local-law", default=None, help="That of Alsace and Moselle.")
@click.option("--operator", "legal_name", help="The legal name of the body that runs it.")
@click.option("--legal-form", "form", help="For instance: association.")
@click.option("--operator-address", help="The seat of the operator.")
@click.option("--siret", help="14 digits.")
@click.option("--rna", help="W and 9 digits.")
@click.option("--register-ref", help="In Alsace and Moselle: court, volume and folio.")
@click.option("--vat-number", help="FR, two signs, nine digits.")
@plan_option
@json_option
@command_errors
def set_site(slug: str, plan: bool, as_json: bool, **wanted: Any) -> None:
    """Say where a site is and who runs it, as papers say it from now on; "" empties a value."""
    from palier.sites.saying import said, say

    given = {name: value for name, value in wanted.items() if value is not None}
    with opened() as house, house.at(slug, "palier site set", write=not plan) as desk:
        if not plan:
            say(desk, given)
        rows = said(desk, given if plan else {})
    tell(rows, as_json=as_json)


@site.command("list")
@json_option
@command_errors
def list_sites(as_json: bool) -> None:
    """List every neighbourhood."""
    from palier.sites.opening import all_sites

    with opened() as house:
        tell(all_sites(house.database), as_json=as_json, empty="No site yet: palier site new SLUG")


@site.command()
@click.argument("slug")
@json_option
@command_errors
def show(slug: str, as_json: bool) -> None:
    """Show one neighbourhood: hours, theme, services that are on."""
    from palier.sites.opening import facts_of

    with opened() as house, house.at(slug, "palier site show", write=False) as desk:
        tell(facts_of(desk), as_json=as_json)


@site.command()
@click.argument("slug")
@click.option("--remove", is_flag=True, help="Take it away, with every row and file of it.")
@command_errors
def train(slug: str, remove: bool) -> None:
    """Make a site's training twin, or take it away; the live site stays as it is."""
    from palier.training.twins import open_twin, remove_twin

    with opened() as house:
        if remove:
            click.echo(f"{remove_twin(house, slug)} rows removed.")
            return
        with house.at(slug, "palier site train", write=False) as desk:
            if desk.site.kind == "training":
                refuse(f"{slug} is a training site itself.")
        click.echo(f"The training site is at /{open_twin(house, slug)}/desk.")


@site.command()
@click.argument("slug")
@click.option(
    "--format", "kind", default="json", show_default=True, type=click.Choice(["json", "pdf"])
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="A file to write.")
@command_errors
def register(slug: str, kind: str, to: Path | None) -> None:
    """Give the register of processing, of the services that are on at the site."""
    from palier.privacy.filing import register_bytes
    from palier.text import Reader, read_by

    if kind == "pdf" and to is None:
        refuse("A PDF needs a file to be written to: --to FILE.")
    with (
        opened() as house,
        house.at(slug, "palier site register", write=False) as desk,
        read_by(Reader(desk.site.locale, desk.site.zone)),
    ):
        body = register_bytes(desk, house.registry, kind)
    if to is None:
        click.echo(body.decode())
        return
    to.write_bytes(body)
    click.echo(f"Written: {to}")
