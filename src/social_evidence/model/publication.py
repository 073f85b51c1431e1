"""Publication plan: which breakdowns are published for which areas and periods."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRule:
    """An exception to the plan, for some measures or breakdowns; the last that fits counts.

    Attributes:
        measures: Ids; empty means every measure.
        breakdowns: Ids, crossings included; empty means every one, `all` for everybody.
        areas: Kinds or codes of areas they are published for; empty means none.
        reason: Why, in words.
    """

    measures: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPlan:
    """What a catalogue publishes of all that could be computed.

    Attributes:
        single: Kinds or codes of areas for which everybody and single breakdowns are published;
            empty means every area.
        crossings: Kinds or codes of areas for which crossings are published; empty means every
            area.
        overlapping_pools: True where pools of waves may share waves.
        zeros: True where a cell with nobody in it is shown as such; else it is protected.
        exceptions: Exceptions, in order.
    """

    single: tuple[str, ...] = ()
    crossings: tuple[str, ...] = ()
    overlapping_pools: bool = False
    zeros: bool = False
    exceptions: tuple[PlanRule, ...] = ()
