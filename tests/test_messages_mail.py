"""E-mail to a real server on this machine: sign-in, STARTTLS, refusals, the same Message-ID."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from palier.messages.mail import SmtpServer, WrongMailServer, check_server, smtp
from palier.messages.models import Trouble
from palier.messages.ways import Fate, Mail, Outcome
from palier.settings import MailServer
from palier.testing.post import PATIENCE, MailBox, mail_server


def mail(to: str = "odile@exemple.fr", **more: str) -> Mail:
    known = {
        "name": "Odile Kern",
        "subject": "Un message de la conciergerie Ampère",
        "body": "Votre vélo V07 est prêt.\n",
        "lang": "fr",
        "sender_name": "Ampère",
        "reply_to": "",
        "reference": "palier.1.7.abc",
    }
    return Mail(to, **{**known, **more})


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_server() as made:
        yield made


def sent(to: MailServer, *mails: Mail) -> list[Outcome]:
    with smtp(to, PATIENCE) as way:
        return [way.send(each) for each in mails]


def test_a_mail_arrives_plain_with_its_language_and_its_own_name(box: MailBox) -> None:
    outcomes = sent(box.settings(), mail(reply_to="accueil@ampere.example"))

    (taken,) = box.taken
    assert outcomes == [Outcome(Fate.SENT)]
    assert taken["subject"] == "Un message de la conciergerie Ampère"
    assert taken["from"] == "Ampère <bonjour@conciergerie.example>"
    assert taken["to"] == "Odile Kern <odile@exemple.fr>"
    assert taken["reply-to"] == "accueil@ampere.example"
    assert taken["message-id"] == "<palier.1.7.abc@conciergerie.example>"
    assert taken["content-language"] == "fr"
    assert taken["auto-submitted"] == "auto-generated"
    assert taken.get_content_type() == "text/plain"
    assert taken.get_content().strip() == "Votre vélo V07 est prêt."


def test_a_mail_that_goes_again_has_the_same_name(box: MailBox) -> None:
    sent(box.settings(), mail())
    sent(box.settings(), mail())

    assert len({each["message-id"] for each in box.taken}) == 1


def test_several_go_by_one_connection(box: MailBox) -> None:
    outcomes = sent(box.settings(), mail(), mail("b@c.fr"), mail("d@e.fr"))

    assert [each.fate for each in outcomes] == [Fate.SENT] * 3


def test_it_signs_in_behind_starttls(tmp_path: Path) -> None:
    with mail_server(tmp_path) as box:
        good = sent(box.settings(login="ampere", password="geheim"), mail())
        wrong = sent(box.settings(login="ampere", password="falsch"), mail())
        unknown = sent(box.settings(login="ampere", password="geheim", ca_file=""), mail())

    assert good == [Outcome(Fate.SENT)]
    assert wrong == [Outcome(Fate.AGAIN, Trouble.NOT_LET_IN, 535, down=True)]
    assert unknown == [Outcome(Fate.AGAIN, Trouble.CLOSED, down=True)]  # whose certificate is it?
    assert set(box.signed_in) == {"ampere"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 No such user", Outcome(Fate.NEVER, Trouble.REFUSED, 550)),
        ("450 Mailbox busy", Outcome(Fate.AGAIN, Trouble.BUSY, 450)),
    ],
)
def test_a_refused_address_is_refused_for_ever_or_for_now(
    box: MailBox, answer: str, outcome: Outcome
) -> None:
    box.refuses["odile@exemple.fr"] = answer

    outcomes = sent(box.settings(), mail(), mail("other@exemple.fr"))

    assert outcomes == [outcome, Outcome(Fate.SENT)]  # the next one goes by the same connection


@pytest.mark.parametrize(
    ("answer", "fate"), [("554 Not here", Fate.NEVER), ("451 Later", Fate.AGAIN)]
)
def test_a_refused_message_says_nothing_of_the_address(
    box: MailBox, answer: str, fate: Fate
) -> None:
    box.refuses_all = answer

    (outcome,) = sent(box.settings(), mail())

    assert (outcome.fate, outcome.trouble is Trouble.REFUSED) == (fate, False)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = MailServer("127.0.0.1", taken.getsockname()[1], "none", "a@b.example")

        assert sent(server, mail()) == [Outcome(Fate.AGAIN, Trouble.CLOSED, down=True)]


def test_a_server_that_never_speaks_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1], "none", "a@b.example")

        outcome = SmtpServer(server, 0.3).send(mail())

    assert outcome == Outcome(Fate.AGAIN, Trouble.CLOSED, down=True)


@pytest.mark.parametrize(
    ("address", "fate"),
    [
        ("odile@château.fr", Fate.SENT),
        ("élodie@exemple.fr", Fate.SENT),  # this server takes such names
        ("o@" + "a" * 80 + ".fr", Fate.NEVER),
    ],
)
def test_addresses_in_other_letters_go_where_the_server_takes_them(
    box: MailBox, address: str, fate: Fate
) -> None:
    (outcome,) = sent(box.settings(), mail(address))

    assert outcome.fate is fate


def test_a_name_never_makes_a_second_header(box: MailBox) -> None:
    sent(box.settings(), mail(name="Odile\nBcc: all@exemple.fr", subject="x\nBcc: y@z.fr"))

    assert [each["bcc"] for each in box.taken] == [None]


def test_a_message_of_many_letters_arrives_whole(box: MailBox) -> None:
    words = "Le vélo est prêt, " * 120

    sent(box.settings(), mail(body=words))

    assert box.taken[0].get_content().replace("\n", "").strip() == words.strip()


@pytest.mark.parametrize(
    ("security", "sender", "named"),
    [("ssl", "a@b.fr", "PALIER_SMTP_SECURITY"), ("tls", "", "PALIER_SMTP_FROM")],
)
def test_settings_that_could_never_send_are_named(security: str, sender: str, named: str) -> None:
    with pytest.raises(WrongMailServer, match=named):
        check_server(MailServer("mail.example", 587, security, sender))
