"""Who could help whom: pairs and rings of three among offers and wants."""

from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import NamedTuple

from .models import Category

RING = 3
MOST_LOOKED_AT = 2000  # rings and pairs of a very busy site: enough to choose a handful from


class Arc(NamedTuple):
    """One resident, by id, offers what another asks for."""

    giver: int
    receiver: int
    category: Category


class Proposal(NamedTuple):
    """Two or three arcs that close, or one alone."""

    arcs: tuple[Arc, ...]
    closes: bool

    @property
    def people(self) -> tuple[int, ...]:
        """Who takes part; of one arc alone, both its ends."""
        ends = tuple(each.giver for each in self.arcs)
        return ends if self.closes else (*ends, self.arcs[0].receiver)

    @property
    def key(self) -> str:
        """The same for the same proposal, whenever it is found."""
        return "+".join(f"{e.giver}:{e.category.value}:{e.receiver}" for e in self.arcs)


def arcs_of(
    offers: Iterable[tuple[int, Category]], wants: Iterable[tuple[int, Category]]
) -> list[Arc]:
    """Return what fits: each pair of people once for each category, nobody with themselves."""
    wanted: dict[Category, set[int]] = {}
    for who, category in wants:
        wanted.setdefault(category, set()).add(who)
    found = {
        Arc(giver, receiver, category)
        for giver, category in offers
        for receiver in wanted.get(category, ())
        if giver != receiver
    }
    return sorted(found)


def proposals(arcs: Iterable[Arc], never: Set[int] = frozenset()) -> list[Proposal]:
    """Return pairs, then rings of three, then one-way help; first for who never exchanged."""
    ways: dict[tuple[int, int], Arc] = {}
    for arc in arcs:
        ways.setdefault((arc.giver, arc.receiver), arc)
    found = list(islice(_closed(ways), MOST_LOOKED_AT))
    paired = {(e.giver, e.receiver) for p in found if len(p.arcs) < RING for e in p.arcs}
    found += [Proposal((arc,), closes=False) for way, arc in ways.items() if way not in paired]
    return sorted(found, key=lambda each: _rank(each, never))


def _rank(proposal: Proposal, never: Set[int]) -> tuple[object, ...]:
    new = sum(each in never for each in proposal.people)
    return not proposal.closes, -new, len(proposal.arcs), proposal.people


def _closed(ways: dict[tuple[int, int], Arc]) -> Iterator[Proposal]:
    import networkx as nx  # late: a tenth of a second that the start of the desk does without

    graph: nx.DiGraph[int] = nx.DiGraph(sorted(ways))
    for ring in nx.simple_cycles(graph, length_bound=RING):
        first = ring.index(min(ring))
        people = [*ring[first:], *ring[:first]]
        arcs = (ways[way] for way in zip(people, [*people[1:], people[0]], strict=True))
        yield Proposal(tuple(arcs), closes=True)
