"""Chapter L of the day: four are to be called, one of them about a parcel; Odile is reached."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.messages.models import Message, MessageState, Reply
from palier.residents.models import Resident
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier.text import Text
from palier.trail import ActRow

from .going import settled


def two_more_are_to_be_called(ampere: Served) -> None:
    with ampere.house.at("ampere", "test") as desk:
        for each in ("Aïcha", "Mehmet"):
            query = select(Resident).where(Resident.given_name == each).order_by(Resident.id)
            person = desk.session.scalars(query.limit(1)).one()
            desk.tell(person, Text("Une place est libre."), kind="seat", asks=True)


def rings_odile(page: Page, hands: Hands, ampere: Served) -> None:
    two_more_are_to_be_called(ampere)
    hands.press("a")
    page.wait_for_url("**/messages/call_list")
    count = page.get_by_role("region", name="À appeler").locator(".count")
    expect(count).to_have_text("4")
    settled(page)
    hands.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    settled(page)
    hands.press("y")
    page.wait_for_url("**/messages/call_list*")
    expect(count).to_have_text("3")
    with ampere.house.at("ampere", "test", write=False) as desk:
        reached = select(Message).where(Message.state == MessageState.REACHED)
        told = {(str(each.resident), each.reply) for each in desk.session.scalars(reached)}
        assert ("Odile Kern", Reply.YES) in told
        assert {name for name, _reply in told} == {"Odile Kern"}
        row = desk.session.scalars(select(ActRow).where(ActRow.name == "messages.reached")).one()
        assert row.who == "MK"
