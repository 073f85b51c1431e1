"""Initiatives: what a city does about what it measures, and how each is to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
        other_breakdowns: Further ways it is divided, in words, which are no breakdown of people.
        by_borough: Whether it is given by borough.
        benchmark: What it is set against; empty for nothing.
        caveat: What must be known to read it.
        direction: Which way is meant; empty where neither is.
        baseline: Its value at the start, in its unit; None where it is not known yet.
        target: What was aimed at; None where no target was set.
        is_context: It is shown beside the initiative and never credited to it.
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
    other_breakdowns: tuple[str, ...] = ()
    by_borough: bool = False
    benchmark: str = ""
    caveat: str = ""
    direction: Literal["", "higher_is_better", "lower_is_better"] = ""
    baseline: float | None = None
    target: float | None = None
    is_context: bool = False


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
