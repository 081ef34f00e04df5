"""Messages in the browser: papers carried round by stairwell, and what did not leave goes on."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from palier.jobs.running import Run
from palier.messages.gateway import HttpGateway
from palier.messages.mail import SmtpServer
from palier.messages.models import Message, MessageState, Way
from palier.messages.sending import Ways, send_due
from palier.residents.actions import add_household, add_resident
from palier.residents.models import Channel, Resident
from palier.sites.models import Site
from palier.testing.post import Gateway, MailBox, gateway, mail_server
from palier.testing.windows import Served
from palier.text import Text

pytestmark = pytest.mark.browser
OUTBOX = "/ampere/desk/messages/message"


@pytest.fixture
def outside() -> Iterator[tuple[Gateway, MailBox]]:
    """A gateway and a mail server on this machine."""
    with ExitStack() as opened:
        yield opened.enter_context(gateway()), opened.enter_context(mail_server())


def tells(ampere: Served, name: str, **known: object) -> None:
    """Tell a new resident something, at a site that is live from now on."""
    with ampere.house.database.across_sites("test", write=True) as session:
        session.execute(update(Site).where(Site.slug == "ampere").values(kind="live"))
    with ampere.house.at("ampere", "test") as desk:
        home = add_household(desk, street="rue de Genève", number="3", stairwell=name[:1])
        who = add_resident(desk, home, given_name=name, family_name="Quetzal", sure=True, **known)  # type: ignore[arg-type]  # what is known of the person
        who.channel_2 = Channel.CALL if known.get("channel") is Channel.EMAIL else None
        desk.tell(who, Text("Your parcel is here."), kind="note", about=who)


def sends(ampere: Served, outside: tuple[Gateway, MailBox]) -> None:
    there, box = outside
    ways = Ways(HttpGateway(there.settings(), 0.5), SmtpServer(box.settings(), 2.0))
    send_due(Run(ampere.house, "ampere", "job messages.send"), ways)
    assert isinstance(ways.mail, SmtpServer)
    ways.mail.close()


def of(ampere: Served, name: str) -> list[tuple[Way, MessageState]]:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Message).join(Message.resident).where(Resident.given_name == name)
        return [(each.channel, each.state) for each in desk.all(query.order_by(Message.id))]


def test_papers_are_printed_by_stairwell_and_carried_round(ampere: Served, magda: Page) -> None:
    for name in ("Bert", "Anna"):
        tells(ampere, name, channel=Channel.LETTER)
    magda.goto("/ampere/desk/messages/paper_run")
    magda.get_by_role("link", name="Imprimer les papiers").click()
    with magda.expect_response(re.compile(r"/messages/papers\?made=")) as waiting:
        magda.get_by_role("button", name="Imprimer les papiers").click()

    assert waiting.value.headers["content-type"] == "application/pdf"
    magda.wait_for_url("**/messages/papers?made=*", wait_until="commit")
    assert of(ampere, "Anna") == [(Way.LETTER, MessageState.PRINTED)]
    magda.goto("/ampere/desk/messages/paper_run")
    magda.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(magda.get_by_role("region", name="Messages")).to_contain_text("Anna Quetzal")
    magda.get_by_role("link", name="Ils sont dans les boîtes aux lettres").click()
    magda.get_by_role("button", name="Ils sont dans les boîtes aux lettres").click()
    carried = magda.get_by_role("link", name="Ils sont dans les boîtes aux lettres")
    magda.wait_for_url(lambda url: not url.endswith("/post"))
    expect(carried).to_have_count(0)
    assert of(ampere, "Bert") == [(Way.LETTER, MessageState.POSTED)]


def test_a_message_that_a_gateway_never_takes_is_sent_again_or_called(
    ampere: Served, sonia: Page, outside: tuple[Gateway, MailBox]
) -> None:
    outside[0].says((500, b"broken"))
    tells(ampere, "Cara", channel=Channel.SMS, phone="06 12 34 56 78")
    for minutes in (0, 2, 6, 16, 61, 250):
        ampere.clock.forward(minutes=minutes)
        sends(ampere, outside)

    assert of(ampere, "Cara") == [
        (Way.SMS, MessageState.FAILED),
        (Way.CALL, MessageState.TO_CALL),
    ]
    sonia.goto(f"{OUTBOX}?q=&state=failed")
    expect(sonia.get_by_role("main")).to_contain_text("L’autre côté était en panne")
    sonia.get_by_role("row", name=re.compile("Cara")).get_by_role("link").first.click()
    expect(sonia.get_by_role("main")).to_contain_text("500")
    outside[0].says((200, b'{"id": "1"}'))
    sonia.get_by_role("link", name="Envoyer à nouveau").click()
    sonia.get_by_role("button", name="Envoyer à nouveau").click()
    expect(sonia.get_by_role("main")).to_contain_text("C’est fait : Envoyer à nouveau")
    sends(ampere, outside)
    assert of(ampere, "Cara")[0] == (Way.SMS, MessageState.SENT)


def test_a_gateway_that_never_answers_is_not_asked_twice_and_someone_calls(
    ampere: Served, magda: Page, outside: tuple[Gateway, MailBox]
) -> None:
    outside[0].says(None)
    tells(ampere, "Elsa", channel=Channel.SMS, phone="06 12 34 56 79")

    sends(ampere, outside)
    ampere.clock.forward(minutes=5)
    sends(ampere, outside)

    assert len(outside[0].taken) == 1
    assert of(ampere, "Elsa") == [
        (Way.SMS, MessageState.DOUBTFUL),
        (Way.CALL, MessageState.TO_CALL),
    ]
    magda.goto(f"{OUTBOX}?q=Elsa")
    main = magda.get_by_role("main")
    expect(main).to_contain_text("Pas de réponse à temps : peut-être parti")
    magda.goto("/ampere/desk/messages/call_list")
    magda.get_by_role("button", name=re.compile("Elsa Quetzal")).click()
    expect(magda.get_by_role("heading", level=1)).to_have_text("Elsa Quetzal")
    magda.wait_for_load_state()
    magda.keyboard.press("r")
    magda.wait_for_url("**/messages/call_list*")
    expect(main).not_to_contain_text("Elsa Quetzal")
    assert of(ampere, "Elsa")[1] == (Way.CALL, MessageState.REACHED)


def test_a_mail_that_comes_back_goes_the_next_way(
    ampere: Served, magda: Page, outside: tuple[Gateway, MailBox]
) -> None:
    tells(ampere, "Dora", channel=Channel.EMAIL, email="dora@exemple.fr", phone="0388609090")
    sends(ampere, outside)
    assert of(ampere, "Dora") == [(Way.EMAIL, MessageState.SENT)]

    magda.goto("/ampere/desk/residents/resident?q=Dora")
    magda.get_by_role("main").get_by_role("link", name="Dora").click()
    magda.goto(f"{magda.url.partition('?')[0]}/mail_came_back")
    magda.get_by_role("main").get_by_role("button").last.click()

    magda.goto("/ampere/desk/messages/call_list")
    magda.get_by_role("button", name=re.compile("Dora Quetzal")).click()
    expect(magda.get_by_role("main")).to_contain_text("l’adresse n’existe pas. Appelez à la place.")
    assert of(ampere, "Dora") == [
        (Way.EMAIL, MessageState.FAILED),
        (Way.CALL, MessageState.TO_CALL),
    ]
