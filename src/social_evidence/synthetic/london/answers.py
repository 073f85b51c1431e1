"""Turn outcomes into the chances and the answers of each person, meeting every target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.chance import Codes, Mask, stream, uniforms
from social_evidence.synthetic.london.outcomes import Outcome, Target
from social_evidence.synthetic.london.places import read_places

Reals = npt.NDArray[np.float32]
Aim = tuple[Mask, float]
_ROUNDS: Final = 25
_YEAR_SPREAD: Final = 0.02
_GROUPS: Final = (
    *("sex", "ethnic", "age_band", "religion", "disability", "tenure", "qualification"),
    *("social_class", "orientation", "born", "language", "income"),
)
"""Columns whose groups all differ a little in every outcome; income is the last."""


class Crowd(Protocol):
    """What the answers need to know of a city."""

    @property
    def seed(self) -> int:
        """From which everything follows."""
        ...

    @property
    def area(self) -> Codes:
        """Place of each person's area among `codes.AREAS`."""
        ...

    @property
    def age(self) -> Codes:
        """Whole years."""
        ...

    @property
    def household(self) -> npt.NDArray[np.int32]:
        """Running number of the household."""
        ...

    @property
    def benefit_unit(self) -> npt.NDArray[np.int32]:
        """Running number of the benefit unit."""
        ...

    @property
    def neighbourhood(self) -> npt.NDArray[np.int32]:
        """Running number of the neighbourhood."""
        ...

    @property
    def deprivation(self) -> Reals:
        """Score of the neighbourhood."""
        ...

    def groups(self, column: str) -> tuple[Codes, tuple[str, ...]]:
        """Return a column's codes and the ids they stand for."""
        ...

    def applies(self, outcome: Outcome | str) -> Mask:
        """Tell who is asked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NullWorld:
    """Who has the same chances as each other, for testing verdicts: where there is no difference.

    Attributes:
        outcomes: Outcomes it holds for; all when empty.
        groups: Column → group ids: people in any of these groups have one chance.
        boroughs: Area codes: people who live in any of these have one chance.
            With neither groups nor boroughs, everybody has.
    """

    outcomes: frozenset[str] = frozenset()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    boroughs: tuple[str, ...] = ()

    def chosen(self, crowd: Crowd, outcome: Outcome) -> Mask:
        """Tell who shares one chance of a yes."""
        nobody = np.zeros(len(crowd.area), dtype=np.bool_)
        if self.outcomes and outcome.id not in self.outcomes:
            return nobody
        if not self.groups and not self.boroughs:
            return ~nobody
        chosen = np.isin(crowd.area, [codes.AREAS.index(code) for code in self.boroughs])
        for column, ids in self.groups:
            chosen |= member(crowd, column, ids)
        unit = _unit(crowd, outcome)
        if unit is None:
            return np.asarray(chosen)
        touched = np.bincount(unit, weights=chosen) > 0
        return np.asarray(touched[unit])


def member(crowd: Crowd, column: str, ids: Iterable[str]) -> Mask:
    """Tell who belongs to one of some groups."""
    values, known = crowd.groups(column)
    return np.isin(values, [known.index(group) for group in ids])


def place_mask(crowd: Crowd, place: str) -> Mask:
    """Tell who lives in London, in the rest of England or in the rest of the kingdom."""
    if place == "london":
        return np.asarray(crowd.area < codes.REST_OF_ENGLAND)
    return np.asarray(crowd.area == codes.AREAS.index(place))


def luck(crowd: Crowd, outcome: Outcome, year: float) -> Reals:
    """Return the logit of each person's luck in a year; a yes is a luck below the log odds.

    Somebody's luck is the same in every year with chance `stay`, and that of the household with
    the chance that ties two of its people; each alone is uniform, so chances are met exactly.
    """
    size, seed, name = len(crowd.area), crowd.seed, outcome.id
    unit = _unit(crowd, outcome)
    kept = uniforms(seed, name, "luck", size=size)
    stays = uniforms(seed, name, "stays", year, size=size) < outcome.stay
    fresh = uniforms(seed, name, "luck of", year, size=size)
    if unit is not None:
        kept, stays, fresh = kept[unit], stays[unit], fresh[unit]
    elif outcome.household_tie:
        tied = uniforms(seed, name, "tied", size=size) < outcome.household_tie**0.5
        common = uniforms(seed, name, "luck of homes", size=size)[crowd.household]
        kept = np.where(tied, common, kept)
    chance = np.where(stays, kept, fresh)
    return np.asarray(np.log(chance) - np.log1p(-chance), dtype=np.float32)


def odds(crowd: Crowd, outcome: Outcome, extra: Sequence[Aim] = ()) -> Reals:
    """Return the log odds of a yes in the reference year, with every target met exactly.

    Args:
        crowd: The people.
        outcome: What is asked.
        extra: Further parts of the people and their shares, for targets that only figures of
            the city itself can say.
    """
    score = _score(crowd, outcome)
    unit = _unit(crowd, outcome)
    if unit is not None:
        score = score[np.unique(unit, return_index=True)[1]][unit]
    asked = crowd.applies(outcome)
    aims = [*_aims(crowd, outcome, asked), *extra]
    chance = luck(crowd, outcome, outcome.year)
    places = [(np.flatnonzero(mask & asked), share) for mask, share in aims]
    wanted = [(rows, share) for rows, share in places if len(rows)]
    for _ in range(_ROUNDS if len(wanted) > 3 else 1):
        for rows, share in wanted:
            score[rows] += _shift(chance[rows] - score[rows], share)
    return score


def level(crowd: Crowd, outcome: Outcome, score: Reals, world: NullWorld) -> Reals:
    """Give the chosen people of a null world their common chance."""
    chosen = world.chosen(crowd, outcome) & crowd.applies(outcome)
    if not chosen.any():
        return score
    share = float(np.mean(1 / (1 + np.exp(-score[chosen]))))
    return np.where(chosen, np.float32(np.log(share / (1 - share))), score).astype(np.float32)


def moved(crowd: Crowd, outcome: Outcome, score: Reals, year: float) -> Reals:
    """Move log odds of the reference year to another year."""
    gone = year - outcome.year
    if not gone:
        return score
    wobble = _YEAR_SPREAD * float(stream(crowd.seed, outcome.id, "year", year).standard_normal())
    later = score + np.float32(outcome.drift * gone + wobble)
    for column, effects in outcome.group_drift.items():
        later += np.float32(gone) * _effect(crowd, column, effects)
    return np.asarray(later, dtype=np.float32)


def _shift(lead: Reals, share: float) -> np.float32:
    """Return what must be added to the log odds for that share of yes among these people."""
    count = round(share * len(lead))
    if count <= 0 or count >= len(lead):
        return np.float32(np.clip(0, lead.min() - 1, None) if count <= 0 else lead.max() + 1)
    parts = np.partition(lead, (count - 1, count))
    return np.float32((float(parts[count - 1]) + float(parts[count])) / 2)


def _unit(crowd: Crowd, outcome: Outcome) -> npt.NDArray[np.int32] | None:
    if outcome.shared == "person":
        return None
    return crowd.household if outcome.shared == "household" else crowd.benefit_unit


def _effect(crowd: Crowd, column: str, effects: object) -> Reals:
    values, known = crowd.groups(column)
    table = np.zeros(len(known) + 1, dtype=np.float32)  # the last is for code -1: does not apply
    # Effects stand among numbers in one table of settings, so their type is known here alone.
    for group, size in dict(effects).items():  # type: ignore[call-overload]
        table[known.index(group)] = size
    return np.asarray(table[values])


def _score(crowd: Crowd, outcome: Outcome) -> Reals:
    """Add up the effects of groups, neighbourhood and borough."""
    chance = stream(crowd.seed, outcome.id, "effects")
    score = np.float32(outcome.deprivation) * crowd.deprivation
    for column in _GROUPS[:-1] if outcome.before_income else _GROUPS:
        known = crowd.groups(column)[1]
        small = chance.standard_normal(len(known)) * outcome.group_spread
        given = outcome.effects.get(column, {})
        score += _effect(
            crowd,
            column,
            {group: given.get(group, 0.0) + small[i] for i, group in enumerate(known)},
        )
    for column, effects in outcome.effects.items():
        if column not in _GROUPS:
            score += _effect(crowd, column, effects)
    borough = chance.standard_normal(len(codes.AREAS)).astype(np.float32)
    score += np.float32(outcome.borough_spread) * borough[crowd.area]
    blocks = int(crowd.neighbourhood.max()) + 1
    near = chance.standard_normal(blocks).astype(np.float32)
    score += np.float32(outcome.neighbourhood_spread) * near[crowd.neighbourhood]
    return np.asarray(score, dtype=np.float32)


def _aims(crowd: Crowd, outcome: Outcome, asked: Mask) -> list[Aim]:
    """List the parts of the people with a share to meet; whole blocks last, so that they hold."""
    aims = [*_borough_aims(crowd, outcome, asked)]
    aims += [(_mask(crowd, target), target.share) for target in outcome.targets]
    for place in ("london", "rest_of_england", "rest_of_uk"):
        aims.append((place_mask(crowd, place), outcome.share_in(place)))
    return aims


def _mask(crowd: Crowd, target: Target) -> Mask:
    first, last = target.ages
    mask = place_mask(crowd, target.place) & (crowd.age >= first) & (crowd.age <= last)
    for column, ids in target.where.items():
        mask &= member(crowd, column, ids)
    return np.asarray(mask)


def _borough_aims(crowd: Crowd, outcome: Outcome, asked: Mask) -> list[Aim]:
    """Move the pattern of the boroughs to London's share, and lessen it as the outcome says."""
    pattern = _pattern(outcome)
    if not pattern:
        return []
    order = [codes.AREAS.index(code) for code in pattern]
    people = np.bincount(crowd.area[asked], minlength=len(codes.AREAS))[order]
    shares = np.array(list(pattern.values()))
    share = borough_shares(shares, people, outcome.london, outcome.borough_weight)
    return [
        (np.asarray(crowd.area == place), float(to)) for place, to in zip(order, share, strict=True)
    ]


def borough_shares(
    pattern: npt.NDArray[np.float64],
    people: npt.NDArray[np.int64],
    share: float,
    weight: float,
) -> npt.NDArray[np.float64]:
    """Lessen a pattern on the scale of log odds and move it to a mean."""
    lean = np.log(pattern / (1 - pattern))
    lean = weight * (lean - np.average(lean, weights=np.maximum(people, 1)))
    move = float(np.log(share / (1 - share)))
    for _ in range(50):
        shares = 1 / (1 + np.exp(-(lean + move)))
        off = share - np.average(shares, weights=np.maximum(people, 1))
        move += off / (share * (1 - share))
    return np.asarray(1 / (1 + np.exp(-(lean + move))))


def _pattern(outcome: Outcome) -> dict[str, float]:
    if isinstance(outcome.boroughs, str):
        column = read_places().columns[outcome.boroughs]
        return {code: float(column[i]) for i, code in enumerate(codes.AREAS[:33])}
    if not outcome.boroughs:
        return {}
    listed = dict(outcome.boroughs)
    return {code: listed.get(code, outcome.london + 0.012) for code in codes.AREAS[:33]}
