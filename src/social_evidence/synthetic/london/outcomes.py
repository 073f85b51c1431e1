"""What can be asked of the people of synthetic London, and what share of them says yes.

Values for London are the figures that the Mayor's strategy of 2018 prints, where it prints one;
the others are set by hand to be plausible. None says anything about the real London.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Place = Literal["london", "rest_of_england", "rest_of_uk"]
Effects = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A share that must come out in the reference year.

    Attributes:
        share: The share of yes.
        where: Column of the city → group ids that belong to the part of the people it is about;
            `ages` → first and last age.
        place: Which of the three blocks it is about.
    """

    share: float
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ages: tuple[int, int] = (0, 120)
    place: Place = "london"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A question that is answered yes or no.

    Attributes:
        id: Its name; everything random about it follows from the name.
        year: The reference year, in which the targets are met exactly.
        london: Share of London's people who say yes in that year.
        rest: The same of the rest of England; London's share when None.
        uk: The same of the rest of the United Kingdom; that of the rest of England when None.
        universe: Whom it is asked of: `everyone`, `adults`, `voters`, `working_age`,
            `with_friends`, `other_language`.
        effects: Column → group → what is added to the log odds.
        targets: Further shares to meet.
        boroughs: Area code → share, or the name of a column of `places.csv` that holds shares:
            London's pattern, moved to meet London's share.
        borough_weight: How much of that pattern holds, on the scale of log odds.
        borough_spread: Standard deviation of further borough effects.
        neighbourhood_spread: Standard deviation of neighbourhood effects.
        deprivation: Added for each standard deviation of the neighbourhood's deprivation.
        group_spread: Standard deviation of small effects of every group of every breakdown.
        shared: Whether the people of a household or of a benefit unit have one answer.
        before_income: Whether it goes into incomes, and so cannot follow from them.
        stay: Chance that somebody's luck of one year is that of all years.
        household_tie: Chance that two people of a household have the same luck.
        drift: Added to the log odds with each year.
        group_drift: Column → group → added with each year, for groups that catch up.
    """

    id: str
    year: float
    london: float
    rest: float | None = None
    uk: float | None = None
    universe: str = "adults"
    effects: Effects = field(default_factory=lambda: MappingProxyType({}))
    targets: tuple[Target, ...] = ()
    boroughs: Mapping[str, float] | str = field(default_factory=dict)
    borough_weight: float = 1.0
    borough_spread: float = 0.12
    neighbourhood_spread: float = 0.25
    deprivation: float = 0.0
    group_spread: float = 0.08
    shared: Literal["person", "household", "benefit_unit"] = "person"
    before_income: bool = False
    stay: float = 0.8
    household_tie: float = 0.2
    drift: float = 0.0
    group_drift: Effects = field(default_factory=lambda: MappingProxyType({}))

    def share_in(self, place: Place) -> float:
        """Return the share of yes in one of the three blocks."""
        rest = self.london if self.rest is None else self.rest
        if place == "london":
            return self.london
        return rest if place == "rest_of_england" or self.uk is None else self.uk


_OLDER_KNOW_FEWER = {"age_band": {"16_24": 0.35, "25_34": 0.1, "65_over": -0.15}}
_CHURN: Final = {
    "E09000033": 0.68,
    "E09000020": 0.70,
    "E09000030": 0.78,
    "E09000007": 0.76,
    "E09000001": 0.72,
    "E09000019": 0.83,
    "E09000013": 0.80,
    "E09000022": 0.83,
    "E09000025": 0.81,
    "E09000032": 0.85,
    "E09000005": 0.84,
    "E09000009": 0.86,
    "E09000016": 0.95,
    "E09000004": 0.95,
    "E09000006": 0.95,
    "E09000029": 0.93,
}
"""Local electors as a share of adults: the four inner boroughs lie where the strategy says."""

_LIST: Final = (
    Outcome(
        id="friends_similar_age",
        year=2014.5,
        london=0.32,
        rest=0.36,
        universe="with_friends",
        effects={"age_band": {"16_24": 0.9, "25_34": 0.3, "65_over": 0.2}},
        drift=-0.01,
    ),
    Outcome(
        id="friends_similar_ethnicity",
        year=2014.5,
        london=0.21,
        rest=0.58,
        uk=0.66,
        universe="with_friends",
        effects={
            "ethnic": {"white": 0.35, "mixed": -0.7, "bangladeshi": 0.3, "black": -0.3},
            "age_band": {"16_24": -0.4, "65_over": 0.5},
        },
        drift=-0.02,
    ),
    Outcome(
        id="friends_similar_income",
        year=2014.5,
        london=0.24,
        rest=0.25,
        universe="with_friends",
        effects={"income": {"lowest": 0.2, "highest": 0.15}},
    ),
    Outcome(
        id="friends_similar_education",
        year=2014.5,
        london=0.30,
        rest=0.26,
        universe="with_friends",
        effects={"qualification": {"degree": 0.4, "none": 0.25}},
    ),
    Outcome(
        id="no_one_to_rely_on",
        year=2013.5,
        london=0.21,
        rest=0.15,
        uk=0.14,
        effects={"partner": {"yes": -1.0}, "disability": {"disabled": 0.3}},
        targets=(Target(share=0.34, ages=(20, 24)), Target(share=0.24, ages=(55, 59))),
        deprivation=0.08,
    ),
    Outcome(
        id="backgrounds_get_on",
        year=2016.75,
        london=0.91,
        effects={"age_band": {"65_over": -0.2}, "disability": {"disabled": -0.25}},
        boroughs="police_trusted",
        borough_weight=0.5,
        borough_spread=0.25,
        deprivation=-0.12,
        drift=-0.02,
    ),
    Outcome(
        id="neighbours_trusted",
        year=2016.75,
        london=0.85,
        rest=0.88,
        effects={
            "age_band": {"16_24": -0.45, "25_34": -0.25, "65_over": 0.3},
            "ethnic": {"black": -0.35, "mixed": -0.25},
            "tenure": {"social_rent": -0.3, "owns_outright": 0.25},
        },
        boroughs="police_trusted",
        borough_weight=0.6,
        borough_spread=0.2,
        neighbourhood_spread=0.35,
        deprivation=-0.2,
        drift=-0.03,
    ),
    Outcome(
        id="good_place",
        year=2016.75,
        london=0.90,
        effects={"disability": {"disabled": -0.3}, "born": {"outside_uk": 0.3}},
        boroughs="police_trusted",
        borough_weight=0.4,
        borough_spread=0.2,
        deprivation=-0.1,
        drift=-0.03,
    ),
    Outcome(
        id="belongs",
        year=2015.0,
        london=0.66,
        rest=0.69,
        uk=0.71,
        effects={
            "age_band": {"16_24": -0.4, "25_34": -0.35, "65_over": 0.6},
            "tenure": {"private_rent": -0.4, "owns_outright": 0.2},
        },
        neighbourhood_spread=0.3,
        deprivation=-0.1,
    ),
    Outcome(
        id="organisation_member",
        year=2015.0,
        london=0.46,
        rest=0.52,
        effects={
            "social_class": {"higher": 0.5, "routine": -0.4, "never_worked": -0.6},
            "age_band": {"16_24": -0.3, "65_over": 0.3},
        },
    ),
    Outcome(
        id="volunteered",
        year=2015.25,
        london=0.26,
        rest=0.245,
        effects={
            "age_band": {"25_34": -0.25, "35_44": -0.1, "55_64": 0.25, "65_over": 0.35},
            "social_class": {"higher": 0.3, "routine": -0.5, "never_worked": -0.5},
        },
        boroughs="volunteered",
        borough_weight=0.8,
        borough_spread=0.0,
    ),
    Outcome(
        id="volunteered_formal",
        year=2017.0,
        london=0.33,
        rest=0.39,
        effects={
            "age_band": {"25_34": -0.25, "65_over": 0.25},
            "social_class": {"higher": 0.3, "routine": -0.5, "never_worked": -0.4},
        },
        boroughs="volunteered",
        borough_weight=0.6,
        drift=-0.05,
    ),
    Outcome(
        id="volunteered_informal",
        year=2018.0,
        london=0.52,
        rest=0.55,
        effects={"disability": {"disabled": -0.1}, "sex": {"female": 0.15}},
        drift=-0.02,
    ),
    Outcome(
        id="housing_unaffordable",
        year=2015.75,
        london=0.30,
        rest=0.16,
        uk=0.13,
        universe="everyone",
        effects={
            "tenure": {"private_rent": 1.5, "social_rent": 0.8, "owns_outright": -3.5},
            "income": {"lowest": 1.3, "highest": -1.2},
        },
        neighbourhood_spread=0.15,
        shared="household",
    ),
    Outcome(
        id="low_savings",
        year=2015.75,
        london=0.44,
        rest=0.40,
        uk=0.43,
        universe="everyone",
        effects={
            "tenure": {"private_rent": 0.7, "social_rent": 1.5, "owns_outright": -1.3},
            "income": {"lowest": 0.8, "highest": -0.9},
            "ethnic": {"black": 0.6, "bangladeshi": 0.6, "pakistani": 0.4},
        },
        neighbourhood_spread=0.15,
        shared="benefit_unit",
        drift=-0.01,
    ),
    Outcome(
        id="offline",
        year=2017.2,
        london=0.07,
        rest=0.10,
        uk=0.11,
        effects={"age_band": {"65_over": 2.2, "55_64": 0.5, "16_24": -1.0}},
        targets=(
            Target(share=0.35, ages=(65, 120)),
            Target(share=0.22, where={"disability": ("disabled",)}),
            Target(share=0.21, where={"activity": ("unemployed",)}),
        ),
        drift=-0.13,
        stay=0.9,
    ),
    Outcome(
        id="language_barrier",
        year=2015.7,
        london=0.17,
        rest=0.19,
        universe="other_language",
        effects={
            "ethnic": {"bangladeshi": 0.5, "chinese": 0.3, "indian": -0.3},
            "qualification": {"degree": -0.6, "none": 0.9},
        },
        drift=-0.02,
    ),
    Outcome(
        id="lonely_hardly_ever",
        year=2016.75,
        london=0.50,
        rest=0.55,
        effects={
            "age_band": {"16_24": -0.4, "65_over": 0.3},
            "disability": {"disabled": -0.7},
            "partner": {"yes": 0.6},
        },
        drift=-0.02,
    ),
    Outcome(
        id="active_sport",
        year=2016.85,
        london=0.58,
        rest=0.55,
        effects={
            "age_band": {"16_24": 0.5, "65_over": -0.7},
            "disability": {"disabled": -0.8},
            "social_class": {"higher": 0.4, "routine": -0.4},
        },
    ),
    Outcome(
        id="life_satisfaction",
        year=2016.75,
        london=0.80,
        rest=0.82,
        effects={
            "disability": {"disabled": -0.7},
            "activity": {"unemployed": -0.8, "retired": 0.3},
            "partner": {"yes": 0.4},
        },
    ),
    Outcome(
        id="registered",
        year=2016.9,
        london=0.86,
        rest=0.93,
        universe="voters",
        effects={
            "nationality": {"non_british": -1.8},
            "age_band": {"16_24": -0.5, "25_34": -0.5},
            "tenure": {"private_rent": -0.7},
        },
        boroughs=_CHURN,
        borough_spread=0.1,
    ),
    Outcome(
        id="belongs_to_london",
        year=2018.75,
        london=0.81,
        rest=0.5,
        effects={"ethnic": {"black": 0.7, "indian": 0.4, "pakistani": 0.4}},
    ),
    Outcome(id="met_different", year=2018.75, london=0.70, effects=_OLDER_KNOW_FEWER),
    Outcome(id="neighbours_favours", year=2018.75, london=0.45, rest=0.5),
    Outcome(
        id="someone_there",
        year=2018.75,
        london=0.93,
        effects={"income": {"lowest": -0.6, "highest": 0.6}},
    ),
    Outcome(
        id="employed",
        year=2016.5,
        london=0.737,
        rest=0.745,
        uk=0.725,
        universe="working_age",
        effects={
            "age_band": {"16_24": -1.5, "25_34": 0.3, "35_44": 0.35, "55_64": -0.5},
            "qualification": {"degree": 0.5, "none": -0.8},
            "disability": {"disabled": -1.3},
        },
        borough_spread=0.0,
        neighbourhood_spread=0.15,
        group_spread=0.04,
        before_income=True,
        stay=0.9,
        drift=0.012,
        group_drift={"sex": {"female": 0.03}, "disability": {"disabled": 0.02}},
    ),
    Outcome(
        id="seeking",
        year=2016.5,
        london=0.17,
        rest=0.15,
        universe="working_age",
        effects={"age_band": {"16_24": 0.1, "55_64": -0.6}, "sex": {"male": 0.3}},
        borough_spread=0.0,
        neighbourhood_spread=0.1,
        group_spread=0.04,
        before_income=True,
        stay=0.8,
    ),
)
OUTCOMES: Final = MappingProxyType({outcome.id: outcome for outcome in _LIST})
