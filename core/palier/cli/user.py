"""People who sign in: add, password, role, skill, end, list."""

from datetime import datetime

import click

from palier.cli.telling import command_errors, json_option, opened, tell

from_option = click.option(
    "--from", "day", type=click.DateTime(["%Y-%m-%d"]), help="From which day on; today by default."
)
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
    from palier.accounts.models import StaffRole
    from palier.accounts.people import add_account, begin_work, newcomer

    with opened() as house:
        who = newcomer(login, name or login, password, admin=admin)
        if site:
            with house.at(site, "palier user add") as desk:
                begin_work(desk, who, StaffRole[role.upper()], code=code, skills=skills)
        else:
            with house.database.write() as session:
                add_account(session, who)
    done = f"is {role} at {site}" if site else "can sign in"
    click.echo(f"{who.login} {done}.")


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
        slug = site or site_of(house.database, login, house.clock())
        with house.at(slug, "palier user code") as desk:
            change_code(desk, login, "" if clear else code)
    done = "has no desk code any more" if clear else "has a desk code"
    click.echo(f"{login} {done} at {slug}.")


@user.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--site", default="", help="Where; needed by who works at several sites.")
@from_option
@command_errors
def role(login: str, role: str, site: str, day: datetime | None) -> None:
    """Give a person another role at a site; from today on unless another day is said."""
    from palier.accounts.actions import change_role
    from palier.accounts.models import StaffRole
    from palier.accounts.people import does, site_of

    with opened() as house:
        slug = site or site_of(house.database, login, house.clock())
        with house.at(slug, "palier user role") as desk:
            from_day = day.date() if day else desk.today
            does(desk, change_role, login, role=StaffRole[role.upper()], from_day=from_day)
    click.echo(f"{login} is {role} at {slug} from {from_day}.")


@user.command()
@click.argument("login")
@click.argument("name")
@click.option("--site", default="", help="Where; needed by who works at several sites.")
@click.option("--take-back", is_flag=True, help="They may no longer sign for it.")
@command_errors
def skill(login: str, name: str, site: str, take_back: bool) -> None:
    """Note what a person has learnt, for instance brake_test, or take it back."""
    from palier.accounts.actions import note_skill, take_skill_back
    from palier.accounts.people import does, site_of

    with opened() as house:
        slug = site or site_of(house.database, login, house.clock())
        with house.at(slug, "palier user skill") as desk:
            does(desk, take_skill_back if take_back else note_skill, login, skill=name)
    done = "no longer has" if take_back else "has"
    click.echo(f"{login} {done} the skill {name} at {slug}.")


@user.command()
@click.argument("login")
@click.option("--site", default="", help="Only there; everywhere, and for good, when left out.")
@from_option
@command_errors
def end(login: str, site: str, day: datetime | None) -> None:
    """End a person's work: what they have open ends at once, and so does their desk code."""
    from palier.accounts.actions import end_work
    from palier.accounts.people import disable, does, workplaces_of

    if day and not site:
        raise click.UsageError("A day to come needs --site.")
    with opened() as house:
        works = workplaces_of(house.database, login, house.clock())
        for slug in [site] if site else works:
            with house.at(slug, "palier user end") as desk:
                does(desk, end_work, login, from_day=day.date() if day else desk.today)
        if not site:
            disable(house.database, login, house.clock())
    where = f"at {site}" if site else "anywhere, and can't sign in"
    click.echo(f"{login} no longer works {where}{f' from {day.date()}' if day else ''}.")


@user.command("list")
@json_option
@command_errors
def list_users(as_json: bool) -> None:
    """List everyone, with role and site."""
    from palier.accounts.people import everyone

    with opened() as house:
        tell(everyone(house.database), as_json=as_json, empty="Nobody yet: palier user add LOGIN")
