"""What one outcome of an evaluation looks at: the same people's answers before and later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from social_evidence.app.participant_answers import (
    BEFORE,
    Participants,
    indicator_columns,
    is_absent,
)
from social_evidence.methods.arrays import Bools, Codes, Floats
from social_evidence.model.evaluation import Kind
from social_evidence.model.initiative import Reading, SuccessMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One outcome, as planned or not.

    Attributes:
        success: The success measure; its `shows_complement` is applied to every number.
        reading: Of it.
        words: As the claim says it.
        wave: The later wave.
        smallest: The smallest change that matters; None where nobody said.
        is_primary, is_planned: Of the registered plan.
        is_score: Answers count as numbers.
    """

    success: SuccessMeasure
    reading: Reading
    words: str
    wave: str
    smallest: float | None
    is_primary: bool
    is_planned: bool
    is_score: bool = False

    @property
    def kind(self) -> Kind:
        """What is measured: of a share, moves, a score, or a share of those without."""
        if self.is_score:
            return "score"
        if self.reading.way == "rise":
            return "moves"
        return "follow_up" if self.reading.way == "follow_up_share" else "share"

    @property
    def direction(self) -> float:
        """1 where more is better, -1 where less is, 0 where neither."""
        signs = {"higher_is_better": 1.0, "lower_is_better": -1.0, "": 0.0}
        return signs[self.success.direction]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """Everybody with a valid answer before, and their later answer where there is one.

    Attributes:
        kind: Of the outcome.
        before: (n,) never missing.
        after: (n,) NaN where there is no later answer.
        takes_part: (n,) false for people compared with.
        project, area: (n,) codes.
        groups: Breakdown -> (n,) group ids, None for not known.
        weighted_on: Breakdowns of them that are evened out.
    """

    kind: Kind
    before: Floats
    after: Floats
    takes_part: Bools
    project: Codes
    area: Codes
    groups: Mapping[str, Codes]
    weighted_on: tuple[str, ...]

    @property
    def start(self) -> Floats:
        """(n,) what a change starts from: nothing for moves, where only the way counts."""
        return np.zeros(self.before.size) if self.kind == "moves" else self.before

    @property
    def later(self) -> Floats:
        """(n,) what a change ends at: for moves 1 up, 0 none and -1 down."""
        if self.kind == "moves":
            way: Floats = np.sign(self.after - self.before)
            return way
        return self.after

    @property
    def change(self) -> Floats:
        """(n,) later less before; NaN where there is no later answer."""
        found: Floats = self.later - self.start
        return found

    @property
    def again(self) -> Bools:
        """(n,) whether a person answered again."""
        return np.isfinite(self.after)

    @property
    def has_arms(self) -> bool:
        """Whether people who did not take part were asked too."""
        return bool(self.takes_part.any() and not self.takes_part.all())

    def only(self, kept: Bools) -> Asked:
        """Keep some of the people."""
        return Asked(
            kind=self.kind,
            before=self.before[kept],
            after=self.after[kept],
            takes_part=self.takes_part[kept],
            project=self.project[kept],
            area=self.area[kept],
            groups={name: codes[kept] for name, codes in self.groups.items()},
            weighted_on=self.weighted_on,
        )

    @property
    def participants(self) -> Asked:
        """Those who take part."""
        return self.only(self.takes_part)

    def covariates(self) -> tuple[Floats, tuple[tuple[str, str], ...]]:
        """Give (n, k) columns of what is evened out, the answer before first, and their names.

        Columns that are the same for everybody are left out.
        """
        backgrounds = {name: self.groups[name] for name in self.weighted_on if name in self.groups}
        columns, names = indicator_columns(backgrounds, np.ones(self.before.size, dtype=bool))
        if self.before.size and np.ptp(self.before) > 0:
            columns = np.column_stack([self.before, columns])
            names = (("started", ""), *names)
        return columns, names


def asked_of(people: Participants, outcome: Outcome, breakdowns: Mapping[str, bool]) -> Asked:
    """Read one outcome's answers.

    Args:
        people: Everybody.
        outcome: What is looked at.
        breakdowns: Id -> whether it is evened out; those the answers lack are left aside.

    Raises:
        DataError: The item is no column of the answers.
    """
    before = people.values(BEFORE, outcome.reading, is_score=outcome.is_score)
    after = people.values(outcome.wave, outcome.reading, is_score=outcome.is_score)
    if outcome.success.shows_complement and outcome.kind in {"share", "follow_up"}:
        before, after = 1 - before, 1 - after
    kept = np.isfinite(before)
    if outcome.kind == "follow_up":
        kept = before == 0
    groups = {
        name: people.background(name) for name in breakdowns if name in people.table.column_names
    }
    every = Asked(
        kind=outcome.kind,
        before=before,
        after=after,
        takes_part=people.takes_part,
        project=people.project,
        area=people.area,
        groups=groups,
        weighted_on=tuple(name for name, is_evened in breakdowns.items() if is_evened),
    )
    return every.only(kept)


def has_any(codes: Codes) -> bool:
    """Say whether anybody's group is known."""
    return bool((~is_absent(codes)).any())
