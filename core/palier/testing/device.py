"""What tests of a device of the day begin with: two colleagues with codes, a browser that is open."""

from datetime import date
from typing import Any

from sqlalchemy import select

from palier.accounts.codes import keep_code
from palier.accounts.models import Account, Staff, StaffRole, StaffSkill
from palier.testing.caretaker import PASSWORD, Browser, hidden_of
from palier.testing.plugin import At

DESK = "/ampere/desk"
OPEN = f"{DESK}/accounts/do/open_device"
MINE = f"{DESK}/accounts/do/set_my_code"
SIGN_IN = {"login": "magda", "password": PASSWORD}
MAGDAS, ILYES = "4711", "9052"


def add_colleague(at: At) -> None:
    """Add Ilyes, a caretaker of Ampère who knows the brake test; he and Magda have codes."""
    with at() as desk:
        ilyes = Account(login="ilyes", name="Ilyes B.", password_hash="!", locale="en")
        desk.session.add(ilyes)
        desk.session.flush()
        him = desk.add(
            Staff(
                account_id=ilyes.id,
                name="Ilyes B.",
                role=StaffRole.CARETAKER,
                valid_from=date(2026, 1, 1),
                person_code="IB",
            )
        )
        desk.session.add(StaffSkill(staff_id=him.id, skill="brake_test"))
        keep_code(desk, him, ILYES)
        magda = desk.session.scalars(select(Staff).where(Staff.account_id == 1)).one()
        keep_code(desk, magda, MAGDAS)


def open_for_the_day(browser: Browser) -> Browser:
    """Let Magda open her browser, which speaks English, at Ampère."""
    browser.client.headers["accept-language"] = "en"
    browser.sends(OPEN, name="Comptoir")
    return browser


def types(browser: Browser, code: str, **more: str) -> Any:
    """Type a code on the page that asks for it, and return the answer."""
    page = browser.client.get("/desk-code", params=more).text
    return browser.client.post("/desk-code", data={**hidden_of(page), "code": code})


def locks(browser: Browser) -> Any:
    """Press *Lock* in the bar, and return the answer."""
    csrf = me(browser)["csrf"]
    return browser.client.post("/lock", data={"csrf": csrf, "next": f"{DESK}?all=1"})


def me(browser: Browser) -> Any:
    """Return who acts there now."""
    return browser.asks("/api/v1/ampere/me")
