"""The Public Attitudes Survey: one delimited file a financial year, with answers in words.

As in the survey, the same number of people is interviewed in each of the 32 boroughs of the
Metropolitan Police every quarter; columns are renamed from 2020/21 on, boroughs are spelt in more
than one way, words come with stray blanks and capitals, and nobody lives in the City of London.
What the column about London as a place to live is called is a guess, as in the definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.attitudes import (
    Values,
    four_steps,
    of,
    one_of,
    said,
    unanswered,
)
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, respond, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "pas"
WAVES: Final = tuple(f"fy{year}-{(year + 1) % 100}" for year in range(2015, 2022))
SERIES_WAVES: Final = {"pas": WAVES[:5], "pas_2": WAVES[5:]}
ANCHORS: Final = ("fy2015-16", "fy2016-17")

_BOROUGHS: Final = 32
_A_QUARTER: Final = 100
_A_QUARTER_LATER: Final = 150
_RESPONSE: Final = 0.5
_CITY: Final = codes.AREAS.index("E09000001")
_LARGER: Final = 2019
_TELEPHONE: Final = 2020
_FIRST_QUARTER: Final = 41
"""The survey numbers its quarters on and on; this is April to June 2015."""

_AGREE: Final = (
    *("Strongly agree", "Tend to agree", "Neither agree nor disagree"),
    *("Tend to disagree", "Strongly disagree"),
)
_AGREE_FOUR: Final = ("Strongly agree", "Tend to agree", "Tend to disagree", "Strongly disagree")
_YEARS_HERE: Final = (
    *("Less than 12 months", "1 to 2 years", "2 to 5 years"),
    *("5 to 10 years", "More than 10 years"),
)
_MONTHS: Final = (
    *("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"),
)
_AGES: Final = ("16-24", "25-34", "35-44", "45-54", "55-64", "65 or over")
_ETHNIC: Final = ("Asian", "Black", "Mixed", "White British", "Other", "White Other")
_WHITE_OTHER: Final = 5
_TENURE: Final = (
    ("Owned outright",),
    ("Buying on mortgage",),
    ("Rented from council", "Rented from housing association"),
    ("Rented from private landlord",),
)
_QUALIFICATION: Final = (
    ("University Degree (Bachelor degree)", "Post-graduate degree or qualification"),
    ("A-levels", "BTEC level 3", "HNC or HND/BTEC level 4"),
    ("O-levels/CSE/GCSEs", "BTEC level 2"),
    ("NVQ/GNVQ", "Trade apprenticeship", "Other - please specify"),
    ("No qualifications",),
)
_WORK: Final = (
    ("Working full time", "Working full time", "Working part time"),
    ("Unemployed",),
    ("Student",),
    ("Retired",),
    ("Looking after home", "Not working"),
)
_RELIGION: Final = (
    *("No religion", "Christian", "Buddhist", "Hindu", "Jewish", "Muslim", "Sikh", "Other"),
)
_RENAMED: Final[Mapping[str, str]] = {
    "C2": "Borough",
    "XQ135r": "ReXQ135",
    "Q136r": "ReQ136",
    "Q139r": "ReQ139",
    "NQ149r": "ReNQ149",
}


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one file a financial year.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years, such as `fy2016-17`.
        size: Sizes of the samples.
    """
    return [_write_year(city, folder, wave, size) for wave in waves]


def sample_of(city: City, wave: str, size: Size) -> tuple[Sample, Values]:
    """Draw the people of a financial year, and say in which quarter each was interviewed.

    Args:
        city: Synthetic London.
        wave: Financial year.
        size: Sizes of the samples.

    Returns:
        One person an address, with weights of mean one; the quarter of each, from 0.
    """
    each = _A_QUARTER if _start(wave) < _LARGER else _A_QUARTER_LATER
    police_area = city.is_london & (city.area != _CITY)
    drawn = []
    for quarter in range(4):
        key = ("pas", wave, quarter)
        addresses = sample_addresses(
            city,
            key,
            households=size.scaled(each * _BOROUGHS / _RESPONSE),
            where=police_area,
            strata="area",
            equal_strata=True,
            persons="one",
        )
        drawn.append(respond(city, addresses, key, rate=_RESPONSE))
    quarters = np.repeat(np.arange(4), [len(sample) for sample in drawn])
    return weigh(city, Sample.joined(drawn), by="area", where=police_area), quarters


def _write_year(city: City, folder: Path, wave: str, size: Size) -> Path:
    people, quarter = sample_of(city, wave, size)
    start = _start(wave)
    draw = city.stream("pas", wave, "answers")
    month = quarter * 3 + draw.integers(0, 3, len(people))
    calendar = start + (month >= 9)
    columns: dict[str, Values] = {
        "MONTH": _months(month, calendar),
        "FinancialYear": np.full(len(people), start - 2004),
        "Quarter": _FIRST_QUARTER + 4 * (start - 2015) + quarter,
        "C2": said(_spelt(start), of(people, city.area)),
        **_opinions(city, people, start + 0.75, draw),
        **_person(city, people, start + 0.75, draw),
        **_weights(people, start),
    }
    path = folder / "pas" / f"PAS_ward_level_FY_{start % 100}_{start % 100 + 1}.csv"
    return write_delimited(path, _named(columns, start), separator=",")


def _months(month: Values, calendar: Values) -> Values:
    words = [f"{m + 1} ({_MONTHS[m]} {y})" for m, y in zip(month, calendar, strict=True)]
    return np.array(words, dtype=object)


def _start(wave: str) -> int:
    return int(wave[2:6])


def _spelt(start: int) -> tuple[str, ...]:
    """Spell the boroughs as the files of a year do."""
    names = [codes.AREA_NAMES[code] for code in codes.AREAS]
    if start < 2018:
        names = [name.replace(" and ", " & ") for name in names]
    else:
        names = ["City of Westminster" if name == "Westminster" else name for name in names]
    upon = start % 2 == 0
    return tuple(name.replace("d upon T", "d Upon T") if upon else name for name in names)


def _opinions(
    city: City, people: Sample, year: float, draw: np.random.Generator
) -> dict[str, Values]:
    """Give the answers about the area, with those that are none."""
    get_on = of(people, four_steps(city, "backgrounds_get_on", year)) - 1
    trust = of(people, city.agreement("neighbours_trusted", year)) - 1
    good = of(people, city.agreement("good_place", year)) - 1
    stay = np.digitize(of(people, city.years_here), (1, 2, 5, 10))
    answers = {
        "Q1": said(_YEARS_HERE, stay),
        "Q3C": said(_AGREE, trust),
        "Q3L": said(_AGREE_FOUR, get_on),
        "NQ1I": said(_AGREE, good),
    }
    return {name: _as_keyed(values, draw, 0.02) for name, values in answers.items()}


def _person(
    city: City, people: Sample, year: float, draw: np.random.Generator
) -> dict[str, Values]:
    """Give what each person is, in words."""
    ethnic = np.array(codes.FIVE_OF_NINE)[of(people, city.ethnic)]
    ethnic[(ethnic == 3) & (of(people, city.ethnic_18) != 1)] = _WHITE_OTHER
    orientation = np.minimum(of(people, city.orientation), 1)
    answers = {
        "XQ135r": said(("Female", "Male"), of(people, city.sex)),
        "Q136r": said(_AGES, of(people, city.age_band) - 1),
        "NQ147r": said(_ETHNIC, ethnic),
        "Q139r": one_of(draw, _WORK, of(people, city.activity_in(year))),
        "Q144": one_of(draw, _TENURE, of(people, city.tenure)),
        "NQ146": one_of(draw, _QUALIFICATION, of(people, city.qualification)),
        "NQ149r": said(_RELIGION, of(people, city.religion)),
        "Q150r": said(("Heterosexual", "Non-heterosexual"), orientation),
    }
    kept = {name: _as_keyed(values, draw, 0.01) for name, values in answers.items()}
    return kept | {"Q141": of(people, city.adults_in_household)}


def _as_keyed(values: Values, draw: np.random.Generator, share: float) -> Values:
    """Leave some answers out in the file's own ways, and key some with stray blanks or capitals."""
    keyed = unanswered(values, draw, share, "Don't know")
    keyed = unanswered(keyed, draw, 0.004, "-")
    keyed = unanswered(keyed, draw, 0.002, "Not Asked")
    stray = draw.random(len(keyed))
    return np.array(
        [
            f"{word} " if luck < 0.02 else word.upper() if luck > 0.995 else word
            for word, luck in zip(keyed, stray, strict=True)
        ],
        dtype=object,
    )


def _weights(people: Sample, start: int) -> dict[str, Values]:
    """Give the weights under the year's own names: two of them from 2017/18 on."""
    weight = np.round(people.weight, 6)
    if start < 2017:
        return {f"WTFY{start % 100}{start % 100 + 1}": weight}
    return {"WT_Discrete": weight, "WT_Discrete_rebased": np.round(weight * 0.97, 6)}


def _named(columns: Mapping[str, Values], start: int) -> dict[str, Values]:
    """Rename the columns as the file of a year does."""
    if start < _TELEPHONE:
        return dict(columns)
    ethnic = "ReNQ147" if start == _TELEPHONE else "ReNNQ147"
    return {_RENAMED.get(n, ethnic if n == "NQ147r" else n): v for n, v in columns.items()}
