"""What a template is given: plain, frozen values, read before the page is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from palier.text import Text

Words = Text | str


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    text: Words
    href: str
    detail: Words = ""
    lang: str = ""  # of the words and the page, where it is another language
    current: bool = False


@dataclass(frozen=True)
class Note:
    """What happened (`text`), then what to do (`detail`), with at most one act."""

    kind: str  # info · ok · wait · stop
    text: Words
    detail: Words | None = None
    act: Link | None = None


@dataclass(frozen=True)
class MenuItem:
    """One hook of the key rack."""

    label: Words
    icon: str
    href: str
    current: bool = False
    docked: bool = False
    service: bool = False


@dataclass(frozen=True)
class Shell:
    """What stands around every page of the back office.

    `scheme` (light · dark), `contrast` (more · normal), `size` (large) and `keys` (off) are a
    person's choices; "" follows the machine. `display_href` takes them as a posted form. `device`:
    a device of the day, where a code says who acts; it locks after so many minutes, 0 is never.
    """

    site_name: str
    site_slug: str
    theme: str
    locale: str
    direction: str  # ltr · rtl
    menu: tuple[MenuItem, ...]
    me: str
    csrf: str
    path: str
    tabs: tuple[MenuItem, ...] = ()
    languages: tuple[Link, ...] = ()
    training: bool = False
    scheme: str = ""
    contrast: str = ""
    size: str = ""
    keys: str = ""
    display_href: str = "/display"
    device: bool = False
    locks_after: int = 0
    open_device_href: str = ""
    my_code_href: str = ""
    live_href: str = ""
    live_at: int = 0
    zone: str = "UTC"
    till_open: bool | None = None
    till_href: str = ""
    scanner_href: str = ""
    public_href: str = ""  # what anyone may read of the site; "" where one trains


@dataclass(frozen=True)
class Cell:
    """One shown value. `kind`: text · number · money · date · code · state."""

    text: Words
    href: str | None = None
    kind: str = "text"
    state: str = ""  # "" · ok · wait · stop, for kind `state`
    label: Words = ""


@dataclass(frozen=True)
class Heading:
    """A column of a list; `sorted` is "", ascending or descending."""

    label: Words
    kind: str = "text"
    href: str | None = None
    sorted: str = ""


@dataclass(frozen=True)
class Row:
    """One record in a list: the first cell is its name and leads to it."""

    id: int
    href: str
    cells: tuple[Cell, ...]
    name: str = ""


@dataclass(frozen=True)
class Option:
    """One of a closed list."""

    value: str
    label: Words
    chosen: bool = False
    refused: Words | None = None
    key: str = ""  # the key that chooses it in an act's dialog


@dataclass(frozen=True)
class FilterView:
    """A filter of a list. `shown` says what is chosen, in words.

    `kind`: choice · record · date (`value` in `name`, `until` in `<name>__until`) · tick ("1").
    """

    name: str
    label: Words
    kind: str
    options: tuple[Option, ...] = ()
    value: str = ""
    until: str = ""
    clear_href: str | None = None
    shown: Words = ""


@dataclass(frozen=True)
class ActView:
    """An act that may be done here. `key` is the letter that starts it."""

    name: str
    label: Words
    href: str
    help: Words = ""
    primary: bool = False
    key: str = ""
    icon: str = ""


@dataclass(frozen=True)
class ListView:
    """A list of records, or the part of one that a panel shows."""

    title: Words
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    href: str = ""
    help: Words = ""
    search: str = ""
    searchable: bool = False
    filters: tuple[FilterView, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    total: int = 0
    total_is_more: bool = False
    sums: tuple[Cell | None, ...] = ()
    next_href: str | None = None
    previous_href: str | None = None
    clear_href: str | None = None
    new: ActView | None = None
    acts: tuple[ActView, ...] = ()
    bulk: tuple[ActView, ...] = ()  # done to the rows that are ticked
    exports: tuple[Link, ...] = ()
    more_href: str | None = None
    warnings: tuple[Note, ...] = ()  # of services whose columns can't be shown


@dataclass(frozen=True)
class FieldView:
    """One value of a form, as it was typed.

    `widget`: text · integer · money · grams · minutes · date · datetime · time · tick · choice · record ·
    ticks · password · code (typed or scanned here). A `record` field with a `search_href` is a
    search: `<name>__q` holds the words, `__find` the name of the field to search for, `options`
    what was found. A code scanned in the form is asked about at each field's `scan_href`.
    """

    name: str
    label: Words
    widget: str
    value: str = ""
    shown: Words = ""
    help: Words = ""
    errors: tuple[Words, ...] = ()
    options: tuple[Option, ...] = ()
    optional: bool = False
    least: str = ""
    most: str = ""
    longest: int | None = None
    search_href: str | None = None
    scan_href: str | None = None
    autocomplete: str = "off"


@dataclass(frozen=True)
class FieldGroup:
    """At most five fields under one legend; no legend for a short form."""

    fields: tuple[FieldView, ...]
    legend: Words = ""


@dataclass(frozen=True)
class PriceView:
    """What a form will cost: a line each, the total in cents, or why there is none yet."""

    lines: tuple[Any, ...]
    total: int
    words: Words = ""


@dataclass(frozen=True)
class FormView:
    """A form or an act's dialog. `hidden` carries csrf, key and version."""

    title: Words
    action: str
    submit: Words
    cancel_href: str
    groups: tuple[FieldGroup, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    help: Words = ""
    price: PriceView | None = None
    notes: tuple[Note, ...] = ()
    beside: tuple[Link, ...] = ()  # possible doubles, offered at the side
    beside_title: Words = ""
    trail: tuple[Link, ...] = ()
    dialog: bool = False
    icon: str = ""

    @property
    def errors(self) -> tuple[tuple[str, Words], ...]:
        """Every refusal with the name of its field, in the order of the fields."""
        fields = (each for group in self.groups for each in group.fields)
        return tuple((each.name, words) for each in fields for words in each.errors)


@dataclass(frozen=True)
class Section:
    """A group of facts of one record."""

    title: Words
    facts: tuple[tuple[Words, Cell], ...]
    icon: str = ""


@dataclass(frozen=True)
class PanelView:
    """A block on a record's page; `warning` stands in for one that failed."""

    title: Words
    icon: str
    list: ListView | None = None
    warning: Note | None = None


@dataclass(frozen=True)
class Trace:
    """One line of a record's history."""

    text: Words
    who_when: Words


@dataclass(frozen=True)
class RecordView:
    """A record's page: sections, panels, history, acts."""

    title: Words
    trail: tuple[Link, ...]
    sections: tuple[Section, ...]
    tags: tuple[Cell, ...] = ()
    acts: tuple[ActView, ...] = ()
    panels: tuple[PanelView, ...] = ()
    history: tuple[Trace, ...] = ()
    history_more_href: str | None = None
    edit: ActView | None = None
    seen_by: Words | None = None  # of a record about people: who may see it, and why


@dataclass(frozen=True)
class ConflictView:
    """A record that someone changed meanwhile: both values of each field that differs."""

    title: Words
    record_href: str
    who_when: Words
    rows: tuple[tuple[Words, Words, Words], ...]  # label, what is stored, what was typed
    form: FormView | None = None


@dataclass(frozen=True)
class Line:
    """A sentence with its next act. `kind`: "" · soon · late."""

    text: Words
    detail: Words | None = None
    icon: str = ""
    kind: str = ""
    when: Words | None = None
    href: str | None = None
    act: ActView | None = None


@dataclass(frozen=True)
class Block:
    """A sheet of lines; `empty` is the short sentence shown when there are none."""

    title: Words
    icon: str
    lines: tuple[Line, ...] = ()
    empty: Words = ""
    more: Link | None = None
    count: int | None = None
    warning: Note | None = None


@dataclass(frozen=True)
class Spot:
    """A block with its place on a page. A plain one is drawn as it is; `part` names the template
    of another, which is given `value`.

    `id` is the block's name in the page, and the name under which it can be asked for again.
    """

    id: str
    block: Block
    part: str = ""
    value: object = None
