"""What is true of the made-up participants: the one place that says it.

Tests read it too, so that what the program claims can be held against what is so. An effect is
what taking part adds to the share of yes; a drift is what would have changed without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SEED: Final = 20181113


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question put to participants.

    Attributes:
        question: The catalogue's question.
        start: Share of yes at the start.
        effect: What taking part adds to it by the end, in truth; 0 is no effect.
        drift: What changes by itself, in people compared with too.
        churn: How readily people change their answer for no reason, from 0 to 1.
        yes: Answers that are counted, the usual one first.
        others: Answers that are not.
        blank: Share of people who leave it out.
    """

    question: str
    start: float
    effect: float = 0.0
    drift: float = 0.0
    churn: float = 0.3
    yes: tuple[str, ...] = ("yes",)
    others: tuple[str, ...] = ("no",)
    blank: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A question with ordered answers, lowest first, at which people rise by steps.

    Attributes:
        start: Shares of the answers at the start.
        rises: Share of people who rise by a step who would not have.
        drift: Share who would rise anyhow, as people chosen for a low start do.
    """

    question: str
    steps: tuple[str, ...]
    start: tuple[float, ...]
    rises: float
    drift: float = 0.0
    blank: float = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The people of one initiative who start in one year.

    Attributes:
        initiative: Its id.
        projects: How many; each works in one borough.
        people: Who takes part.
        compared: People who do not, and are asked the same.
        keeps: Wave -> share of those who started who answer at it.
        boroughs: Codes of the boroughs it works in.
        compared_in: Boroughs of the people compared with; empty takes the same.
        items: Questions.
        ladders: Questions with steps.
        ages: Age band -> share.
        women: Share of women.
        spread: How much true effects differ from project to project (standard deviation).
        later_form: The version of the wording after the start, where it was changed.
        leavers: How much likelier those who said yes at the start are to go.
    """

    initiative: str
    projects: int
    people: int
    boroughs: tuple[str, ...]
    keeps: Mapping[str, float]
    compared: int = 0
    compared_in: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    ages: Mapping[str, float] = field(default_factory=dict)
    women: float = 0.55
    spread: float = 0.02
    later_form: str = "1"
    leavers: float = 0.0


def _boroughs(*numbers: int) -> tuple[str, ...]:
    return tuple(f"E090000{number:02d}" for number in numbers)


def _friends(about: str, start: float, effect: float) -> Item:
    return Item(
        question=f"friends_similar_{about}",
        start=start,
        effect=effect,
        churn=0.2,
        yes=("all",),
        others=("more_than_half", "about_half", "less_than_half", "none"),
    )


_AGREE: Final = ("agree", "strongly_agree")
_NOT_AGREE: Final = ("neither", "disagree", "strongly_disagree")
_PARENTS: Final = {"16_24": 0.12, "25_34": 0.48, "35_44": 0.34, "45_54": 0.06}
_YOUNG: Final = {"16_24": 0.94, "25_34": 0.06}
_MIXED: Final = {
    "16_24": 0.24,
    "25_34": 0.27,
    "35_44": 0.22,
    "45_54": 0.14,
    "55_64": 0.08,
    "65_over": 0.05,
}
_OLDER: Final = {"45_54": 0.12, "55_64": 0.28, "65_over": 0.60}
_LEVELS: Final = ("pre_entry", "entry_1", "entry_2", "entry_3", "level_1", "level_2")

COHORTS: Final[tuple[Cohort, ...]] = (
    Cohort(
        initiative="london_family_fund",
        projects=25,
        people=620,
        boroughs=_boroughs(2, 4, 10, 12, 14, 19, 22, 23, 25, 28, 30, 31),
        keeps={"after": 0.76},
        items=(
            _friends("age", 0.46, -0.09),
            _friends("ethnicity", 0.38, -0.10),
            _friends("income", 0.31, -0.03),
            _friends("education", 0.36, 0.0),
            Item(
                question="somebody_relied_on",
                start=0.15,
                effect=-0.03,
                churn=0.25,
                yes=("nobody",),
                others=("somebody",),
            ),
        ),
        ages=_PARENTS,
        women=0.78,
        leavers=0.04,
    ),
    Cohort(
        initiative="sport_unites",
        projects=18,
        people=420,
        boroughs=_boroughs(4, 8, 14, 19, 22, 25, 30, 32),
        keeps={"after": 0.72, "followup_6m": 0.58},
        items=(
            _friends("ethnicity", 0.41, -0.03),
            Item(
                question="belongs_to_neighbourhood",
                start=0.55,
                effect=0.04,
                yes=_AGREE,
                others=_NOT_AGREE,
            ),
            Item(question="active_sport", start=0.44, effect=0.15),
        ),
        ages=_MIXED,
        women=0.46,
        later_form="2",
    ),
    Cohort(
        initiative="esol_plus",
        projects=16,
        people=360,
        boroughs=_boroughs(2, 9, 14, 22, 25, 28, 30, 31),
        keeps={"after": 0.70},
        items=(
            Item(
                question="english_self_rated",
                start=0.28,
                effect=0.0,
                drift=0.05,
                yes=("well", "very_well"),
                others=("not_well", "not_at_all"),
            ),
        ),
        ladders=(
            Ladder(
                question="english_assessed",
                steps=_LEVELS,
                start=(0.42, 0.30, 0.18, 0.07, 0.02, 0.01),
                rises=0.14,
                drift=0.30,
            ),
        ),
        ages=_MIXED,
        women=0.68,
    ),
    Cohort(
        initiative="ceremonies_pilot",
        projects=8,
        people=460,
        boroughs=_boroughs(10, 12, 19, 22, 23, 25, 28, 30),
        compared=460,
        compared_in=_boroughs(4, 5, 9, 11, 14, 26, 31, 33),
        keeps={"followup_3m": 0.72, "followup_6m": 0.66, "followup_12m": 0.55},
        items=(
            Item(question="ceremony_volunteered", start=0.16, effect=0.065, drift=0.06, churn=0.12),
            Item(question="ceremony_joined", start=0.24, effect=0.0, drift=0.05, churn=0.12),
            Item(question="ceremony_registered", start=0.12, effect=0.15, drift=0.28, churn=0.05),
        ),
        ages=_MIXED,
        spread=0.01,
    ),
    Cohort(
        initiative="mi_wifi",
        projects=3,
        people=210,
        boroughs=_boroughs(23),
        compared=205,
        keeps={"after": 0.95},
        items=(
            Item(
                question="internet_last_used",
                start=0.82,
                effect=-0.34,
                drift=-0.04,
                churn=0.1,
                yes=("never", "lapsed"),
                others=("recent",),
            ),
        ),
        ages=_OLDER,
        women=0.6,
        spread=0.01,
    ),
    Cohort(
        initiative="reward_and_recognition",
        projects=20,
        people=440,
        boroughs=_boroughs(2, 8, 10, 14, 16, 22, 25, 26, 29, 31),
        keeps={"after": 0.74, "followup_6m": 0.60},
        items=(Item(question="volunteered_formally", start=0.42, effect=0.0),),
        ages=_YOUNG,
        women=0.57,
        spread=0.0,
    ),
)
"""Cohorts whose participants are asked."""

NO_EFFECT: Final = ("reward_and_recognition",)
"""Initiatives none of whose outcomes changes because of them."""

ENGAGED: Final[Mapping[str, int]] = {
    "2025Q4": 22,
    "2026Q1": 41,
    "2026Q2": 47,
    "2026Q3": 52,
    "2026Q4": 55,
}
"""Employers of the Workforce Integration Network that are engaged or further, by quarter."""
EXPECTED: Final[Mapping[str, int]] = {"2025Q4": 22, "2026Q1": 41, "2026Q3": 52, "2026Q4": 55}
"""Employers asked for a return, by quarter."""
RETURNED: Final[Mapping[str, int]] = {"2025Q4": 18, "2026Q1": 33, "2026Q3": 40, "2026Q4": 44}
"""Those of them that made one."""
SAYING_YES: Final[Mapping[str, int]] = {"2025Q4": 7, "2026Q1": 16, "2026Q3": 23, "2026Q4": 27}
"""Those of them that monitor ethnicity."""
