"""Text messages over HTTP: every answer a gateway can give, before a real one on this machine."""

import socket
from collections.abc import Iterator

import pytest

from palier.messages.gateway import HttpGateway, WrongGateway, check_gateway
from palier.messages.models import Trouble
from palier.messages.ways import Fate, Outcome, Sms
from palier.settings import SmsGateway
from palier.testing.post import PATIENCE, Gateway, gateway
from palier.text import Reader, read_by

SMS = Sms("+33612345678", "Ampère : votre vélo {token} est prêt.", "palier.1.7.abc")


@pytest.fixture
def there() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


def sent(to: SmsGateway, patience: float = PATIENCE) -> Outcome:
    return HttpGateway(to, patience).send(SMS)


def test_a_message_arrives_whole_with_the_gateways_number(there: Gateway) -> None:
    outcome = sent(there.settings(token="geheim", sender="Ampère"))

    assert outcome == Outcome(Fate.SENT, reference="abc-1")
    assert there.taken == [
        {"to": SMS.to, "text": SMS.text, "sender": "Ampère", "reference": "palier.1.7.abc"}
    ]
    assert there.headers[0]["authorization"] == "Bearer geheim"


def test_any_shape_and_header_can_be_described(there: Gateway) -> None:
    body = '{"messages": [{"dest": "tel:{to}", "body": "{text}"}], "key": "{token}", "n": 1}'
    there.says((202, b'{"out": [{"ref": 7}]}'))

    outcome = sent(
        there.settings(body=body, header="X-Key: {token}", token="geheim", answer="out.0.ref")
    )

    assert outcome.reference == "7"
    assert there.taken[0]["messages"] == [{"dest": f"tel:{SMS.to}", "body": SMS.text}]
    assert there.headers[0]["x-key"] == "geheim"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((400, b"no"), Outcome(Fate.NEVER, Trouble.REFUSED, 400)),
        ((404, b""), Outcome(Fate.NEVER, Trouble.REFUSED, 404)),
        ((401, b""), Outcome(Fate.AGAIN, Trouble.NOT_LET_IN, 401, down=True)),
        ((429, b""), Outcome(Fate.AGAIN, Trouble.BUSY, 429, down=True)),
        ((500, b"oops"), Outcome(Fate.AGAIN, Trouble.FAULT, 500, down=True)),
        ((503, b""), Outcome(Fate.AGAIN, Trouble.BUSY, 503, down=True)),
        ((502, b""), Outcome(Fate.UNSURE, Trouble.FAULT, 502, down=True)),
        ((504, b""), Outcome(Fate.UNSURE, Trouble.FAULT, 504, down=True)),
        ((200, b"<html>"), Outcome(Fate.UNSURE, Trouble.UNREADABLE, 200)),
        ((200, b'{"other": 1}'), Outcome(Fate.UNSURE, Trouble.UNREADABLE, 200)),
        ((200, b"[]"), Outcome(Fate.UNSURE, Trouble.UNREADABLE, 200)),
        ((200, b"\xff\xfe"), Outcome(Fate.UNSURE, Trouble.UNREADABLE, 200)),
        ((302, b""), Outcome(Fate.NEVER, Trouble.REFUSED, 302)),
    ],
)
def test_each_answer_is_judged_by_what_surely_did_not_leave(
    there: Gateway, answer: tuple[int, bytes], outcome: Outcome
) -> None:
    there.says(answer)

    assert sent(there.settings()) == outcome


def test_a_good_answer_is_enough_where_no_number_is_asked_for(there: Gateway) -> None:
    there.says((204, b""))

    assert sent(there.settings(answer="")) == Outcome(Fate.SENT)


def test_a_gateway_that_never_answers_perhaps_sent_it(there: Gateway) -> None:
    there.says(None)

    outcome = sent(there.settings(), there.patience)

    assert outcome == Outcome(Fate.UNSURE, Trouble.SILENT, down=True)
    assert len(there.taken) == 1


def test_a_gateway_that_is_not_there_surely_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"

        outcome = sent(SmsGateway(address, "{}", ""))

    assert outcome == Outcome(Fate.AGAIN, Trouble.CLOSED, down=True)


def test_a_gateway_that_hangs_up_perhaps_sent_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.settimeout(5)

        outcome = sent_and_dropped(server, SmsGateway(address, "{}", ""))

    assert outcome == Outcome(Fate.UNSURE, Trouble.UNREADABLE, down=True)


def sent_and_dropped(server: socket.socket, to: SmsGateway) -> Outcome:
    from threading import Thread

    def drop() -> None:
        connection, _address = server.accept()
        connection.recv(65_536)
        connection.close()

    thread = Thread(target=drop)
    thread.start()
    outcome = sent(to)
    thread.join()
    return outcome


def test_an_endless_answer_is_cut(there: Gateway) -> None:
    there.says((200, b'"' + b"a" * 1_000_000))

    assert sent(there.settings()).fate is Fate.UNSURE


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"url": "ftp://gateway.example/"}, "PALIER_SMS_URL"),
        ({"url": "file:///etc/passwd"}, "PALIER_SMS_URL"),
        ({"url": "gateway"}, "PALIER_SMS_URL"),
        ({"body": "{to}"}, "PALIER_SMS_BODY"),
    ],
)
def test_settings_that_could_never_send_are_named(wrong: dict[str, str], named: str) -> None:
    given = {"url": "https://gateway.example/", "body": "{}", "header": "", **wrong}

    with read_by(Reader("en")), pytest.raises(WrongGateway, match=named):
        check_gateway(SmsGateway(**given))


def test_the_words_of_an_outcome_carry_the_answers_number() -> None:
    with read_by(Reader("fr")):
        said = str(Outcome(Fate.AGAIN, Trouble.FAULT, 500).words)

    assert said == "L’autre côté était en panne (500)."


def test_a_token_is_never_in_what_is_printed(there: Gateway) -> None:
    assert "geheim" not in repr(there.settings(token="geheim"))
