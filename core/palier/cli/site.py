"""Neighbourhoods: new, list, show."""

from pathlib import Path

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
@plan_option
@command_errors
def new(slug: str, plan: bool, vat: str | None, **more: str) -> None:
    """Open a neighbourhood, with the usual hours; `--plan` only says what would be made."""
    from palier.sites.opening import NewSite, open_site, planned

    told = {**more, "vat": vat or "", "name": more["name"] or slug.capitalize()}
    wanted = NewSite(slug=slug, **told)
    with opened() as house:
        if plan:
            for line in planned(house.database, wanted):
                click.echo(line)
            return
        open_site(house.database, wanted, house.clock())
    click.echo(f"{wanted.name} is open at /{slug}/desk. Next: palier user add LOGIN --site {slug}")


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
