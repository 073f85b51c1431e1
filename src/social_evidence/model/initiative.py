"""Initiatives: what a city does about what it measures, and how each is to be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Stage = Literal["planned", "under_way", "done", "stopped"]
Computed = Literal[
    "participant_survey", "monitoring_return", "register", "administrative", "survey_benchmark"
]
Counted = Literal[
    "people",
    "families",
    "learners",
    "employers",
    "providers",
    "boroughs",
    "places",
    "hours",
    "applications",
    "entries",
]
Way = Literal[
    "paired_share",
    "follow_up_share",
    "rise",
    "returns_total",
    "returns_share",
    "register",
    "figure",
    "unpublished",
]
Register = Literal["", "events", "people", "services"]
Wave = Literal["before", "after", "change", "followup_3m", "followup_6m", "followup_12m"]
Span = Literal["year", "quarter", "as_stated"]

HEADLINE: Final = "headline"
"""The reading a success measure is known by."""
FOLLOW_UPS: Final[tuple[Wave, ...]] = ("followup_3m", "followup_6m", "followup_12m")
FROM_ANSWERS: Final[frozenset[Way]] = frozenset({"paired_share", "follow_up_share", "rise"})
"""Ways that read participants' answers; the others read returns, registers or other figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one number of a success measure is worked out.

    Attributes:
        way: `paired_share`: the share of `yes` before and after, among people with a valid answer
            both times, and the change. `follow_up_share`: of those who did not say `yes` before,
            the share who do so later. `rise`: the share whose answer rose by a step or more.
            `returns_total`: what returns add up to. `returns_share`: of the organisations that
            made a return, the share whose return counts at least one. `register`: rows of a
            register, counted or summed. `figure`: a figure of this release about residents, as
            background. `unpublished`: nobody publishes what it needs.
        item: `headline`, or the id of a second reading.
        title: What a second reading is of; empty for the headline.
        statistic: Empty takes the success measure's; `proportion` for the shares of a register.
        counted: Empty takes the success measure's.
        question: Answers: the question's id, which is the column of the answers.
        yes: Answers: codes that are counted; always those of the measure, where there is one.
        among: Answers: codes of the base; empty takes every answer of the question. For `rise`
            the steps, lowest first. For `returns_share`, `expected` puts below the line all that
            were asked for a return.
        waves: Answers: follow-ups that are asked.
        wave: The wave the reading is known by; empty for none.
        register: Which register.
        where: Column of the register -> codes that are counted.
        among_where: The rows that are looked at, which are those below the line of a share.
        distinct: Column of which different values are counted; empty counts rows.
        total: Column that is summed instead.
        on_last_day: People of a register count where they are active on the period's last day.
        span: The periods: by calendar year, by quarter, or as the records state them.
        by: Further columns by which it is divided: no breakdowns of people.
        measure: For `figure`: the measure.
        part: For `figure`: its part.
        series: For `figure`: its series; empty takes the one that goes on longest.
        breakdown: For `figure`: the breakdown; `all` for everybody.
        groups: For `figure`: its groups; empty takes every one.
        by_area: For `figure`: every borough's too.
        reason: For `unpublished`: why, and what would have to be published.
    """

    way: Way
    item: str = HEADLINE
    title: str = ""
    statistic: Literal["", "proportion", "difference", "count", "rate", "ratio"] = ""
    counted: Literal["", Counted] = ""
    question: str = ""
    yes: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    waves: tuple[Wave, ...] = ()
    wave: Literal["", "change", "followup_3m", "followup_6m", "followup_12m"] = ""
    register: Register = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    among_where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    distinct: str = ""
    total: str = ""
    on_last_day: bool = False
    span: Span = "year"
    by: tuple[str, ...] = ()
    measure: str = ""
    part: str = "all"
    series: str = ""
    breakdown: str = "all"
    groups: tuple[str, ...] = ()
    by_area: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Money put into an initiative, as its publisher states it.

    Attributes:
        pounds: The amount; None where it is said in words only.
        giver: Who gives it.
        note: What the amount is for, and over what time.
    """

    giver: str
    pounds: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessMeasure:
    """One way to tell whether an initiative does what it is meant to.

    Attributes:
        id: Its address, in capitals with hyphens, for example `LFF-FRIENDS-AGE`. It never changes.
        title: What people read.
        computed_from: Kind of record that gives it.
        entity: The records and items it is worked out from, in our words.
        statistic: `proportion`, `difference` (change in the same people), `count`, `rate` or
            `ratio`.
        counted: What one of it is.
        numerator: Who or what is counted.
        denominator: Among whom; empty for a plain count.
        measure: The city's measure that asks the same question; empty where there is none.
        part: Its part; empty where the measure has none.
        shows_complement: The measure counts the opposite: what is shown is one less it.
        breakdowns: Harmonised breakdowns by which it is given.
        not_asked: Breakdown -> groups that its question is not for, such as children where only
            adults are asked: nobody is in them, and everybody may know it.
        other_breakdowns: Further ways it is divided, in words, which are no breakdown of people.
        by_borough: Whether it is given by borough.
        benchmark: What it is set against; empty for nothing.
        caveat: What must be known to read it.
        direction: Which way is meant; empty where neither is.
        baseline: Its value at the start, in its unit; None where it is not known yet.
        target: What was aimed at; None where no target was set.
        is_context: It is shown beside the initiative and never credited to it.
        readings: How its numbers are worked out; the first is the `headline`.
    """

    id: str
    title: str
    computed_from: Computed
    entity: str
    statistic: Literal["proportion", "difference", "count", "rate", "ratio"]
    counted: Counted
    numerator: str
    denominator: str = ""
    measure: str = ""
    part: str = ""
    shows_complement: bool = False
    breakdowns: tuple[str, ...] = ()
    not_asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other_breakdowns: tuple[str, ...] = ()
    by_borough: bool = False
    benchmark: str = ""
    caveat: str = ""
    direction: Literal["", "higher_is_better", "lower_is_better"] = ""
    baseline: float | None = None
    target: float | None = None
    is_context: bool = False
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """Something a city does, under the actions of its strategy.

    Attributes:
        id: The file's name.
        title: Its name.
        summary: What it is, in our own short words.
        actions: Numbers of the strategy's actions it carries out.
        stage: As of the strategy, or of the newest source named.
        lead: Who leads it.
        partners: Who else takes part, as the source names them.
        for_whom: Whom it is for.
        places: Codes of areas it works in; empty for the whole city or not said.
        starts: The year it begins; None where it is not said.
        years: How many years it is to run; None where it is not said.
        funding: What is put into it.
        measures: The city's measures it bears on.
        success_measures: How it is to be judged.
        source: Where all this is stated.
        note: What must be known besides.
    """

    id: str
    title: str
    summary: str
    actions: tuple[str, ...]
    source: str
    stage: Stage = "planned"
    lead: str = ""
    partners: tuple[str, ...] = ()
    for_whom: str = ""
    places: tuple[str, ...] = ()
    starts: int | None = None
    years: int | None = None
    funding: tuple[Funding, ...] = ()
    measures: tuple[str, ...] = ()
    success_measures: tuple[SuccessMeasure, ...] = ()
    note: str = ""
