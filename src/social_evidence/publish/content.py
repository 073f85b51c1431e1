"""What a publication is made from: one release, its tables, and a name beside every code.

Every format is a pure function of `Content` and writes no figure that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pyarrow as pa

from social_evidence.model.release import Manifest, State

Mark = Literal["synthetic", "draft", "pre_release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Names of codes, as people read them. Every code in the release's tables has one.

    parts: (measure, part) -> name. series: (measure, series) -> name. groups: (breakdown,
    group) -> name; crossings are there as they stand in the tables. flags: one flag -> name.
    """

    populations: Mapping[str, str]
    measures: Mapping[str, str]
    parts: Mapping[tuple[str, str], str]
    series: Mapping[tuple[str, str], str]
    periods: Mapping[str, str]
    areas: Mapping[str, str]
    breakdowns: Mapping[str, str]
    groups: Mapping[tuple[str, str], str]
    statistics: Mapping[str, str]
    units: Mapping[str, str]
    interval_methods: Mapping[str, str]
    methods: Mapping[str, str]
    variance_bases: Mapping[str, str]
    sources: Mapping[str, str]
    statuses: Mapping[str, str]
    reliabilities: Mapping[str, str]
    flags: Mapping[str, str]
    kinds: Mapping[str, str]
    verdicts: Mapping[str, str]
    initiatives: Mapping[str, str] = field(default_factory=dict)
    success_measures: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """Column -> code -> name, of codes that are words and have no table of their own."""
        return {
            "population": self.populations,
            "statistic": self.statistics,
            "unit": self.units,
            "method": self.methods,
            "interval_method": self.interval_methods,
            "variance_basis": self.variance_bases,
            "status": self.statuses,
            "reliability": self.reliabilities,
            "flags": self.flags,
            "kind": self.kinds,
            "verdict": self.verdicts,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesText:
    """One series of a measure. question: wording by language tag, empty for counts."""

    id: str
    name: str
    part: str
    source: str
    source_name: str
    periods: tuple[str, ...]
    note: str = ""
    question: Mapping[str, str]
    asked_of: str = ""
    numerator: str = ""
    denominator: str = ""
    formula: str = ""
    formula_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureText:
    """A measure in words. direction, unit: codes; the `_name` beside each is what people read.

    breakdowns: ids that the release has figures for, `all` first. areas: codes, likewise.
    """

    id: str
    version: int
    title: str
    domain: str
    domain_name: str
    theme: str
    rationale: str
    direction: str
    direction_name: str
    unit: str
    unit_name: str
    statistic: str
    statistic_name: str
    headline: tuple[str, str, str, str]
    parts: tuple[str, ...]
    series: tuple[SeriesText, ...]
    breakdowns: tuple[str, ...]
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    supporting: bool
    notes: tuple[str, ...]
    rows: int
    comparison_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A source in words. files: (name, sha-256, period) of the files that were read."""

    id: str
    kind: str
    title: str
    publisher: str
    licence: str
    url: str
    how_to_get: str
    synthetic: bool
    ended: str
    notes: tuple[str, ...]
    breaks: tuple[str, ...]
    files: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaText:
    """An area: a row of the release's areas table, with its kind and its parent in words."""

    code: str
    name: str
    kind: str
    kind_name: str
    parent: str
    parent_name: str
    tree: str
    vintage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownText:
    """A breakdown, or a crossing, with its groups in order: (id, label)."""

    id: str
    title: str
    groups: tuple[tuple[str, str], ...]
    reference: str = ""
    standard: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodText:
    """A period. start, end: first and last day, both included."""

    label: str
    name: str
    short_name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Under which licence the publication may be used; empty where nobody has said so."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotice:
    """One release of the evidence base, for its history and its feed.

    updated: the day its state last changed, or that it was created on.
    counts: what changed -> rows, from its table of changes. notes: the reasons given.
    reason: why it was withdrawn.
    """

    version: str
    created: str
    state: State
    updated: str
    title: str
    previous: str = ""
    next: str = ""
    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A release made ready for publication.

    Attributes:
        manifest: What the release states about itself: version, date, digests, sources.
        title: The evidence base's name.
        state: Whether somebody has approved the release.
        marks: What every file must bear: made-up figures, a draft, a copy before its day.
        notices: A sentence for each mark, and for what readers must know first.
        publisher: Who publishes; empty where nobody has said so.
        licence: Under which licence.
        address: Where the publication will stand on the web, ending in `/`; empty for none.
        estimates: The contract's table as stored.
        comparisons: The contract's table as stored.
        named_estimates: The same rows in the same order, a name beside every code.
        named_comparisons: The same.
        changes: The release's table of changes; numbers are float64, all else text.
        labels: Names of codes.
        measures, sources, areas, breakdowns, periods: What the codes stand for. Measures by
            domain and title, sources by title, areas as people expect them, periods by days.
        provenance: One record for each measure, part, series and period, as stored.
        quality: As stored.
        history: Every release of the evidence base up to this one's successors, oldest first.
        initiatives: The contract's table of initiatives as stored; without rows where there are
            none.
        named_initiatives: The same rows in the same order, a name beside every code.
    """

    manifest: Manifest
    title: str
    state: State
    marks: tuple[Mark, ...]
    notices: tuple[str, ...]
    publisher: str
    licence: Licence
    address: str
    estimates: pa.Table
    comparisons: pa.Table
    named_estimates: pa.Table
    named_comparisons: pa.Table
    changes: pa.Table
    labels: Labels
    measures: tuple[MeasureText, ...]
    sources: tuple[SourceText, ...]
    areas: tuple[AreaText, ...]
    breakdowns: tuple[BreakdownText, ...]
    periods: tuple[PeriodText, ...]
    provenance: tuple[Mapping[str, object], ...]
    quality: Mapping[str, object]
    history: tuple[ReleaseNotice, ...]
    initiatives: pa.Table = field(default_factory=lambda: pa.table({}))
    named_initiatives: pa.Table = field(default_factory=lambda: pa.table({}))

    @property
    def version(self) -> str:
        """The release's version, for example `2026.1.0`."""
        return self.manifest.version
