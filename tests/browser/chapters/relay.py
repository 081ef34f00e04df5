"""The relay's chapter of the day: a driver's drop, hand-outs, a registered letter. Keys alone."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.desk.counter import Desk
from palier.messages.models import Message, Way
from palier.residents.models import Channel, Resident
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier_postal_relay import actions, receiving, rules
from palier_postal_relay.fleet import domestic, signed_for
from palier_postal_relay.models import Carrier, Parcel, Place, Stage, State

WAITS, LETTER = domestic(5550001), signed_for(5550001)
MANIFEST = [f"55500{n:03}" for n in range(8)]
WAYS = [Channel.SMS] * 4 + [Channel.EMAIL, Channel.CALL, Channel.LETTER]


def carrier(desk: Desk, word: str) -> Carrier:
    return desk.session.scalars(select(Carrier).where(Carrier.word == word)).one()


def called(desk: Desk, given: str, family: str) -> Resident:
    query = select(Resident).where(Resident.given_name == given, Resident.family_name == family)
    return desk.session.scalars(query).one()


def drivers_announce(ampere: Served) -> None:
    """Odile's parcel lies at B2; a driver announces eight, another a registered letter."""
    yesterday = ampere.clock.now - timedelta(hours=20)
    with ampere.house.at("ampere", "test", now=yesterday) as desk:
        drop = actions.open_drop(desk, carrier=carrier(desk, "laposte_colissimo_pickup_relay"))
        parcel = receiving.take_in(desk, drop, rules.Label(WAITS, True), may_registered=True)
        parcel.resident = called(desk, "Odile", "Kern")
        parcel.place = desk.session.scalars(select(Place).where(Place.code == "B2")).one()
        actions.close_drop(desk, drop)
        names = people_of_each_way(desk)
        listed = "\n".join(map(" ".join, zip(MANIFEST, [*names, "Nguyen", "Nobody"], strict=True)))
        actions.open_drop(desk, carrier=carrier(desk, "mondial_relay"), listed=listed)
        letter = f"{LETTER} Mehmet Yilmaz"
        actions.open_drop(desk, carrier=carrier(desk, "laposte_registered"), listed=letter)


def people_of_each_way(desk: Desk) -> list[str]:
    """Six people with names of their own, reached by text message, e-mail and telephone."""
    others = Resident.family_name.not_in(["Kern", "Nguyen", "Yilmaz"])
    found: dict[str, Resident] = {}
    twice = set()
    for each in desk.all(select(Resident).where(others).order_by(Resident.id)):
        twice |= {str(each)} & found.keys()
        found[str(each)] = each
    chosen = [each for name, each in found.items() if name not in twice][:6]
    for each, way in zip(chosen, WAYS, strict=False):
        each.channel, each.phone = way, "+33612345678"
        each.email = "habitant@example.org"
        each.channel_2 = each.channel_3 = each.contact_via = each.no_mail_since = None
    for each in desk.all(select(Resident).where(Resident.family_name == "Nguyen")):
        each.channel, each.channel_2, each.contact_via = Channel.LETTER, None, None
    return [str(each) for each in chosen]


def parcel(ampere: Served, number: str) -> Parcel:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Parcel).where(Parcel.number == number)
        (found,) = desk.all(query, Parcel.carrier, Parcel.place, Parcel.resident, Parcel.drop)
        return found


def steps(ampere: Served, number: str) -> list[State]:
    there = parcel(ampere, number)
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Stage.state).where(Stage.parcel == there).order_by(Stage.id)
        return list(desk.session.scalars(query))


def hands_odile_her_parcel(page: Page, hands: Hands, ampere: Served) -> None:
    hands.scan(WAITS)
    expect(page.get_by_role("heading", name=f"Remettre : {WAITS}")).to_be_visible()
    expect(page.get_by_text("B2")).to_be_visible()
    hands.press("1", "Enter")
    page.wait_for_url(lambda url: "hand_out" in url and "done=" in url)

    assert parcel(ampere, WAITS).state is State.COLLECTED


def takes_a_drop(page: Page, hands: Hands, ampere: Served) -> None:
    hands.scan(MANIFEST[0])
    expect(page.get_by_role("heading", name="Tournée de Mondial Relay")).to_be_visible()

    for n, each in enumerate(MANIFEST[:7], 1):
        hands.scan(each)
        expect(page.get_by_text(f"{n} scanné")).to_be_visible()
    expect(page.get_by_role("heading", name="Qui est « Nguyen » ?")).to_be_visible()
    hands.press("2", "Enter")
    expect(page.get_by_role("heading", name="Qui est « Nguyen » ?")).to_be_hidden()
    hands.press("Tab", "c")
    expect(page.get_by_text("1 envoi annoncé manque.")).to_be_visible()
    hands.press("r")
    expect(page.get_by_role("heading", name="Reçu de tournée")).to_be_visible()

    came = [parcel(ampere, each) for each in MANIFEST[:7]]
    assert {each.state for each in came} == {State.NOTIFIED}
    assert parcel(ampere, MANIFEST[7]).state is State.EXPECTED
    assert {each.last_day for each in came} == {date(2026, 10, 11)}  # a Sunday
    assert {each.until for each in came} == {date(2026, 10, 10)}
    ways = ways_told(ampere, came)
    assert [ways.count(each) for each in (Way.SMS, Way.EMAIL, Way.CALL, Way.LETTER)] == [4, 1, 1, 1]


def ways_told(ampere: Served, items: list[Parcel]) -> list[Way]:
    ids = [each.id for each in items]
    with ampere.house.at("ampere", "test", write=False) as desk:
        about = Message.about_type == "postal_relay_parcel", Message.about_id.in_(ids)
        return list(desk.session.scalars(select(Message.channel).where(*about)))


def locks_a_letter_away(page: Page, hands: Hands, ampere: Served) -> None:
    hands.scan(LETTER)
    expect(page.get_by_role("heading", name="Tournée de La Poste")).to_be_visible()
    hands.scan(LETTER)
    expect(page.get_by_text("1 scanné")).to_be_visible()
    hands.scan("T1")
    expect(page.get_by_text("Place : T1")).to_be_visible()
    hands.press("Tab", "c")
    expect(page.get_by_text("Tout ce qui était annoncé est là.")).to_be_visible()

    letter = parcel(ampere, LETTER)
    assert letter.place is not None
    assert (letter.state, letter.place.locked) == (State.NOTIFIED, True)


def hands_the_letter_out(page: Page, hands: Hands, ampere: Served) -> None:
    hands.scan(f"POSTAL_RELAY_PARCEL-{parcel(ampere, LETTER).id}")
    expect(page.get_by_role("heading", name=f"Vérifier les papiers : {LETTER}")).to_be_visible()
    hands.press("1", "2", "Enter")
    expect(page.get_by_text("J’ai reçu cet envoi.")).to_be_visible()
    expect(page.get_by_text("Bu gönderiyi teslim aldım.")).to_be_visible()
    hands.press("Enter")  # back to the card
    expect(page.get_by_role("heading", name="Mehmet Yilmaz")).to_be_visible()
    hands.scan(f"POSTAL_RELAY_PARCEL-{parcel(ampere, LETTER).id}")
    expect(page.get_by_role("heading", name=f"Signé : remettre : {LETTER}")).to_be_visible()
    hands.press("Enter")
    page.wait_for_url(lambda url: "done=" in url)

    letter = parcel(ampere, LETTER)
    assert letter.state is State.COLLECTED
    assert letter.seen is not None
    assert set(letter.seen) == {"document", "notice"}
    assert steps(ampere, LETTER)[-2:] == [State.NOTIFIED, State.COLLECTED]
