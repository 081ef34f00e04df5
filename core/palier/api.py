"""The only module a plugin imports: everything here is promised, nothing else is.

Plugins that use only this module, and `palier.testing` in their tests, may carry any licence.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Mapped, validates

from palier import hookspecs as hooks
from palier.acts import Act, Count, Step, act, page
from palier.bookings.booking import (
    block_thing,
    book_any,
    cancel,
    free_things,
    hand_out,
    note_used,
    put_thing_back,
    stand_ins,
    swap,
    swap_any,
    take_back,
)
from palier.bookings.calendar import open_days, read_timeline
from palier.bookings.models import Bookable, Booking, BookingLine, LineState, ThingState
from palier.codes.drawing import Drawn, squares
from palier.codes.reading import Kind as CodeKind
from palier.codes.reading import Reading, normalise_scan
from palier.context import Actor, Role
from palier.dated import Rows
from palier.db.fields import Computed, Keep, at_least, belongs_to, computed, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Instant, Key, Skill, Tick, Ticks
from palier.desk.counter import Desk
from palier.errors import Refused
from palier.hookspecs import Card, PublicBlock, PublicEvent, PublicLine
from palier.messages.telling import withdraw
from palier.plugins import Manifest
from palier.providers.models import Provider, ProviderState
from palier.receipts.charging import cancel as cancel_charge
from palier.receipts.charging import charge_item, in_site_words
from palier.receipts.collecting import units_paid
from palier.receipts.models import (
    Charge,
    ChargeKind,
    ChargeState,
    DepositForm,
    KeptAs,
    KeptTo,
    PayMode,
    Price,
    Priced,
    Receipt,
    Tariff,
    Unit,
    VatClass,
    WaivedBecause,
)
from palier.receipts.models.owed import ONE
from palier.receipts.pricing import NoPrice, price
from palier.receipts.quoting import Quote, Shown
from palier.receipts.selling import pay_at_once
from palier.residents.consents import check_consent, has_agreed
from palier.residents.languages import Language
from palier.residents.memberships import is_member, member_until
from palier.residents.models import Household, Purpose, Resident
from palier.residents.people import find_people, with_homes
from palier.residents.people import in_words as person_in_words
from palier.residents.signing import Paper, ToSign, page_to_sign, paper_of, slip_code
from palier.rosters.duty import away_until
from palier.screens.declared import Extend, Page, Panel, Screen, Timeline
from palier.signature import Ask, ask
from palier.text import (
    Cents,
    Duration,
    Grams,
    Minutes,
    Money,
    Text,
    _,
    plural,
    show_money,
    show_weight,
)
from palier.web.asked import own_form

__all__ = (
    "ONE",
    "Act",
    "Actor",
    "Ask",
    "Bookable",
    "Booking",
    "BookingLine",
    "Card",
    "Cents",
    "Charge",
    "ChargeKind",
    "ChargeState",
    "Choice",
    "CodeKind",
    "ColumnElement",
    "Computed",
    "Count",
    "DepositForm",
    "Desk",
    "Drawn",
    "Duration",
    "Extend",
    "Grams",
    "Household",
    "Instant",
    "Keep",
    "KeptAs",
    "KeptTo",
    "Key",
    "Language",
    "LineState",
    "Manifest",
    "Mapped",
    "Minutes",
    "Money",
    "NoPrice",
    "Page",
    "Panel",
    "Paper",
    "PayMode",
    "Price",
    "Priced",
    "Provider",
    "ProviderState",
    "PublicBlock",
    "PublicEvent",
    "PublicLine",
    "Purpose",
    "Quote",
    "Reading",
    "Receipt",
    "Refused",
    "Resident",
    "Role",
    "Rows",
    "Screen",
    "Shown",
    "SiteRecord",
    "Skill",
    "Step",
    "Tariff",
    "Text",
    "ThingState",
    "Tick",
    "Ticks",
    "Timeline",
    "ToSign",
    "Unit",
    "VatClass",
    "WaivedBecause",
    "_",
    "act",
    "and_",
    "ask",
    "at_least",
    "away_until",
    "belongs_to",
    "block_thing",
    "book_any",
    "cancel",
    "cancel_charge",
    "charge_item",
    "check_consent",
    "computed",
    "field",
    "find_people",
    "free_things",
    "func",
    "hand_out",
    "has_agreed",
    "hooks",
    "in_site_words",
    "is_member",
    "member_until",
    "normalise_scan",
    "note_used",
    "open_days",
    "or_",
    "own_form",
    "page",
    "page_to_sign",
    "paper_of",
    "pay_at_once",
    "person_in_words",
    "plural",
    "price",
    "put_thing_back",
    "read_timeline",
    "select",
    "show_money",
    "show_weight",
    "slip_code",
    "squares",
    "stand_ins",
    "swap",
    "swap_any",
    "take_back",
    "units_paid",
    "validates",
    "with_homes",
    "withdraw",
)
