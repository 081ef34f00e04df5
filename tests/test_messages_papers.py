"""Papers for the letterboxes: in the order of the walk, in two languages, each step an act."""

import io
import re
from collections.abc import Sequence

import pytest
from pypdf import PageObject, PdfReader
from sqlalchemy import select

from palier.messages.actions import post, print_again, print_papers, take_off
from palier.messages.models import Message, PaperRun
from palier.messages.models import MessageState as S
from palier.messages.papers import papers_pdf
from palier.messages.rules import NothingToPrint
from palier.residents.languages import Language
from palier.residents.models import Address, Household, Resident
from palier.testing.plugin import At
from palier.text import Text
from palier.web.render import Renderer

FONTS = Renderer([]).fonts("plain")
NAME = re.compile(r"N\d+[AB]")
DOORS = (("10", "B", "2"), ("9", "A", None), ("9", "B", "1"), ("10", "A", None))


@pytest.fixture
def waiting(at: At) -> None:
    """Four papers wait, for people who were written down in no order."""
    with at() as desk:
        for place, (number, stairwell, floor) in enumerate(DOORS):
            address = Address(
                street="rue de Genève", number=number, stairwell=stairwell, floor=floor
            )
            who = Resident(
                household=Household(code=f"F-{place}", address=address),
                given_name=f"N{number}{stairwell}",
                family_name="Kern",
                card_code=f"H-{place}",
                language=Language.TURKISH if place == 0 else Language.FRENCH,
            )
            who.large_type = place == 1
            desk.tell(desk.add(who), Text("Receipt"), kind="note")


def states(at: At) -> Sequence[S]:
    with at(write=False) as desk:
        return desk.session.scalars(select(Message.state).order_by(Message.id)).all()


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.usefixtures("waiting")
def test_a_run_goes_from_printed_to_posted_each_step_an_act(at: At) -> None:
    with at() as desk:
        run = print_papers(desk)
        print_again(desk, run)
        made = {each.state for each in desk.session.scalars(select(Message))}
        post(desk, run)

    assert made == {S.PRINTED}
    assert set(states(at)) == {S.POSTED}
    with at(write=False) as desk:
        run = desk.session.scalars(select(PaperRun)).one()
        assert (run.papers, run.copies, run.person_code) == (4, 2, "MK")


def test_nothing_to_print_says_so(at: At) -> None:
    with at() as desk, pytest.raises(NothingToPrint):
        print_papers(desk)


@pytest.mark.usefixtures("waiting")
def test_papers_come_in_the_order_of_the_walk(at: At) -> None:
    with at() as desk:
        pages = text_of(papers_pdf(desk, print_papers(desk), FONTS, four_on_a_sheet=False))

    names = [next(n for n in ("N9A", "N9B", "N10A", "N10B") if n in page) for page in pages]
    assert names == ["N9A", "N9B", "N10A", "N10B"]


@pytest.mark.usefixtures("waiting")
def test_four_lie_on_one_sheet_and_one_of_them_speaks_turkish(at: At) -> None:
    with at() as desk:
        pages = text_of(papers_pdf(desk, print_papers(desk), FONTS))

    assert len(pages) == 1
    assert "Reçu" in pages[0]
    assert "Makbuz" in pages[0] or "Fiş" in pages[0]


@pytest.mark.usefixtures("waiting")
def test_a_paper_is_an_a6_alone_or_a_quarter_of_an_a4(at: At) -> None:
    with at() as desk:
        run = print_papers(desk)
        alone = PdfReader(io.BytesIO(papers_pdf(desk, run, FONTS, four_on_a_sheet=False)))
        sheet = PdfReader(io.BytesIO(papers_pdf(desk, run, FONTS)))

    assert [millimetres(each) for each in alone.pages] == [(105, 148)] * 4
    assert [millimetres(each) for each in sheet.pages] == [(210, 297)]
    assert quarters(sheet.pages[0]) == {
        "N9A": (0, 1),
        "N9B": (1, 1),
        "N10A": (0, 0),
        "N10B": (1, 0),
    }


def millimetres(page: PageObject) -> tuple[int, int]:
    width, height = (round(float(each) * 25.4 / 72) for each in page.mediabox[2:])
    return width, height


def quarters(page: PageObject) -> dict[str, tuple[int, int]]:
    """Return in which quarter of the sheet each name stands: from the left, from below."""
    found: dict[str, tuple[int, int]] = {}

    def look(text: str, matrix: Sequence[float], at: Sequence[float], *_font: object) -> None:
        x = at[4] * matrix[0] + at[5] * matrix[2] + matrix[4]
        y = at[4] * matrix[1] + at[5] * matrix[3] + matrix[5]
        for name in NAME.findall(text):
            middle = page.mediabox.width / 2, page.mediabox.height / 2
            found[name] = int(x > middle[0]), int(y > middle[1])

    page.extract_text(visitor_text=look)
    return found


@pytest.mark.usefixtures("waiting")
def test_what_is_no_longer_needed_is_not_printed_again(at: At) -> None:
    with at() as desk:
        run = print_papers(desk)
        take_off(desk, desk.session.get_one(Message, 1))
        desk.session.flush()
        pages = text_of(papers_pdf(desk, run, FONTS, four_on_a_sheet=False))
        post(desk, run)

    assert len(pages) == 3
    assert states(at)[0] is S.WITHDRAWN
