"""People who sign in: add, password, list."""

import click

from palier.cli.telling import command_errors, json_option, opened, tell

ROLES = ["trainee", "caretaker", "manager"]


@click.group()
def user() -> None:
    """People who sign in, and what they may do where."""


@user.command()
@click.argument("login")
@click.option("--name", default="", help="What colleagues call them.")
@click.option("--site", default="", help="Where they work.")
@click.option("--role", default="caretaker", show_default=True, type=click.Choice(ROLES))
@click.option("--code", default="", help="Two letters for receipts; from the name by default.")
@click.option("--skill", "skills", multiple=True, help="What they have learnt: brake_test, …")
@click.option("--admin", is_flag=True, help="Runs the installation.")
@click.password_option(help="At least 10 signs; asked for when left out.")
@command_errors
def add(
    login: str,
    name: str,
    site: str,
    role: str,
    code: str,
    skills: tuple[str, ...],
    admin: bool,
    password: str,
) -> None:
    """Add a person, or give one who signs in already a role at one more site."""
    from palier.accounts.people import add_person

    with opened() as house:
        told = add_person(
            house.database, login, name or login, password, house.clock(),
            site=site, role=role, code=code, admin=admin, skills=skills,
        )  # fmt: skip
    click.echo(told)


@user.command()
@click.argument("login")
@click.password_option()
@command_errors
def password(login: str, password: str) -> None:
    """Set a new password; every open session of that person ends."""
    from palier.accounts.people import set_password

    with opened() as house:
        ended = set_password(house.database, login, password)
    click.echo(f"The password of {login} is changed; {ended} open sessions ended.")


@user.command()
@click.argument("login")
@click.option("--site", default="", help="Where; needed by who works at several sites.")
@click.option("--clear", is_flag=True, help="Take the code away instead.")
@click.option("--code", default="", help="Four digits; asked for when left out.")
@command_errors
def code(login: str, site: str, clear: bool, code: str) -> None:
    """Set or take away the four digits by which a device of the day knows a person."""
    from palier.accounts.people import change_code, site_of

    if not clear and not code:
        code = click.prompt("Four digits", hide_input=True, confirmation_prompt=True)
    with opened() as house:
        slug = site or site_of(house.database, login)
        with house.at(slug, "palier user code") as desk:
            change_code(desk, login, "" if clear else code)
    done = "has no desk code any more" if clear else "has a desk code"
    click.echo(f"{login} {done} at {slug}.")


@user.command("list")
@json_option
@command_errors
def list_users(as_json: bool) -> None:
    """List everyone, with role and site."""
    from palier.accounts.people import everyone

    with opened() as house:
        tell(everyone(house.database), as_json=as_json, empty="Nobody yet: palier user add LOGIN")
