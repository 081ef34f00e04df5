"""What is known of the two sites, and what is invented around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from palier.providers.models import LegalForm, Solidarity
from palier.sites.models import Weekday

# The good-practice sheet of the city of Strasbourg, the RTES sheet 116 of July 2022, the press of
# 2021 to 2023. The hours are invented: none of these says them.
OPERATOR = "Conciergerie Solidaire d'Alsace"
OPERATOR_FORM = "coopérative"
OPERATOR_SINCE = date(2021, 2, 1)
DEPARTMENT = "67"
MEMBERSHIP_CENTS = 1000  # a year, for a whole household

Hours = Mapping[Weekday, Sequence[tuple[time, time]]]
MORNING = (time(9), time(12, 30))
AFTERNOON = (time(14), time(18, 30))
WHOLE_DAYS = (Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)


@dataclass(frozen=True)
class Neighbourhood:
    """A site: its address, its hours, and the services on there; None means those of the demo."""

    slug: str
    name: str
    address: str
    theme: str
    since: date
    hours: Hours
    phone: str  # of the range that is kept for fiction
    directions: str
    on: frozenset[str] | None = None


AMPERE = Neighbourhood(
    slug="ampere",
    name="Ampère",
    address="40 rue de Wattwiller, 67100 Strasbourg",
    theme="ampere",
    since=date(2021, 9, 22),
    hours={
        Weekday.MONDAY: (AFTERNOON,),
        **dict.fromkeys(WHOLE_DAYS, (MORNING, AFTERNOON)),
        Weekday.SATURDAY: (MORNING,),
    },
    phone="+33353010040",
    directions="Au rez-de-chaussée, la porte vitrée sur la rue. On laisse les vélos devant.",
)
CATHEDRALE = Neighbourhood(
    slug="cathedrale",
    name="Cathédrale",
    address="Place de la Cathédrale, Strasbourg",
    theme="plain",
    since=date(2023, 1, 2),
    hours={each: ((time(10), time(19)),) for each in (*WHOLE_DAYS, Weekday.SATURDAY)},
    phone="+33353010060",
    directions="Entrez par la cour, deuxième porte à droite.",
    on=frozenset(),
)
PLACES = (AMPERE, CATHEDRALE)


@dataclass(frozen=True)
class Colleague:
    """Someone who signs in: a role at each site, the skills they have."""

    login: str
    name: str
    role: str
    sites: tuple[Neighbourhood, ...]
    code: str  # the four digits typed at the desk
    skills: tuple[str, ...] = ()


STAFF = (
    Colleague("magda", "Magda K.", "caretaker", PLACES, "4711", ("brake_test", "registered_mail")),
    Colleague("ilyes", "Ilyes B.", "trainee", (AMPERE,), "9052"),
    Colleague("sonia", "Sonia R.", "manager", PLACES, "3690", ("brake_test", "registered_mail")),
)


@dataclass(frozen=True)
class Craft:
    """A line of the directory; all but the post are invented, as are all numbers."""

    name: str
    legal_form: LegalForm
    sse: Solidarity = Solidarity.NONE


PROVIDERS = (
    Craft("La Poste", LegalForm.COMPANY),
    Craft("Boulangerie Rhin", LegalForm.SOLE_TRADER),
    Craft("Fil & Co, couture", LegalForm.ASSOCIATION, Solidarity.SIAE),
    Craft("Pli Net, pressing", LegalForm.COMPANY),
    Craft("Semelle & Talon, cordonnerie", LegalForm.SOLE_TRADER),
    Craft("Vélo Relais", LegalForm.ASSOCIATION, Solidarity.ASSOCIATION),
    Craft("Clé Minute Demo, clés", LegalForm.SOLE_TRADER),
    Craft("Écran Clair, téléphones", LegalForm.COMPANY, Solidarity.ESUS),
    Craft("Les Œufs d'à Côté", LegalForm.SOLE_TRADER),
    Craft("Paniers du Matin", LegalForm.COOPERATIVE, Solidarity.COOP),
    Craft("Eau & Fuite, plomberie", LegalForm.SOLE_TRADER),
    Craft("Coup de Main, ménage et garde", LegalForm.ASSOCIATION, Solidarity.SIAE),
)
