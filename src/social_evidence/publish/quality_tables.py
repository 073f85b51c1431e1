"""The quality report as tables, for the page and for the workbook: one list for both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from social_evidence.publish.content import Content
from social_evidence.wording.numbers import figure, number, percent

Cell = str | int | float | None
Kind = Literal["text", "whole", "share"]
Heads = tuple[tuple[str, Kind], ...]

_COUNTS: Final = ("cells", "asked", "available", "shown")
_BANDS: Final = ("A", "B", "C", "D")
_USUAL: Final = (0.05, 0.10, 0.20)
"""The limits of a release that states none."""

_COUNTED: Final[Heads] = (
    ("Cells", "whole"),
    ("Asked", "whole"),
    ("Available", "whole"),
    ("Shown", "whole"),
)
_PROTECTED: Final[tuple[str, Kind]] = ("Hidden to protect people", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityTable:
    """One table of the report.

    heads: heading and kind of each column. about: what it tells, in a sentence or two. is_long:
    too long for a page; the workbook has it.
    """

    name: str
    title: str
    about: str
    heads: Heads
    rows: tuple[tuple[Cell, ...], ...]
    is_long: bool = False


def quality_tables(content: Content) -> tuple[QualityTable, ...]:
    """Lay the quality report out; what a release does not state has no table."""
    made = (
        _by_measure(content),
        _by_breakdown(content),
        _by_area(content),
        _sources(content),
        _record_sets(content),
        _checks(content),
        _figures_that_differ(content),
        _revisions(content),
        _without_figures(content),
        _coverage(content),
    )
    return tuple(table for table in made if table.rows)


def reliability_words(content: Content) -> str:
    """Say by which limits figures have their letter, as the release states them."""
    told: Any = content.quality.get("reliability", {})
    rule: Mapping[str, Sequence[float]] = told.get("rule", {})
    points = [number(round(limit * 100, 6)) for limit in rule.get("width", _USUAL)]
    shares = [percent(limit) for limit in rule.get("relative_error", _USUAL)]
    return (
        f"Shares and differences are A where their limits are at most {points[0]} points apart, "
        f"B at most {points[1]}, C at most {points[2]}, else D. Averages, rates and totals are A "
        f"where the standard error is at most {shares[0]} of the figure, B at most {shares[1]}, "
        f"C at most {shares[2]}, else D."
    )


def _listed(content: Content, key: str, inner: str = "") -> Sequence[Mapping[str, Any]]:
    told: Any = content.quality.get(key, ())
    if inner:
        told = told.get(inner, ()) if isinstance(told, Mapping) else ()
    return tuple(told)


def _by_measure(content: Content) -> QualityTable:
    letters = {one["measure"]: one for one in _listed(content, "reliability", "by_measure")}
    rows = []
    for one in _listed(content, "statuses", "by_measure"):
        bands = letters.get(one["measure"], {})
        rows.append(
            (
                content.labels.measures.get(one["measure"], one["measure"]),
                one["measure"],
                *_counts(one),
                one["protected_share"],
                *(bands.get(band, 0) for band in (*_BANDS, "none")),
            )
        )
    letter: Heads = tuple((f"Reliability {band}", "whole") for band in _BANDS)
    return QualityTable(
        name="Quality",
        title="What is shown, hidden and sure, by measure",
        about="Cells are places for a figure: a group in an area and a period. The share hidden is "
        "of those that could be shown; it is not told which were hidden for their own sake and "
        "which so that others cannot be worked out. Letters are of shown figures; those counted in "
        f"full have none. {reliability_words(content)}",
        heads=(
            ("Measure", "text"),
            ("Measure code", "text"),
            *_COUNTED,
            _PROTECTED,
            ("Share hidden", "share"),
            *letter,
            ("No letter", "whole"),
        ),
        rows=tuple(rows),
    )


def _counts(one: Mapping[str, Any]) -> tuple[int, ...]:
    return (*(one[name] for name in _COUNTS), one["statuses"].get("protected", 0))


def _summed(
    content: Content, key: str, by: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], Counter[str]]]:
    sums: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for one in _listed(content, key):
        added = dict(zip((*_COUNTS, "protected"), _counts(one), strict=True))
        sums[tuple(one[name] for name in by)].update(added)
    yield from sorted(sums.items())


def _by_breakdown(content: Content) -> QualityTable:
    labels = content.labels
    return QualityTable(
        name="Breakdowns",
        title="What is shown and hidden, by measure and breakdown",
        about="All areas and periods together.",
        heads=(("Measure", "text"), ("Breakdown", "text"), *_COUNTED, _PROTECTED),
        rows=tuple(
            (labels.measures.get(m, m), labels.breakdowns.get(b, b), *_values(counted))
            for (m, b), counted in _summed(content, "coverage", ("measure", "breakdown"))
        ),
    )


def _values(counted: Counter[str]) -> tuple[int, ...]:
    return tuple(counted[name] for name in (*_COUNTS, "protected"))


def _by_area(content: Content) -> QualityTable:
    sums = {area: c for (area,), c in _summed(content, "coverage_by_area", ("area",))}
    return QualityTable(
        name="Areas",
        title="What is shown and hidden, by area",
        about="All measures, groups and periods together.",
        heads=(("Area", "text"), ("Area code", "text"), *_COUNTED, _PROTECTED),
        rows=tuple(
            (area.name, area.code, *_values(sums[area.code]))
            for area in content.areas
            if area.code in sums
        ),
    )


def _sources(content: Content) -> QualityTable:
    return QualityTable(
        name="Dates",
        title="Sources: of when they are, and where they break",
        about="First and last day of the periods with a figure.",
        heads=(
            *(("Source", "text"), ("Publisher", "text"), ("First day", "text")),
            *(("Last day", "text"), ("Files read", "whole"), ("Ended", "text")),
            *(("Known breaks", "text"), ("Open questions on its files", "whole")),
        ),
        rows=tuple(
            (
                *(one["title"], one["publisher"], one["first_day"] or "", one["last_day"] or ""),
                *(one["files"], one["ended"], " ".join(one["breaks"]), one["to_confirm"]),
            )
            for one in _listed(content, "sources")
        ),
    )


def _record_sets(content: Content) -> QualityTable:
    return QualityTable(
        name="Record sets",
        title="Records of initiatives",
        about="What the office of the evidence base holds: answers of people who take part, "
        "returns of organisations, registers. Few people are not counted. A return that was asked "
        "for and has not come is missing, which is no zero.",
        heads=(
            ("Initiative", "text"),
            ("Initiative code", "text"),
            ("Kind of record", "text"),
            ("Records", "whole"),
            ("Returns asked for", "whole"),
            ("Returns missing", "whole"),
            ("First day", "text"),
            ("Last day", "text"),
        ),
        rows=tuple(
            (
                one["title"],
                one["initiative"],
                one["kind"],
                one["records"],
                one.get("expected"),
                one.get("missing"),
                one["first_day"],
                one["last_day"],
            )
            for one in _listed(content, "record_sets")
        ),
    )


def _checks(content: Content) -> QualityTable:
    return QualityTable(
        name="Checks",
        title="Checks that were run",
        about="How many things each looked at and how many did not pass. A release in which a "
        "hidden count could be worked out is not written at all.",
        heads=(("Check", "text"), ("Looked at", "whole"), ("Did not pass", "whole")),
        rows=tuple(
            (one["about"], one["looked_at"], one["failed"]) for one in _listed(content, "checks")
        ),
    )


def _figures_that_differ(content: Content) -> QualityTable:
    labels = content.labels
    return QualityTable(
        name="Differences",
        title="Figures printed elsewhere that are not ours",
        about="Beyond rounding, and outside our interval.",
        heads=(
            *(("Measure", "text"), ("Area", "text"), ("Period", "text")),
            *(("Printed", "text"), ("Ours", "text"), ("Where it was printed", "text")),
        ),
        rows=tuple(
            (
                *(labels.measures.get(one["measure"], one["measure"]),),
                *(labels.areas.get(one["area"], one["area"]),),
                *(labels.periods.get(one["period"], one["period"]),),
                *(_figure(one, "published"), _figure(one, "ours"), one["reference"]),
            )
            for one in _listed(content, "published")
            if one["verdict"] == "differs"
        ),
    )


def _figure(one: Mapping[str, Any], name: str) -> str:
    return figure(one[name], one["unit"], statistic=one["statistic"], decimals=1)


def _revisions(content: Content) -> QualityTable:
    told: Any = content.quality.get("revisions", {})
    since = told.get("since", "")
    rows = [(f"Figures {kind}", count) for kind, count in told.get("kinds", {}).items()]
    rows += [(f"Revised because of: {c}", n) for c, n in told.get("causes", {}).items()]
    rows += [
        (f"{note['text']} ({note['date']})", note["figures"]) for note in told.get("notes", ())
    ]
    return QualityTable(
        name="Revisions",
        title=f"What changed since release {since}" if since else "What changed: a first release",
        about="The table of changes lists every figure, old and new.",
        heads=(("What", "text"), ("Figures", "whole")),
        rows=tuple(rows),
    )


def _without_figures(content: Content) -> QualityTable:
    labels = content.labels
    return QualityTable(
        name="Promised",
        title="Breakdowns that are defined and have no figure",
        about="No source of the release has the groups.",
        heads=(("Measure", "text"), ("Breakdown", "text")),
        rows=tuple(
            (
                labels.measures.get(one["measure"], one["measure"]),
                labels.breakdowns.get(one["breakdown"], one["breakdown"]),
            )
            for one in _listed(content, "without_figures")
        ),
    )


def _coverage(content: Content) -> QualityTable:
    labels = content.labels
    heads: Heads = (
        *(("Measure code", "text"), ("Part code", "text"), ("Series code", "text")),
        *(("Period", "text"), ("Period code", "text")),
        *(("Breakdown", "text"), ("Breakdown code", "text")),
        ("Areas", "whole"),
        ("Areas shown", "whole"),
        *_COUNTED,
        _PROTECTED,
    )
    return QualityTable(
        name="Coverage",
        title="Coverage by measure, series, period and breakdown",
        about="Cells are groups in areas. Asked: the rest was not asked there. Available: the rest "
        "of those is not in the source, or would have no meaning.",
        heads=heads,
        rows=tuple(
            (
                *(one["measure"], one["part"], one["series"]),
                *(labels.periods.get(one["period"], one["period"]), one["period"]),
                *(labels.breakdowns.get(one["breakdown"], one["breakdown"]), one["breakdown"]),
                *(one["areas"], one["areas_shown"], *_counts(one)),
            )
            for one in _listed(content, "coverage")
        ),
        is_long=True,
    )
