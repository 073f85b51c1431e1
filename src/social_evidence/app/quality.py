"""The quality report of a release: what is covered, hidden and sure, from what, checked how.

Made of published rows and of what the build noticed; nothing in it says which cell was hidden for
which reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.model.provenance import Quality

STATUSES: Final = (
    "shown",
    "low_base",
    "protected",
    "not_asked",
    "not_available",
    "not_applicable",
)
BANDS: Final = ("A", "B", "C", "D")
_RUN: Final = ("measure", "part", "series", "period", "breakdown")
_PLACE: Final = ("measure", "area")


def quality_json(
    catalogue: Catalogue, measures: Sequence[Measure], rows: Sequence[Estimate], quality: Quality
) -> dict[str, object]:
    """Put together all that a release states about its own quality.

    Args:
        catalogue: The definitions.
        measures: Those that were built.
        rows: The rows as published.
        quality: What the build noticed.

    Returns:
        JSON values, each list in a fixed order.
    """
    cells = [row for row in rows if row.statistic != "difference"]
    return {
        **_noticed(quality),
        "coverage": coverage(cells, _RUN),
        "coverage_by_area": coverage(cells, _PLACE),
        "without_figures": _without_figures(measures, cells),
        "statuses": _statuses(cells),
        "reliability": {"rule": asdict(catalogue.plan.reliability), **_reliability(rows)},
        "sources": _sources(catalogue, rows, quality),
        "checks": _checks(measures, quality),
    }


def _noticed(quality: Quality) -> dict[str, object]:
    return {
        "files": [asdict(file) for file in quality.files],
        "additions": [{**asdict(one), "agrees": one.agrees} for one in quality.additions],
        "published": [{**asdict(one), "agrees": one.agrees} for one in quality.published],
        "pools": [asdict(one) for one in quality.pools],
        "lost": [asdict(one) for one in quality.lost],
        "hidden": [asdict(one) for one in quality.hidden],
    }


def coverage(cells: Iterable[Estimate], by: Sequence[str]) -> list[dict[str, object]]:
    """Count the cells that were asked for, are available and are shown.

    Args:
        cells: Published rows, one a cell.
        by: Columns to count by.

    Returns:
        For each combination: `areas` it has rows of, `areas_shown` with a figure, `cells`, `asked`
        (the rest was not asked there), `available` (the rest of those is not in the source or has
        no meaning), `shown`, and how many cells have each status.
    """
    counted: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    areas: dict[tuple[str, ...], set[str]] = defaultdict(set)
    shown: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in cells:
        key = tuple(getattr(row, name) for name in by)
        counted[key][row.status] += 1
        areas[key].add(row.area)
        if row.status in {"shown", "low_base"}:
            shown[key].add(row.area)
    return [
        {
            **dict(zip(by, key, strict=True)),
            "areas": len(areas[key]),
            "areas_shown": len(shown[key]),
            **_parts(counted[key]),
        }
        for key in sorted(counted)
    ]


def _parts(counted: Counter[str]) -> dict[str, object]:
    cells = counted.total()
    asked = cells - counted["not_asked"]
    return {
        "cells": cells,
        "asked": asked,
        "available": asked - counted["not_available"] - counted["not_applicable"],
        "shown": counted["shown"] + counted["low_base"],
        "statuses": {status: counted[status] for status in STATUSES if counted[status]},
    }


def _without_figures(
    measures: Sequence[Measure], cells: Iterable[Estimate]
) -> list[dict[str, str]]:
    """List what the definitions promise and the release has no row of."""
    there = {(row.measure, row.breakdown) for row in cells}
    return [
        {"measure": measure.id, "breakdown": breakdown}
        for measure in sorted(measures, key=lambda one: one.id)
        for breakdown in ("all", *measure.breakdowns)
        if (measure.id, breakdown) not in there
    ]


def _statuses(cells: Iterable[Estimate]) -> dict[str, object]:
    """Count cells by status, all together, by measure and by source.

    A cell hidden by first or by second choice is one thing here: `protected`.
    """
    by_measure: dict[str, Counter[str]] = defaultdict(Counter)
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    for row in cells:
        by_measure[row.measure][row.status] += 1
        by_source[row.source][row.status] += 1
    whole = sum(by_measure.values(), Counter[str]())
    return {
        "all": _hidden_share(whole),
        "by_measure": [{"measure": m, **_hidden_share(by_measure[m])} for m in sorted(by_measure)],
        "by_source": [{"source": s, **_hidden_share(by_source[s])} for s in sorted(by_source)],
    }


def _hidden_share(counted: Counter[str]) -> dict[str, object]:
    """Give the share of the cells that could be shown which are hidden to protect people."""
    parts = _parts(counted)
    could = counted["shown"] + counted["low_base"] + counted["protected"]
    share = round(counted["protected"] / could, 3) if could else None
    return {**parts, "protected_share": share}


def _reliability(rows: Iterable[Estimate]) -> dict[str, object]:
    """Count shown figures by their letter, all together and by measure."""
    by_measure: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.estimate is not None:
            by_measure[row.measure][row.reliability or "none"] += 1
    whole = sum(by_measure.values(), Counter[str]())
    return {
        "all": _bands(whole),
        "by_measure": [
            {"measure": name, **_bands(by_measure[name])} for name in sorted(by_measure)
        ],
    }


def _bands(counted: Counter[str]) -> dict[str, int]:
    return {band: counted[band] for band in (*BANDS, "none")}


def _sources(
    catalogue: Catalogue, rows: Iterable[Estimate], quality: Quality
) -> list[dict[str, object]]:
    """Say of when each source is, whether it goes on, and where it breaks."""
    days: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in rows:
        if row.estimate is not None:
            span = (row.period_start.isoformat(), row.period_end.isoformat(), row.period)
            days[row.source].add(span)
    read = Counter(file.source for file in quality.files)
    return [
        {
            "source": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "kind": source.kind,
            "periods": [label for _, _, label in sorted(days[source.id])],
            "first_day": min((start for start, _, _ in days[source.id]), default=None),
            "last_day": max((end for _, end, _ in days[source.id]), default=None),
            "files": read[source.id],
            "ended": source.ended,
            "breaks": list(source.breaks),
            "corrections": [asdict(correction) for correction in source.corrections],
            "to_confirm": len(source.to_confirm),
        }
        for source in sorted(catalogue.sources.values(), key=lambda one: one.id)
        if source.id in days or read[source.id]
    ]


def _checks(measures: Sequence[Measure], quality: Quality) -> list[dict[str, object]]:
    """List the checks that were run, how many things each looked at and how many did not pass."""
    verdicts = Counter(one.verdict for one in quality.published)
    compared = verdicts.total() - verdicts["not_in_release"]
    return [
        _check(
            "example_respondents",
            "Respondents by way of example fall where the definitions say.",
            sum(len(measure.examples) for measure in measures),
        ),
        _check(
            "printed_sums",
            "The areas below add up to the figure printed for the area above.",
            len(quality.additions),
            sum(not one.agrees for one in quality.additions),
        ),
        _check(
            "published_figures",
            "Figures printed elsewhere are ours but for rounding, or lie in our interval.",
            compared,
            verdicts["differs"],
        ),
        _check(
            "disclosure_audit",
            "Hidden counts cannot be worked out closer than the rule allows.",
            sum(one.audited for one in quality.hidden),
        ),
        _check(
            "files",
            "Files and columns that the definitions name are there and were read.",
            len(quality.files),
            len(quality.lost),
        ),
    ]


def _check(name: str, about: str, looked_at: int, failed: int = 0) -> dict[str, object]:
    return {"check": name, "about": about, "looked_at": looked_at, "failed": failed}
