"""Synthetic Understanding Society, in the layout of the End User Licence deposit (SN 6614).

Each wave has `<w>_indresp.tab` (a row an adult) and `<w>_hhresp.tab` (a row a household); all of
them share `xwavedat.tab`. Columns carry the wave's letter, answers the study's codes. People keep
their number from wave to wave but not their age: the city stands still, only its answers move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.ukhls_panel import (
    Bools,
    Interviewed,
    Ints,
    Issued,
    interviewed,
    issue,
)
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "ukhls"
FOLDER: Final = "UKDA-6614-tab/tab/ukhls"
_FIRST_YEAR: Final = 2008
WAVES: Final = tuple(f"{_FIRST_YEAR + n}-{_FIRST_YEAR + n + 1}" for n in range(1, 16))


def _labels(*numbers: int) -> tuple[str, ...]:
    return tuple(WAVES[n - 1] for n in numbers)


SERIES_WAVES: Final[Mapping[str, tuple[str, ...]]] = {
    "friends": _labels(3, 6, 9, 12),
    "support": _labels(2, 5, 11, 14),
    "organisations": _labels(3, 6, 9, 12),
    "belonging": _labels(1, 3, 6, 9, 12),
    "loneliness": _labels(*range(9, 16)),
}
"""Topic -> the waves that ask it."""
ANCHORS: Final = _labels(1, 9)
"""Waves in which everybody was asked something that other waves look up."""

PROXY: Final = -7
INAPPLICABLE: Final = -8
MISSING: Final = -9
_REFUSALS: Final = np.array([-1, -2, MISSING], dtype=np.int64)
_ITEM_REFUSAL: Final = 0.012
_WEEKS_A_MONTH: Final = 365.25 / 7 / 12

_TENURE: Final = ((1,), (2,), (3, 4), (6, 6, 7, 7, 5, 8))
_QUALIFICATION: Final = ((1,), (2, 3), (4,), (5,), (9,))
_ACTIVITY: Final = ((2, 2, 2, 2, 2, 1), (3,), (7,), (4,), (6, 6, 8))
_RELIGION: Final = ((0,), (2, 3, 3, 7, 8, 11), (16,), (13,), (14,), (12,), (15,), (97,))
_ORIENTATION: Final = ((1,), (2,), (3,), (4,))
_CLASS: Final = ((1,), (2,), (3,), (3,))
_LONELY: Final = np.array([0, 3, 2, 2, 1, 1], dtype=np.int64)
"""Often, some of the time, occasionally, hardly ever, never -> the study's three answers."""
_BORN_IN: Final = np.array([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 2, 4], dtype=np.int64)
"""Region -> the country of the United Kingdom that those born in it name."""


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write some waves, the two waves that others look up, and the file of lasting facts.

    Args:
        city: The population.
        folder: The sources folder.
        waves: Labels, some of `WAVES`.
        size: How large the samples are.

    Returns:
        The files written.
    """
    issued = issue(city, size)
    written = [_write_lasting(city, folder / FOLDER, issued)]
    for label in WAVES:
        if label in waves or label in ANCHORS:
            number = WAVES.index(label) + 1
            written += _write_wave(city, folder / FOLDER, issued, number)
    return written


def _write_wave(
    city: City, folder: Path, issued: Sequence[Issued], number: int
) -> tuple[Path, Path]:
    letter = "abcdefghijklmno"[number - 1]
    people = interviewed(city, issued, number)
    households = np.unique(city.household[people.sample.rows])
    respondents = {
        **_keys(city, people, number),
        **_background(city, people, number),
        **_answers(city, people, number),
        **_lasting_answers(city, people, number),
        **_weights(people, number),
    }
    return (
        write_delimited(
            folder / f"{letter}_indresp.tab",
            {"pidp": _person_ids(people.sample.rows)}
            | {f"{letter}_{name}": values for name, values in respondents.items()},
            separator="\t",
        ),
        write_delimited(
            folder / f"{letter}_hhresp.tab",
            {
                f"{letter}_{name}": values
                for name, values in _households(city, households, number).items()
            },
            separator="\t",
        ),
    )


def _write_lasting(city: City, folder: Path, issued: Sequence[Issued]) -> Path:
    """Write what does not change about everybody who was ever drawn."""
    rows = np.sort(np.concatenate([one.people.rows for one in issued]))
    born = np.where(city.born_outside[rows], 5, _BORN_IN[city.region[rows]])
    draw = city.stream(SOURCE, "lasting")
    columns = {"pidp": _person_ids(rows), "ukborn": _with_gaps(born, draw, share=0.01)}
    return write_delimited(folder / "xwavedat.tab", columns, separator="\t")


def _keys(city: City, people: Interviewed, number: int) -> dict[str, npt.NDArray[np.generic]]:
    rows = people.sample.rows
    return {
        "hidp": _household_ids(city.household[rows], number),
        "pno": city.person_number[rows],
        "ivfio": np.where(people.is_proxy, 2, 1),
        "psu": people.sample.psu,
        "strata": people.sample.stratum,
        "gor_dv": city.region[rows],
    }


def _person_ids(rows: npt.NDArray[np.integer]) -> Ints:
    return 68_001_367 + 68 * rows.astype(np.int64)


def _household_ids(households: npt.NDArray[np.integer], number: int) -> Ints:
    """Number households anew in every wave, as the study does."""
    return 68_006_802 + 68_000_000 * (number - 1) + 68 * households.astype(np.int64)


def _background(city: City, people: Interviewed, number: int) -> dict[str, Ints]:
    rows = people.sample.rows
    draw = city.stream(SOURCE, f"wave_{number}", "background")
    activity = city.activity_in(_year(number))[rows]
    employed = activity == codes.ACTIVITY.index("employed")
    own_class = _coded(city.social_class[rows], _CLASS, draw)
    return {
        "sex_dv": np.where(city.sex[rows] == codes.SEX.index("male"), 1, 2),
        "age_dv": city.age[rows].astype(np.int64),
        "racel_dv": _with_gaps(city.ethnic_18[rows], draw, share=0.005),
        "health": _with_gaps(np.where(city.is_disabled[rows], 1, 2), draw, share=0.003),
        "jbstat": _with_gaps(_coded(activity, _ACTIVITY, draw), draw, share=0.002),
        "jbnssec3_dv": np.where(employed, own_class, INAPPLICABLE),
        "hiqual_dv": _with_gaps(
            _coded(city.qualification[rows], _QUALIFICATION, draw), draw, share=0.008
        ),
    }


def _answers(city: City, people: Interviewed, number: int) -> dict[str, Ints]:
    """Make the answers to what the wave asks, by the study's names."""
    asked = {topic for topic, labels in SERIES_WAVES.items() if WAVES[number - 1] in labels}
    rows, year = people.sample.rows, _year(number)
    draw = city.stream(SOURCE, f"wave_{number}", "answers")
    found: dict[str, Ints] = {}
    if "friends" in asked:
        found |= _friends(city, people, year, draw)
    if "support" in asked:
        found |= _support(city, people, year, draw)
    if "organisations" in asked:
        member = np.where(city.answer("organisation_member", year)[rows], 1, 2)
        found["org"] = _interview(member, people, draw)
    if "belonging" in asked:
        agreed = city.agreement("belongs", year)[rows].astype(np.int64)
        found["scopngbha"] = _self_completed(agreed, people, draw)
    if "loneliness" in asked:
        lonely = _LONELY[city.loneliness(year)[rows]]
        found["sclonely"] = _self_completed(lonely, people, draw)
    return found


def _friends(
    city: City, people: Interviewed, year: float, draw: np.random.Generator
) -> dict[str, Ints]:
    rows = people.sample.rows
    count = city.close_friends[rows].astype(np.int64)
    found = {"closenum": np.where(people.is_proxy, PROXY, count)}
    for name, alike in (
        ("simage", "age"),
        ("simrace", "ethnicity"),
        ("siminc", "income"),
        ("simeduc", "education"),
    ):
        similar = city.similarity(f"friends_similar_{alike}", year)[rows].astype(np.int64)
        answered = _interview(similar, people, draw)
        found[name] = np.where((count == 0) & ~people.is_proxy, INAPPLICABLE, answered)
    return found


def _support(
    city: City, people: Interviewed, year: float, draw: np.random.Generator
) -> dict[str, Ints]:
    """Leave out the three items together, mostly: one alone often leaves nothing decided."""
    rows = people.sample.rows
    partner, family, friends = (answers[rows].astype(np.int64) for answers in city.support(year))
    friendless = (city.close_friends[rows] == 0) & (friends != 1)
    friends = np.where(friendless, INAPPLICABLE, friends)
    skipped = draw.random(len(rows)) < _ITEM_REFUSAL
    found = {}
    for name, answers in (("scprely", partner), ("scrrely", family), ("scfrely", friends)):
        given = _self_completed(answers, people, draw, share=0.002)
        found[name] = np.where(skipped & (given > 0), MISSING, given)
    return found


def _lasting_answers(city: City, people: Interviewed, number: int) -> dict[str, Ints]:
    """Ask once what other waves look up: religion and language, later sexual orientation."""
    rows = people.sample.rows
    draw = city.stream(SOURCE, f"wave_{number}", "once")
    if number == 1:
        religion = _coded(city.religion[rows], _RELIGION, draw)
        which = np.where(religion == 0, INAPPLICABLE, religion)
        return {
            "oprlg": _interview(np.where(religion == 0, 2, 1), people, draw),
            "oprlg1": _interview(which, people, draw),
            "englang": _interview(np.where(city.other_language[rows], 2, 1), people, draw),
        }
    if WAVES[number - 1] in ANCHORS:
        orientation = _coded(city.orientation[rows], _ORIENTATION, draw)
        kept = draw.random(len(rows)) < 0.03
        return {"sexuor": _self_completed(np.where(kept, 5, orientation), people, draw)}
    return {}


def _weights(people: Interviewed, number: int) -> dict[str, npt.NDArray[np.float64]]:
    """Name the weights by the sample they describe."""
    sample = "us" if number == 1 else "ub" if number < 6 else "ui" if number < 14 else "g2"
    return {
        f"indin{sample}_xw": np.round(people.interview, 6),
        f"indsc{sample}_xw": np.round(people.self_completion, 6),
    }


def _households(
    city: City, households: npt.NDArray[np.integer], number: int
) -> dict[str, npt.NDArray[np.generic]]:
    """Describe the households of a wave; a few never filled in theirs."""
    draw = city.stream(SOURCE, f"wave_{number}", "households")
    kept = households[draw.random(len(households)) >= 0.004]
    first = np.searchsorted(city.household, kept)
    total = int(city.household[-1]) + 1
    people = np.bincount(city.household, minlength=total)[kept]
    children = np.bincount(city.household[city.age < 14], minlength=total)[kept]
    grown = np.maximum(people - children, 1)
    income = np.round(city.net_income[first] * _WEEKS_A_MONTH, 2)
    income[draw.random(len(kept)) < 0.01] = MISSING
    return {
        "hidp": _household_ids(kept, number),
        "tenure_dv": _with_gaps(_coded(city.tenure[first], _TENURE, draw), draw, share=0.006),
        "fihhmnnet1_dv": income,
        "ieqmoecd_dv": np.round(1 + 0.5 * (grown - 1) + 0.3 * children, 1),
    }


def _year(number: int) -> float:
    """Return the middle of a wave's fieldwork."""
    return float(_FIRST_YEAR + 1 + number)


def _interview(answers: Ints, people: Interviewed, draw: np.random.Generator) -> Ints:
    """Let somebody else's answers be missing, and a few people refuse."""
    refused = _with_gaps(answers, draw, share=_ITEM_REFUSAL)
    return np.where(people.is_proxy, PROXY, refused)


def _self_completed(
    answers: Ints, people: Interviewed, draw: np.random.Generator, share: float = _ITEM_REFUSAL
) -> Ints:
    """Leave out those who filled nothing in, and a few who left the question out."""
    return np.where(
        people.completed,
        _with_gaps(answers, draw, share=share),
        np.where(people.is_proxy, PROXY, MISSING),
    )


def _with_gaps(
    answers: npt.NDArray[np.integer], draw: np.random.Generator, *, share: float
) -> Ints:
    """Replace a share of the answers by codes for no answer; what did not apply stays so."""
    found = answers.astype(np.int64)
    gap: Bools = (draw.random(len(found)) < share) & (found >= 0)
    found[gap] = draw.choice(_REFUSALS, size=int(gap.sum()))
    return found


def _coded(
    places: npt.NDArray[np.integer],
    coding: Sequence[Sequence[int]],
    draw: np.random.Generator,
) -> Ints:
    """Turn places in a list of groups into the study's codes; where it has several, by chance."""
    luck = draw.random(len(places))
    found = np.full(len(places), MISSING, dtype=np.int64)
    for place, given in enumerate(coding):
        at = places == place
        found[at] = np.asarray(given, dtype=np.int64)[(luck[at] * len(given)).astype(np.int64)]
    return found
