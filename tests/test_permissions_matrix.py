"""Who may do what: the printed matrix, and what a site may change in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from palier.accounts.models import PermissionOverride, Staff, StaffRole
from palier.context import Actor, Role
from palier.plugins import Manifest, discover
from palier.sites.models import Site
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At

MATRIX = Path(__file__).with_name("permissions.txt")
ROLES = (Role.TRAINEE, Role.CARETAKER, Role.MANAGER)


def needed(manifest: Manifest) -> Iterator[tuple[str, Role]]:
    """Every permission of a package, with the least role."""
    for screen in manifest.screens:
        yield screen.permission, screen.least
        if screen.form:
            yield screen.form_permission, screen.form_least
    acts = [act for screen in manifest.screens for act in screen.acts]
    acts += [*manifest.acts, *manifest.pages]
    acts += [act for extend in manifest.extends for act in extend.acts]
    yield from ((each.permission, each.least) for each in acts)


def printed() -> str:
    """The matrix as it is declared today; to accept it, write this into permissions.txt."""
    lines = [f"{'permission':44}" + "".join(f"{role.name.lower():>11}" for role in ROLES)]
    for plugin in discover().working():
        for permission, least in sorted(set(needed(plugin.manifest))):
            who = (Actor("", role=role).may(permission, least) for role in ROLES)
            marks = "".join(f"{'yes' if may else '–':>11}" for may in who)
            lines.append(f"{permission:44}{marks}")
    return "\n".join(lines) + "\n"


def test_the_matrix_is_the_one_that_was_agreed() -> None:
    assert printed() == MATRIX.read_text("utf-8")


def test_no_permission_is_declared_with_two_roles() -> None:
    pairs = {pair for each in discover().working() for pair in needed(each.manifest)}

    assert len({name for name, _least in pairs}) == len(pairs)


def become(at: At, role: StaffRole) -> None:
    with at() as desk:
        desk.session.execute(update(Staff).where(Staff.account_id == 1).values(role=role))


def overridden(at: At, role: str, permission: str, *, allowed: bool) -> None:
    with at() as desk:
        row = PermissionOverride(role=role, permission=permission, allowed=allowed)
        desk.session.add(row)
        desk.session.execute(update(Site).where(Site.id == 1).values(revision=Site.revision + 1))


ADD = "/ampere/desk/residents/household/add_household"


def test_a_trainee_reads_but_may_not_act(browser: Browser, at: At) -> None:
    become(at, StaffRole.TRAINEE)

    browser.client.headers["accept-language"] = "en"
    page = browser.opens("/ampere/desk/residents/household")
    refusal = browser.opens(ADD, status=403)

    assert "add_household" not in page
    assert "You may not do this here." in words_of(refusal)
    browser.posts("/api/v1/ampere/residents/household/add_household", {}, status=403)


def test_a_caretaker_may_not_open_what_is_a_managers(browser: Browser, at: At) -> None:
    become(at, StaffRole.CARETAKER)

    browser.opens("/ampere/desk/accounts/staff", status=403)
    browser.opens("/ampere/desk/sites/services", status=403)
    browser.opens("/ampere/desk/accounts/staff/export.csv", status=403)
    browser.asks("/api/v1/ampere/accounts/staff", status=403)


def test_a_site_may_give_a_role_more(browser: Browser, at: At) -> None:
    become(at, StaffRole.TRAINEE)
    overridden(at, "trainee", "residents.add_household", allowed=True)

    assert browser.opens(ADD)


def test_a_site_may_take_from_a_role_and_only_there(browser: Browser, at: At) -> None:
    overridden(at, "manager", "residents.add_household", allowed=False)

    browser.opens(ADD, status=403)
    assert browser.opens(ADD.replace("ampere", "cathedrale"))


def test_without_a_role_at_the_site_nothing_opens(browser: Browser, at: At) -> None:
    with at(2) as desk:
        staff = desk.session.get_one(Staff, 2)
        staff.valid_to = staff.valid_from

    browser.opens("/cathedrale/desk", status=403)
    assert browser.opens("/ampere/desk")


@pytest.mark.parametrize("role", ROLES)
def test_an_override_speaks_for_one_role_only(role: Role) -> None:
    overrides = {(int(Role.CARETAKER), "x.do"): False}

    may = Actor("", role=role, overrides=overrides).may("x.do", Role.TRAINEE)

    assert may == (role is not Role.CARETAKER)
