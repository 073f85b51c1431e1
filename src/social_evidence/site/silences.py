"""What is not known: measure by measure, for the city, its boroughs and its groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.model.measure import Measure
from social_evidence.site.addresses import measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Silence
from social_evidence.site.render import Page
from social_evidence.wording import labels
from social_evidence.wording.findings import listed

PATH: Final = "gaps/index.html"
_MOST_COLUMNS: Final = 11
_ORDER: Final = ("known", "some", "too_few", "ended", "not_asked", "not_known")
COUNTED: Final = {
    "too_few": "for {} too few people were asked",
    "ended": "{} have ended",
    "not_asked": "{} are asked or counted by nobody we know of",
    "not_known": "{} are not known for other reasons",
}
WORDS: Final = {
    "known": "Known",
    "some": "Known for some",
    "too_few": "Too few people to say",
    "ended": "Ended",
    "not_asked": "Not asked or counted",
    "not_known": "Not known",
}
_STATES: Final = {
    "available": "known",
    "partly": "some",
    "too_few": "too_few",
    "not_asked": "not_asked",
    "ended": "ended",
    "not_available": "not_known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One measure: its state in each column, and the last year with a figure of the city."""

    title: str
    path: str
    states: tuple[str, ...]
    latest: str
    told: tuple[tuple[str, str], ...]
    """The same for a narrow page: a state, and in words for whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSource:
    """A source that brings nothing new, why, and the measures that rested on it."""

    title: str
    why: str
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsModel:
    """What the page on gaps says."""

    columns: tuple[str, ...]
    domains: tuple[tuple[str, str, tuple[GapLine, ...]], ...]
    known: int
    without: str
    total: int
    measures: int
    silences: tuple[tuple[str, int], ...]
    ended: tuple[EndedSource, ...]


def gaps_page(choices: Choices) -> Iterable[Page]:
    """Make the page on what is not known, where the release says anything of it."""
    if choices.site.silences:
        model = gaps_model(choices)
        yield Page(
            path=PATH,
            template="gaps.html",
            title="What we don’t know",
            summary="Which measures are known for whom, and why the others are not.",
            section="What we don’t know",
            says={"model": model, "words": WORDS},
        )


def gaps_model(choices: Choices) -> GapsModel:
    """Read what is not known."""
    site = choices.site
    found: dict[tuple[str, str], list[Silence]] = defaultdict(list)
    inside = {place.code for place in site.boroughs}
    for one in site.silences:
        if one.area == site.city.code:
            found[one.measure, one.breakdown].append(one)
        elif one.area in inside and one.breakdown == "all":
            found[one.measure, "boroughs"].append(one)
    columns = ("all", "boroughs", *_columns(found))
    headings = tuple(_heading(choices, column) for column in columns)
    lines = {m.id: _line(m, columns, headings, found) for m in choices.measures}
    counted = Counter(state for line in lines.values() for state in line.states)
    return GapsModel(
        columns=headings,
        domains=tuple(
            (domain, name, tuple(lines[m.id] for m in choices.measures if m.domain == domain))
            for domain, name in labels.DOMAINS.items()
            if any(m.domain == domain for m in choices.measures)
        ),
        known=counted["known"] + counted["some"],
        without=listed(
            [told.format(counted[s]) for s, told in COUNTED.items() if counted[s]]
            or ["none is missing"]
        ),
        total=sum(counted.values()),
        measures=len(lines),
        silences=_widest(choices, columns, list(lines.values())),
        ended=tuple(_ended(choices)),
    )


def _columns(found: dict[tuple[str, str], list[Silence]]) -> Sequence[str]:
    """Choose the breakdowns that most measures have."""
    counted = Counter(
        breakdown
        for _, breakdown in found
        if breakdown not in {"all", "boroughs"} and "*" not in breakdown
    )
    return [
        name for name, _ in sorted(counted.items(), key=lambda i: (-i[1], i[0]))[:_MOST_COLUMNS]
    ]


def _heading(choices: Choices, column: str) -> str:
    if column == "all":
        return choices.site.city.name
    if column == "boroughs":
        return "Boroughs"
    return choices.site.names.breakdowns.get(column, column)


def _line(
    measure: Measure,
    columns: Sequence[str],
    headings: Sequence[str],
    found: dict[tuple[str, str], list[Silence]],
) -> GapLine:
    states = tuple(_state(found.get((measure.id, column), [])) for column in columns)
    known = [one.year for one in found[measure.id, "all"] if one.state in {"available", "partly"}]
    return GapLine(
        title=measure.title,
        path=measure_path(measure.id),
        states=states,
        latest=str(max(known)) if known else "",
        told=tuple(_told(headings, states)),
    )


def _told(headings: Sequence[str], states: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Say for each state for whom it holds, the city by its name and groups in lower case."""
    city, *others = headings
    names = (city, *(name[:1].lower() + name[1:] for name in others))
    for state in _ORDER:
        held = [name for name, own in zip(names, states, strict=True) if own == state]
        if held:
            yield state, listed(held, most=len(held))


def _state(silences: Sequence[Silence]) -> str:
    """Say the best of what any year has; what has ended since is said to have ended."""
    if not silences:
        return "not_asked"
    last = max(one.year for one in silences)
    if all(one.state == "ended" for one in silences if one.year == last):
        return "ended"
    areas = {one.area for one in silences}
    best = {
        area: min((_STATES[one.state] for one in silences if one.area == area), key=_ORDER.index)
        for area in areas
    }
    states = set(best.values())
    if len(states) == 1:
        return states.pop()
    return "some" if states & {"known", "some"} else min(states, key=_ORDER.index)


def _widest(
    choices: Choices, columns: Sequence[str], lines: Sequence[GapLine]
) -> tuple[tuple[str, int], ...]:
    """List the groups that fewest measures know, the widest silence first."""
    counted = [
        (_heading(choices, column), sum(line.states[at] in {"known", "some"} for line in lines))
        for at, column in enumerate(columns)
    ]
    return tuple(sorted(counted, key=lambda item: item[1])[:4])


def _ended(choices: Choices) -> Iterable[EndedSource]:
    """List the sources that ended, each once, by the first measure that rested on it."""
    rested: dict[str, list[Measure]] = defaultdict(list)
    for measure in choices.measures:
        for source in sorted({one.source for one in measure.series}):
            rested[source].append(measure)
    for source, measures in rested.items():
        known = choices.site.catalogue.sources.get(source)
        if known is not None and known.ended:
            yield EndedSource(
                title=known.title,
                why=known.ended,
                measures=tuple((one.title, measure_path(one.id)) for one in measures),
            )
