"""Publication plan: which breakdowns are published for which areas and periods."""

from __future__ import annotations

from dataclasses import dataclass, field

from social_evidence.errors import DefinitionError


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
class ReliabilityRule:
    """When a figure is graded A, B or C; beyond the last limit it is D.

    Attributes:
        width: Largest full widths of the interval of a share, or of a difference of shares.
        relative_error: Largest standard errors of a rate, mean or total as a share of it.
    """

    width: tuple[float, ...] = (0.05, 0.10, 0.20)
    relative_error: tuple[float, ...] = (0.05, 0.10, 0.20)

    def __post_init__(self) -> None:
        for name, limits in (("width", self.width), ("relative_error", self.relative_error)):
            rising = len(limits) == len(set(limits)) and sorted(limits) == list(limits)
            if len(limits) != 3 or not rising or limits[0] <= 0:
                raise DefinitionError(
                    f"plan.toml: reliability.{name} is {list(limits)}; it is three limits above 0, "
                    "for A, B and C, each larger than the one before."
                )


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
        reliability: By which limits figures are graded A to D.
    """

    single: tuple[str, ...] = ()
    crossings: tuple[str, ...] = ()
    overlapping_pools: bool = False
    zeros: bool = False
    exceptions: tuple[PlanRule, ...] = ()
    reliability: ReliabilityRule = field(default_factory=ReliabilityRule)
