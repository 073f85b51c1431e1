"""How many people an evaluation needs, and how small a change so many could show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy import optimize

from social_evidence.errors import DataError
from social_evidence.methods.evaluation.planning import (
    before_dropout,
    changed_people,
    cluster_effect,
    detectable_share,
    of_few,
    paired_t_people,
    paired_t_size,
    two_groups_t_people,
    two_shares_people,
)

Kind = Literal["same_people", "two_groups", "same_people_score", "two_groups_score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleAsked:
    """A question about numbers of people.

    Attributes:
        kind: The same people asked yes or no twice; two groups compared by a share; or either by
            a score.
        change: The change, or difference, that should be seen: of a share in points of 1, of a
            score in its spreads.
        before: Share of yes at the start, or in the group compared with.
        moved: Same people: share who change their answer either way.
        per_project: People of one project; 1 where there are none.
        alike: How alike people of one project are (correlation within projects).
        lost: Share who will not answer again.
        population: How many there are at all; None for very many.
        people: How many can be had: what is asked then is how small a change they show.
        power: Chance to see the change.
        significance: Two-sided.
    """

    kind: Kind = "same_people"
    change: float = 0.1
    before: float = 0.5
    moved: float = 0.3
    per_project: float = 1.0
    alike: float = 0.02
    lost: float = 0.3
    population: int | None = None
    people: int | None = None
    power: float = 0.8
    significance: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleNeeded:
    """The answer.

    Attributes:
        groups: 1, or 2 where two are compared: all numbers are of each.
        answers: People with all answers that are needed.
        cluster_factor: By how much projects multiply them.
        with_projects: After that.
        of_population: After allowing for how few there are.
        to_begin: To begin with, so that so many are left.
        projects: How many projects that makes; None without projects.
        detectable: Smallest change that the people there are could show; None where none were
            named, or where no change at all could be shown.
    """

    groups: int
    answers: int
    cluster_factor: float
    with_projects: int
    of_population: int
    to_begin: int
    projects: int | None
    detectable: float | None = None


def people_needed(asked: PeopleAsked) -> PeopleNeeded:
    """Say how many people are needed to see a change.

    Args:
        asked: What is to be seen, and what is known.

    Raises:
        DataError: A number cannot be: a share outside 0 and 1, a change of nothing.
    """
    _check(asked)
    exact = _answers(asked)
    factor = cluster_effect(asked.per_project, asked.alike)
    spread = exact * factor
    limited = spread if asked.population is None else of_few(spread, asked.population)
    begin = before_dropout(limited, asked.lost)
    to_begin = _up(begin)
    return PeopleNeeded(
        groups=2 if asked.kind.startswith("two_groups") else 1,
        answers=_up(exact),
        cluster_factor=factor,
        with_projects=_up(spread),
        of_population=_up(limited),
        to_begin=to_begin,
        projects=math.ceil(to_begin / asked.per_project) if asked.per_project > 1 else None,
        detectable=None if asked.people is None else _detectable(asked, asked.people, factor),
    )


def _check(asked: PeopleAsked) -> None:
    shares = {"before": asked.before, "moved": asked.moved, "alike": asked.alike}
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise DataError(f"{name} is {value:g}; it lies from 0 to 1, as 0.3 for 30 in 100.")
    if not (asked.change and math.isfinite(asked.change)):
        raise DataError("A change of nothing can never be seen; name the smallest that matters.")
    if asked.per_project < 1:
        raise DataError(f"{asked.per_project:g} people in a project: 1 is the least.")
    for name, value in (("power", asked.power), ("significance", asked.significance)):
        if not 0 < value < 1:
            raise DataError(f"{name} is {value:g}; it lies between 0 and 1.")
    if asked.population is not None and asked.population < 1:
        raise DataError("The population is 1 or more.")


def _answers(asked: PeopleAsked) -> float:
    known = {"power": asked.power, "significance": asked.significance}
    if asked.kind == "same_people":
        return changed_people(asked.moved, asked.change, **known)
    if asked.kind == "two_groups":
        return two_shares_people(asked.before, asked.before + asked.change, **known)
    if asked.kind == "same_people_score":
        return paired_t_people(asked.change, **known)
    return two_groups_t_people(asked.change, **known)


def _detectable(asked: PeopleAsked, people: int, factor: float) -> float | None:
    """Turn the question round: from the people there are to the change they show."""
    left = people * (1 - asked.lost)
    if asked.population is not None and left < asked.population:
        # The inverse of what a small population saves.
        left = left * (1 - 1 / asked.population) / (1 - left / asked.population)
    own = left / factor
    if own < 3:
        return None
    known = {"power": asked.power, "significance": asked.significance}
    if asked.kind == "same_people":
        if changed_people(asked.moved, asked.moved, **known) > own:
            return None
        return float(
            optimize.brentq(
                lambda change: changed_people(asked.moved, change, **known) - own,
                1e-6,
                asked.moved,
            )
        )
    if asked.kind == "two_groups":
        return detectable_share(asked.before, own, **known)
    if asked.kind == "same_people_score":
        return paired_t_size(own, **known)
    low = optimize.brentq(lambda size: two_groups_t_people(size, **known) - own, 1e-3, 20.0)
    return float(low)


def _up(people: float) -> int:
    """Round up: half a person answers nothing. A hair above a whole number is rounding."""
    return math.ceil(people - 1e-9)
