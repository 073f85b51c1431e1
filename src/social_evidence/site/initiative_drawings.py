"""The charts of an initiative's page: before and after, groups, who took part, who answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from social_evidence.charts.bars import bar_chart
from social_evidence.charts.dots import dot_plot
from social_evidence.charts.pairs import Pair, Pairs, dumbbell, took_part
from social_evidence.charts.points import Point, Reference, Rows
from social_evidence.charts.scales import NUMBERS, POINTS, SHARES
from social_evidence.model.evaluation import OutcomeEvaluation
from social_evidence.site.drawn import Drawing
from social_evidence.site.figures import Told
from social_evidence.site.initiative_content import InitiativesInput, TookPart
from social_evidence.site.initiative_model import Changed, GroupChange
from social_evidence.site.points import point
from social_evidence.wording.numbers import number, percent

_RANGES: Final = (
    "Per cent. The bar is the likely range (95% interval); the dot is the best estimate."
)
_TESTED: Final = (
    "The test for each change uses both answers of the same person, so it can be clear where the "
    "bars overlap."
)
_MOST_BARS: Final = 14


def before_and_after(changed: Sequence[Changed], title: str, mark: str) -> Drawing:
    """Draw every share asked before and after; nothing where none may be shown."""
    pairs = tuple(
        _pair(one, one.before, one.after)
        for one in changed
        if one.before and one.after and one.after.row.unit == "share" and not one.is_second
    )
    if not any(pair.after.is_shown for pair in pairs):
        return Drawing()
    subject = f"{title}: answers of the same people before and after taking part"
    return Drawing.of(
        dumbbell(Pairs(subject=subject, axis=SHARES, pairs=pairs)),
        subject,
        notes=(mark, _RANGES),
        description=(_TESTED,),
    )


def _pair(one: Changed, before: Told, after: Told) -> Pair:
    change = one.change
    limits = change.label.removeprefix(change.value).strip() if change else ""
    return Pair(
        label=one.title,
        before=point("", before),
        after=point("", after),
        verdict=one.verdict.code,
        word=one.verdict.word,
        change=change.value if change and change.is_shown else "",
        change_limits=limits,
    )


def by_group(lines: Sequence[GroupChange], title: str, mark: str) -> Drawing:
    """Draw the change in each group, around no change at all."""
    points = tuple(
        point(line.label, line.told, line.verdict, section=line.heading) for line in lines
    )
    if sum(one.is_shown for one in points) < 2:
        return Drawing()
    is_change = lines[0].verdict is not None
    subject = f"{title}: {'change in each group' if is_change else 'by group'}"
    unit = "Percentage points, after less before." if is_change else "Per cent."
    rows = Rows(
        subject=subject,
        axis=POINTS if is_change else SHARES,
        points=points,
        reference=Reference(label="No change", estimate=0.0) if is_change else None,
    )
    return Drawing.of(
        dot_plot(rows),
        subject,
        notes=(mark, unit, "The bar is the likely range."),
        reference="no change" if is_change else "",
    )


def people(given: InitiativesInput, took: Sequence[TookPart], city: str, mark: str) -> Drawing:
    """Draw who took part beside people of the city; the widest differences first."""
    known = [one for one in took if one.people is not None]
    ranked = sorted(known, key=lambda one: -abs(_distance(one)))[:_MOST_BARS]
    if len(ranked) < 2:
        return Drawing()
    pairs = tuple(
        Pair(
            label=f"{given.breakdown(one.breakdown)}: {given.group(one.breakdown, one.group)}",
            before=_plain(one.londoners),
            after=_plain(one.people, counted=True),
        )
        for one in ranked
    )
    subject = f"People who took part and people of {city}"
    drawn = took_part(Pairs(subject=subject, axis=SHARES, pairs=pairs, names=(city, "Took part")))
    notes = (mark, f"Diamond: people who took part. Upright mark: {city}.")
    return Drawing.of(drawn, subject, notes=notes, reference=city)


def _distance(one: TookPart) -> float:
    return (one.people or 0.0) - one.londoners if one.londoners is not None else 0.0


def _plain(share: float | None, *, counted: bool = False) -> Point:
    if share is None:
        return Point(label="", status="not_available", word="no figure")
    method = "administrative" if counted else "survey"
    return Point(label="", estimate=share, method=method, value=percent(share))


def answered(outcome: OutcomeEvaluation, mark: str) -> Drawing:
    """Draw how many began and how many answered again."""
    lost = outcome.dropout
    if lost is None or lost.retention is None:
        return Drawing()
    stages = {"Answered at the start": lost.began, "Answered again": lost.answered}
    return Drawing.of(
        bar_chart(Rows(subject="How many people answered", axis=NUMBERS, points=_bars(stages))),
        "How many people answered",
        notes=(mark, "People."),
        description=("Two bars, each drawn from zero.",),
    )


def _bars(stages: Mapping[str, int]) -> tuple[Point, ...]:
    return tuple(
        Point(label=label, estimate=float(count), method="administrative", value=number(count))
        for label, count in stages.items()
    )
