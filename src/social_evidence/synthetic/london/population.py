"""Synthetic London: one coherent made-up population that every source is drawn from.

About one in twenty Londoners and some 250,000 people elsewhere live in households, in
neighbourhoods, in boroughs. What they answer follows from who they are, where they live and luck
that stays with them, so that sources agree with each other and waves of a panel correlate. The
shares that the Mayor's strategy prints hold in the reference year; nothing here describes anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import (
    answers,
    attributes,
    codes,
    households,
    money,
    sampling,
    work,
)
from social_evidence.synthetic.london.answers import Aim, NullWorld, Reals
from social_evidence.synthetic.london.chance import Codes, Mask, stream
from social_evidence.synthetic.london.outcomes import OUTCOMES, Outcome
from social_evidence.synthetic.london.places import read_places
from social_evidence.synthetic.london.sizes import FULL, Size

__all__ = ["City", "NullWorld", "make_city"]

SEED: Final = 2018
Int32s = npt.NDArray[np.int32]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class City:
    """The made-up people, one entry a person, households together, the first its reference person.

    Whole numbers index the tuples of `codes`; -1 is for those to whom a column does not apply.

    Attributes:
        seed: From which everything follows.
        size: How large it is.
        world: Who shares one chance, in a null world.
        area: `codes.AREAS`.
        region: 1 to 12, London 7, as in Understanding Society.
        neighbourhood: Running number within the whole city, nested in area and region.
        deprivation: The neighbourhood's score, mean 0.
        household: Running number.
        benefit_unit: Running number: a single adult or couple with their dependent children.
        person_number: From 1 within the household.
        role: What somebody is in the household, as in `households`.
        age: Whole years, 0 to 95.
        sex: `codes.SEX`.
        ethnic: `codes.ETHNIC`.
        ethnic_18: 1 to 17 and 97, as `racel_dv`.
        religion: `codes.RELIGION`.
        is_disabled: By the Equality Act.
        born_outside: Born outside the United Kingdom.
        other_language: First language is not English.
        non_british: Holds no British nationality.
        orientation: `codes.ORIENTATION`, from 16.
        qualification: `codes.QUALIFICATION`, from 16.
        social_class: `codes.SOCIAL_CLASS`, from 16.
        nssec8: 1 to 8, from 16.
        tenure: `codes.TENURE`, of the household.
        partner: Row of the partner in the household, or -1.
        children: Dependent children of the benefit unit.
        adults_in_household: People of 16 and over.
        household_size: People.
        years_here: Years in the borough, below 1 for newcomers.
        close_friends: 0 to 15, from 16.
        propensity: How readily somebody answers, 0 to 1.
        grossing: Real people that each stands for.
        kept: What has been worked out already.
    """

    seed: int
    size: Size
    world: NullWorld | None
    area: Codes
    region: Codes
    neighbourhood: Int32s
    deprivation: Reals
    household: Int32s
    benefit_unit: Int32s
    person_number: Codes
    role: Codes
    age: Codes
    sex: Codes
    ethnic: Codes
    ethnic_18: Codes
    religion: Codes
    is_disabled: Mask
    born_outside: Mask
    other_language: Mask
    non_british: Mask
    orientation: Codes
    qualification: Codes
    social_class: Codes
    nssec8: Codes
    tenure: Codes
    partner: Int32s
    children: Codes
    adults_in_household: Codes
    household_size: Codes
    years_here: Reals
    close_friends: Codes
    propensity: Reals
    grossing: Reals
    kept: dict[object, npt.NDArray[np.generic]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.area)

    def stream(self, *key: object) -> np.random.Generator:
        """Return chance of its own for a name, the same in every run."""
        return stream(self.seed, *key)

    @property
    def person(self) -> Int32s:
        """The row number, which is the stable number of a person."""
        return np.arange(len(self), dtype=np.int32)

    @property
    def is_london(self) -> Mask:
        """Lives in one of the thirty-three."""
        return np.asarray(self.area < codes.REST_OF_ENGLAND)

    @property
    def is_inner(self) -> Mask:
        """Lives in statistical inner London."""
        inner = [index for index, code in enumerate(codes.AREAS) if code in codes.INNER]
        return np.isin(self.area, inner)

    @property
    def is_adult(self) -> Mask:
        """Is 16 or over."""
        return np.asarray(self.age >= 16)

    @property
    def is_dependent_child(self) -> Mask:
        """Is under 16."""
        return np.asarray(self.age < 16)

    @property
    def is_reference_person(self) -> Mask:
        """Is the first of the household."""
        return np.asarray(self.role == households.REFERENCE)

    @property
    def has_partner(self) -> Mask:
        """Lives with a partner."""
        return np.asarray(self.partner >= 0)

    @property
    def age_band(self) -> Codes:
        """`codes.AGE_BANDS`."""
        return self.remember(
            "age bands", lambda: (np.digitize(self.age, codes.AGE_STARTS) - 1).astype(np.int8)
        )

    @property
    def activity(self) -> Codes:
        """`codes.ACTIVITY` in 2016, from 16."""
        return self.activity_in(OUTCOMES["employed"].year)

    @property
    def net_income(self) -> Reals:
        """The household's income, pounds a week of 2016, before housing costs."""
        return self.remember("net income", lambda: money.net_incomes(self))

    @property
    def equivalised_income(self) -> Reals:
        """The same, as if each household were a couple."""
        return self.remember("equivalised", lambda: money.equivalised(self, self.net_income))

    @property
    def income_third(self) -> Codes:
        """`codes.INCOME`: each third holds as many people of the United Kingdom."""
        return self.remember("thirds", lambda: money.thirds(self.equivalised_income, self.grossing))

    def groups(self, column: str) -> tuple[Codes, tuple[str, ...]]:
        """Return the codes of a grouping and the ids they stand for.

        Args:
            column: A column of `codes`, or `partner`, `nationality`, `age_band`, `income`.
        """
        return self._keep_groups(column), _IDS[column]

    def applies(self, outcome: Outcome | str, year: float | None = None) -> Mask:
        """Tell who is asked; for `unemployed` whoever is in the labour market in that year."""
        if outcome == "unemployed":
            return (
                np.asarray(self.activity_in(year or 2016.5) <= 1)
                & (self.activity >= 0)
                & (self.age < 65)
            )
        return _UNIVERSES[_outcome(outcome).universe](self)

    sample_addresses = sampling.sample_addresses
    respond = sampling.respond
    weigh = sampling.weigh

    def share(self, outcome: Outcome | str, year: float) -> npt.NDArray[np.float64]:
        """Return each person's chance of a yes, NaN outside the universe."""
        asked = _outcome(outcome)
        chance = 1 / (1 + np.exp(-self._odds(asked, year).astype(np.float64)))
        return np.where(self.applies(asked), chance, np.nan)

    def answer(self, outcome: Outcome | str, year: float) -> Mask:
        """Return who says yes in a year, False outside the universe."""
        if outcome == "unemployed":
            return np.asarray(self.activity_in(year) == 1) & (self.age < 65)
        asked = _outcome(outcome)
        return self.remember(
            ("answer", asked.id, year),
            lambda: (
                (answers.luck(self, asked, year) < self._odds(asked, year)) & self.applies(asked)
            ),
        )

    def truth(self, outcome: Outcome | str, year: float, where: Mask | None = None) -> float:
        """Return the share of yes among real people, of some of those who are asked.

        Each made-up person counts for those it stands for: outside London they are more.
        """
        asked = self.applies(outcome, year)
        mine = asked if where is None else asked & where
        people = self.grossing[mine].astype(np.float64)
        return float(np.average(self.answer(outcome, year)[mine], weights=people))

    def rank(self, outcome: Outcome | str, year: float) -> npt.NDArray[np.float64]:
        """Return how firmly each person says what they say, NaN outside the universe.

        Below 1 is a yes, 0 the firmest; from 1 to 2 is a no, 2 the firmest.
        """
        asked = _outcome(outcome)
        chance = 1 / (1 + np.exp(-answers.luck(self, asked, year).astype(np.float64)))
        share = self.share(asked, year)
        yes = self.answer(asked, year)
        with np.errstate(invalid="ignore"):
            place = np.where(yes, chance / share, 1 + (chance - share) / (1 - share))
        low, high = np.where(yes, 0.0, 1.0), np.where(yes, 1 - 1e-9, 2.0)
        return np.where(self.applies(asked), np.clip(place, low, high), np.nan)

    def scale(self, outcome: Outcome | str, year: float, steps: tuple[float, ...]) -> Codes:
        """Return an ordered answer, 1 for the firmest yes; 0 outside the universe.

        Args:
            outcome: What is asked.
            year: When.
            steps: Where each further answer begins on the scale of `rank`; 1.0 is among them.
        """
        place = self.rank(outcome, year)
        answer = 1 + np.digitize(np.nan_to_num(place), steps)
        return np.where(np.isnan(place), 0, answer).astype(np.int8)

    def agreement(self, outcome: Outcome | str, year: float) -> Codes:
        """Return 1 strongly agree to 5 strongly disagree; 1 and 2 are a yes, 0 is not asked."""
        return self.scale(outcome, year, (0.4, 1.0, 1.55, 1.85))

    def similarity(self, outcome: Outcome | str, year: float) -> Codes:
        """Return 1 all similar to 5 none; 1 is a yes, 0 is not asked."""
        return self.scale(outcome, year, (1.0, 1.45, 1.75, 1.95))

    def loneliness(self, year: float) -> Codes:
        """Return 1 often or always to 5 never; 4 and 5 are a yes to `lonely_hardly_ever`."""
        return (6 - self.scale("lonely_hardly_ever", year, (0.45, 1.0, 1.5, 1.87))).astype(np.int8)

    def score(self, outcome: Outcome | str, year: float) -> Codes:
        """Return life satisfaction from 0 to 10, -1 outside the universe; 7 and more is a yes."""
        answer = self.scale(
            outcome, year, (0.18, 0.33, 0.75, 1.0, 1.4, 1.75, 1.86, 1.93, 1.97, 1.99)
        )
        return np.where(answer > 0, 11 - answer, -1).astype(np.int8)

    def internet(self, year: float) -> Codes:
        """Return 1 within three months, 2 longer ago, 3 never; 0 below 16."""
        return np.array([0, 3, 2, 1], dtype=np.int8)[self.scale("offline", year, (0.75, 1.0))]

    def support(self, year: float) -> tuple[Codes, Codes, Codes]:
        """Return how far partner, family and friends can be relied on, 1 a lot to 4 not at all.

        Without a partner the first is -8; outside the universe all are 0. None is 1 where
        `no_one_to_rely_on` is a yes.
        """
        return money.supports(self, year)

    def language_difficulty(self, year: float) -> tuple[Mask, Mask]:
        """Return who has difficulties at work and in education; either is a `language_barrier`."""
        place = self.scale("language_barrier", year, (0.4, 0.75, 1.0))
        return np.isin(place, (1, 2)), np.isin(place, (1, 3))

    def savings(self, year: float) -> npt.NDArray[np.float64]:
        """Return the savings of the benefit unit in pounds; below 1,500 is `low_savings`."""
        return money.savings(self, year)

    def housing(self, year: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return net income and housing costs of the household, in pounds a week of that year."""
        return money.housing(self, year)

    def activity_in(self, year: float) -> Codes:
        """Return `codes.ACTIVITY` in a year, -1 below 16."""
        return self.remember(("activity", year), lambda: work.activities(self, year))

    def _odds(self, outcome: Outcome, year: float) -> Reals:
        score = self.remember(("odds", outcome.id), lambda: self._reference_odds(outcome))
        return answers.moved(self, outcome, score, year)

    def _reference_odds(self, outcome: Outcome) -> Reals:
        extra: list[Aim] = []
        if outcome.id == "employed":
            extra = work.employment_aims(self, outcome)
        elif outcome.id == "seeking":
            extra = work.seeking_aims(self, outcome)
        score = answers.odds(self, outcome, extra)
        return score if self.world is None else answers.level(self, outcome, score, self.world)

    def _keep_groups(self, column: str) -> Codes:
        if column in _BINARY:
            return np.asarray(getattr(self, _BINARY[column])).astype(np.int8)
        return np.asarray(getattr(self, _COLUMNS.get(column, column)))

    def remember(self, name: object, make: Callable[[], npt.NDArray[Kind]]) -> npt.NDArray[Kind]:
        """Work something out once.

        Args:
            name: Names it, with everything that it depends on beside the city.
            make: Works it out.
        """
        if name not in self.kept:
            made = make()
            made.setflags(write=False)
            self.kept[name] = made
        # What is kept under a name is what `make` gave, which the checker cannot follow.
        return self.kept[name]  # type: ignore[return-value]


_BINARY: Final = {
    "disability": "is_disabled",
    "born": "born_outside",
    "language": "other_language",
    "nationality": "non_british",
    "partner": "has_partner",
}
_COLUMNS: Final = {"income": "income_third"}
_IDS: Final[dict[str, tuple[str, ...]]] = {
    "sex": codes.SEX,
    "ethnic": codes.ETHNIC,
    "age_band": codes.AGE_BANDS,
    "religion": codes.RELIGION,
    "disability": codes.DISABILITY,
    "born": codes.BORN,
    "language": codes.LANGUAGE,
    "nationality": ("british", "non_british"),
    "partner": ("no", "yes"),
    "tenure": codes.TENURE,
    "qualification": codes.QUALIFICATION,
    "social_class": codes.SOCIAL_CLASS,
    "orientation": codes.ORIENTATION,
    "activity": codes.ACTIVITY,
    "income": codes.INCOME,
    "area": codes.AREAS,
}
_UNIVERSES: Final[dict[str, Callable[[City], Mask]]] = {
    "everyone": lambda city: np.ones(len(city), dtype=np.bool_),
    "adults": lambda city: city.is_adult,
    "voters": lambda city: np.asarray(city.age >= 18),
    "working_age": lambda city: np.asarray((city.age >= 16) & (city.age < 65)),
    "with_friends": lambda city: np.asarray(city.close_friends > 0),
    "other_language": lambda city: city.is_adult & city.other_language,
}


def _outcome(outcome: Outcome | str) -> Outcome:
    return outcome if isinstance(outcome, Outcome) else OUTCOMES[outcome]


def make_city(size: Size = FULL, *, seed: int = SEED, world: NullWorld | None = None) -> City:
    """Make the population of a seed: the same one in every process and on every run.

    Args:
        size: How many real people each stands for.
        seed: From which everything follows.
        world: Who shares one chance, for testing verdicts; nobody in particular when None.
    """
    places = read_places()
    homes = households.make_homes(places, size, seed)
    people = households.make_dwellers(places, homes, seed)
    area = homes.area[people.household]
    neighbourhood = homes.neighbourhood[people.household]
    score = households.make_deprivation(places, homes, seed)[neighbourhood]
    made = attributes.make_attributes(people, area, score, places, seed)
    counted = np.bincount(area, minlength=len(codes.AREAS))
    city = City(
        seed=seed,
        size=size,
        world=world,
        area=area,
        region=households.make_regions(homes)[people.household],
        neighbourhood=neighbourhood,
        deprivation=score.astype(np.float32),
        **{
            name: getattr(people, name)
            for name in ("household", "benefit_unit", "person_number", "role")
        },
        **{name: getattr(people, name) for name in ("age", "sex", "ethnic")},
        **{column.name: getattr(made, column.name) for column in fields(made)},
        **_of_homes(people),
        grossing=(1000 * places.thousands / counted)[area].astype(np.float32),
    )
    for column in fields(city):
        values = getattr(city, column.name)
        if isinstance(values, np.ndarray):
            values.setflags(write=False)
    return city


def _of_homes(people: households.Dwellers) -> dict[str, Any]:
    """Count who lives with whom."""
    adult = people.age >= 16
    partner = np.full(len(adult), -1, dtype=np.int32)
    second = np.flatnonzero(people.role == households.PARTNER)
    partner[second], partner[second - 1] = second - 1, second
    child = np.bincount(people.benefit_unit, weights=people.role == households.CHILD)
    return {
        "partner": partner,
        "children": child[people.benefit_unit].astype(np.int8),
        "adults_in_household": np.bincount(people.household, weights=adult)[
            people.household
        ].astype(np.int8),
        "household_size": np.bincount(people.household)[people.household].astype(np.int8),
    }
