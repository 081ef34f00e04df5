"""What makes a plain function an act: a name, a help sentence, a form."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, update_wrapper
from types import NoneType
from typing import (
    Annotated,
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from palier.context import Context, Role
from palier.db.fields import UNSET, Field, LinkField, mapped_kind
from palier.db.records import SiteRecord, package_of
from palier.db.types import Skill
from palier.errors import WrongDeclaration
from palier.signature import Ask, Asked, Signature, is_asked_for
from palier.text import Text

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=SiteRecord)
D = TypeVar("D", bound=Context)

CHOSEN = "chosen"


@dataclass(frozen=True)
class Count:
    """A word that reports add up: `Count("loan", _("Loans"))`. Listed in the manifest."""

    name: str
    label: Text


class Act(Generic[P, T]):
    """A plain function with a name, a help sentence and a form. Calling it just calls it."""

    def __init__(
        self,
        function: Callable[P, T],
        label: Text,
        *,
        least: Role = Role.CARETAKER,
        when: Callable[[Any], bool] | None = None,
        needs_skill: Skill | None = None,
        counts: Count | None = None,
        rare: bool = False,
        meets: bool = False,
        then: "str | Then" = "",
        quiet: bool = False,
        for_members: bool = False,
        shows: Callable[..., Any] | None = None,
        is_page: bool = False,
    ) -> None:
        update_wrapper(self, function)
        self.function = function
        self.label = label
        self.least = least
        self.when = when
        self.needs_skill = needs_skill
        self.counts = counts
        self.rare = rare
        self.meets = meets
        self.then = then
        self.quiet = quiet
        self.for_members = for_members
        self.shows = shows
        self.is_page = is_page
        self.package = package_of(function.__module__)
        self.name = function.__name__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function."""
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<act {self.permission}>"

    @property
    def permission(self) -> str:
        """`<package>.<function>`: what a role may or may not do."""
        return f"{self.package}.{self.name}"

    @property
    def is_bulk(self) -> bool:
        """Whether it is done to what is ticked in a list: its hidden value `chosen` holds the ids."""
        return any(each.name == CHOSEN and each.hidden for each in self.signature.values)

    @property
    def help(self) -> Text | None:
        """The first line of the docstring."""
        first = (inspect.getdoc(self.function) or "").split("\n", 1)[0]
        return Text(first) if first else None

    @cached_property
    def signature(self) -> Signature:
        """The form. Raises `WrongDeclaration` that names file and parameter."""
        return read_signature(self)

    def on(self, record: SiteRecord, **filled: object) -> "Step":
        """This act on this record, as the next step of a card or a scan.

        `filled` stands in its form when it opens: numbers and words, as one types them.
        """
        return Step(self, record, filled=filled)


@dataclass(frozen=True)
class Step:
    """An act on a record, to be offered; `words` say first what a scan has found."""

    act: Act[..., Any]
    record: SiteRecord
    words: Text | None = None
    filled: Mapping[str, object] = field(default_factory=dict)


# What is to be done next, given desk, the act's record and what it returned; None to lead back.
Then = Callable[[Any, Any, Any], Step | None]


@overload
def act(
    label: Text,
    *,
    least: Role = ...,
    needs_skill: Skill | None = None,
    counts: Count | None = None,
    rare: bool = ...,
    meets: bool = ...,
    then: str | Then = ...,
    quiet: bool = ...,
    for_members: bool = ...,
    shows: Callable[..., Any] | None = ...,
) -> Callable[[Callable[P, T]], Act[P, T]]: ...
@overload
def act(
    label: Text,
    *,
    when: Callable[[R], bool],
    least: Role = ...,
    needs_skill: Skill | None = None,
    counts: Count | None = None,
    rare: bool = ...,
    meets: bool = ...,
    then: str | Then = ...,
    quiet: bool = ...,
    for_members: bool = ...,
    shows: Callable[..., Any] | None = ...,
) -> Callable[[Callable[Concatenate[D, R, P], T]], Act[Concatenate[D, R, P], T]]: ...
def act(
    label: Text,
    *,
    when: Callable[[Any], bool] | None = None,
    least: Role = Role.CARETAKER,
    needs_skill: Skill | None = None,
    counts: Count | None = None,
    rare: bool = False,
    meets: bool = False,
    then: str | Then = "",
    quiet: bool = False,
    for_members: bool = False,
    shows: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Act[..., Any]]:
    """Make a function an act: `(desk, record, *, values) -> record or None`.

    Without a record it is an act of the whole list. Its signature is the dialog and the JSON body,
    its docstring's first line the help, `<package>.<function>` its permission, `least` the role
    that has it at first. `when` is a rule: the record alone, no database. Whoever performs the act
    opens the transaction, checks role, skill and `when`, and writes the act row; called from
    another act it is a plain call, counted and traced with the act that was asked for. A `rare`
    act stands behind the others, never as the first button. What it made is shown by the page
    `then` of the same package, which is given it as `made`; without one, by its record. A `then`
    that is a function says which act follows at once, with its form open. After a `quiet` one the page it leads to says itself what was done. With `meets` the resident it is
    about was there, or spoke with us: their last contact is today. What is `for_members` is refused
    to who is none, where the manifest's `membership_required` says so. `shows` gives the prices of
    the form before it is sent: `(desk, record, *, values it needs)`.
    """

    def wrap(function: Callable[..., Any]) -> Act[..., Any]:
        return Act(
            function, label, when=when, least=least, needs_skill=needs_skill, counts=counts,
            rare=rare, meets=meets, then=then, quiet=quiet, for_members=for_members, shows=shows,
        )  # fmt: skip

    return wrap


def page(
    label: Text, *, least: Role = Role.TRAINEE, rare: bool = False
) -> Callable[[Callable[P, T]], Act[P, T]]:
    """Declare a page of one's own: `(desk, *, values) -> Page`, values read from the address.

    It changes nothing. A `rare` page is no tab of its service: something on another page leads to it.
    """

    def wrap(function: Callable[P, T]) -> Act[P, T]:
        return Act(function, label, least=least, rare=rare, is_page=True)

    return wrap


def read_signature(which: Act[..., Any]) -> Signature:
    """Read the form out of a function. Raises `WrongDeclaration` that names the parameter."""
    try:
        hints = get_type_hints(which.function, include_extras=True)
    except NameError as error:
        raise _wrong(
            which, f"import what is annotated, not under TYPE_CHECKING ({error})"
        ) from error
    parameters = list(inspect.signature(which.function).parameters.values())[1:]
    for each in parameters:
        if each.name not in hints:
            raise _wrong(which, f"{each.name} has no type")
    record = None
    if parameters and parameters[0].kind is not inspect.Parameter.KEYWORD_ONLY:
        record = hints[parameters.pop(0).name]
        if not (isinstance(record, type) and issubclass(record, SiteRecord)):
            raise _wrong(which, "the second parameter is the record, values come after *")
    back = hints.get("return", NoneType)
    result = back if isinstance(back, type) and issubclass(back, SiteRecord) else None
    values = tuple(_asked(which, each, hints[each.name], record, result) for each in parameters)
    return Signature(record, values, result)


def _asked(
    which: Act[..., Any],
    parameter: inspect.Parameter,
    hint: Any,
    record: type[SiteRecord] | None,
    result: type[SiteRecord] | None,
) -> Asked:
    name = parameter.name
    if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise _wrong(which, f"{name} must come after *")
    said = Ask()
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        said = next((each for each in notes if isinstance(each, Ask)), said)
    kind, optional = mapped_kind(hint)
    default = UNSET if parameter.default is inspect.Parameter.empty else parameter.default
    if not is_asked_for(kind):
        raise _wrong(which, f"{name}: no form asks for a {kind!r}")
    if optional and default is not None:
        raise _wrong(which, f"{name} may be empty, so it needs = None")
    if kind is bool and default is not False:
        raise _wrong(which, f"{name} is a tick box, so it needs = False and words that fit")
    if said.fits is not None and default is UNSET:
        raise _wrong(which, f"{name} is not always asked for, so it needs a default")
    return _joined(which, name, said, _same_field(name, record, result), kind, optional, default)


def _same_field(name: str, *models: type[SiteRecord] | None) -> Field | LinkField | None:
    for model in models:
        # A class that several models share has no table, and so no fields of its own.
        if model is not None and hasattr(model, "fields"):
            found = model.fields.get(name) or model.links.get(name)
            if found is not None:
                return found
    return None


def _joined(
    which: Act[..., Any],
    name: str,
    said: Ask,
    same: Field | LinkField | None,
    kind: Any,
    optional: bool,
    default: object,
) -> Asked:
    label = said.label or (same.label if same else None)
    if label is None:
        raise _wrong(which, f"{name} has no words: use ask(_(…)) or the name of a field")
    plain = same if isinstance(same, Field) else Field(label)
    return Asked(
        name,
        label,
        kind,
        optional,
        default,
        plain.min if said.min is None else said.min,
        plain.max if said.max is None else said.max,
        plain.help if callable(said.help) else said.help or plain.help,
        plain.items if callable(said.items) else said.items or plain.items,
        said.start,
        said.hidden,
        among=said.among,
        offers=said.offers,
        lines=said.items if callable(said.items) else None,
        says=said.help if callable(said.help) else None,
        fits=said.fits,
        decides=said.decides,
        first=said.first,
    )


def _wrong(which: Act[..., Any], words: str) -> WrongDeclaration:
    where = which.function.__code__
    return WrongDeclaration(
        f"{which.permission} ({where.co_filename}:{where.co_firstlineno}): {words}"
    )
