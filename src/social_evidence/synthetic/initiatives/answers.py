"""Made-up participants' answers: a row a person and wave, as before/after forms are handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from social_evidence.synthetic.initiatives.truth import SEED, Cohort, Item, Ladder
from social_evidence.synthetic.london.chance import stream

Texts = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Chance = np.random.Generator

BREAKDOWNS: Final = ("age_band", "sex", "ethnic_group", "disability", "country_of_birth")
_NOT_KNOWN: Final = 0.02
_ETHNIC: Final = {"asian": 0.24, "black": 0.24, "mixed": 0.07, "white": 0.38, "other": 0.07}


def answers_of(cohort: Cohort, year: int, people: int) -> pa.Table:
    """Make the answers of one cohort.

    Args:
        cohort: What is true of it.
        year: The year its results are published under.
        people: How many take part; people compared with follow in proportion.

    Returns:
        Columns of a file of answers: who (as a code that says nothing), wave, arm, project,
        period, area, form, the breakdowns and the questions.
    """
    chance = stream(SEED, cohort.initiative, year)
    takes_part = _arms(cohort, people)
    columns = _backgrounds(cohort, takes_part, chance)
    project = _projects(cohort, takes_part)
    effects = _project_effects(cohort, chance)
    said = {
        item.question: _said(item, takes_part, effects[project], cohort, chance)
        for item in cohort.items
    } | {ladder.question: _climbed(ladder, takes_part, cohort, chance) for ladder in cohort.ladders}
    stays = _stays(cohort, said, chance)
    return _table(cohort, year, columns, takes_part, project, said, stays)


def _arms(cohort: Cohort, people: int) -> Bools:
    compared = round(people * cohort.compared / cohort.people)
    return np.repeat([True, False], [people, compared])


def _projects(cohort: Cohort, takes_part: Bools) -> Ints:
    number = np.arange(takes_part.size)
    first = int(takes_part.sum())
    return np.where(takes_part, number, number - first) % cohort.projects


def _project_effects(cohort: Cohort, chance: Chance) -> npt.NDArray[np.float64]:
    """Draw how far each project's effect lies from the true one; on average by nothing."""
    drawn = chance.normal(0.0, cohort.spread, cohort.projects)
    return np.asarray(drawn - drawn.mean())


def _backgrounds(cohort: Cohort, takes_part: Bools, chance: Chance) -> dict[str, Texts]:
    size = takes_part.size
    found = {
        "age_band": _drawn(cohort.ages, size, chance),
        "sex": _drawn({"female": cohort.women, "male": 1 - cohort.women}, size, chance),
        "ethnic_group": _drawn(_ETHNIC, size, chance),
        "disability": _drawn({"disabled": 0.14, "not_disabled": 0.86}, size, chance),
        "country_of_birth": _drawn({"uk": 0.48, "outside_uk": 0.52}, size, chance),
    }
    for name, values in found.items():
        found[name] = _blanked(values, chance.random(size) < _NOT_KNOWN)
    return found


def _drawn(shares: Mapping[str, float], size: int, chance: Chance) -> Texts:
    weights = np.array(list(shares.values()))
    drawn = chance.choice(np.array(list(shares), dtype=object), size, p=weights / weights.sum())
    return np.asarray(drawn, dtype=object)


def _said(
    item: Item,
    takes_part: Bools,
    apart: npt.NDArray[np.float64],
    cohort: Cohort,
    chance: Chance,
) -> dict[str, Texts]:
    """Draw answers before and at every later wave; the change lasts.

    People change to and fro for no reason by `churn`, which leaves the share where it was; drift
    and effect come on top, so that the share after is the start's plus both.
    """
    size = takes_part.size
    is_null = item.effect == 0.0
    moved = item.drift + np.where(takes_part, item.effect + (0.0 if is_null else apart), 0.0)
    before = chance.random(size) < item.start
    found = {"before": _worded(item, before, chance)}
    up = np.clip(item.churn * item.start + np.maximum(moved, 0) / (1 - item.start), 0, 1)
    down = np.clip(item.churn * (1 - item.start) + np.maximum(-moved, 0) / item.start, 0, 1)
    for wave in cohort.keeps:
        drawn = chance.random(size)
        later = np.where(before, drawn >= down, drawn < up)
        found[wave] = _worded(item, later, chance)
    return found


def _worded(item: Item, is_yes: Bools, chance: Chance) -> Texts:
    """Turn yes and no into answers; some leave it out."""
    size = is_yes.size
    counted = chance.choice(np.array(item.yes, dtype=object), size)
    others = chance.choice(np.array(item.others, dtype=object), size)
    words = np.where(is_yes, counted, others)
    return _blanked(words, chance.random(size) < item.blank)


def _blanked(values: Texts, is_blank: Bools) -> Texts:
    found = values.astype(object)
    found[is_blank] = None
    return found


def _climbed(ladder: Ladder, takes_part: Bools, cohort: Cohort, chance: Chance) -> dict[str, Texts]:
    size = takes_part.size
    steps = np.array(ladder.steps, dtype=object)
    start = chance.choice(len(steps), size, p=ladder.start)
    rises = chance.random(size) < ladder.drift + np.where(takes_part, ladder.rises, 0.0)
    later = np.minimum(start + rises, len(steps) - 1)
    found = {"before": _blanked(steps[start], chance.random(size) < ladder.blank)}
    for wave in cohort.keeps:
        found[wave] = _blanked(steps[later], chance.random(size) < ladder.blank)
    return found


def _stays(
    cohort: Cohort, said: Mapping[str, Mapping[str, Texts]], chance: Chance
) -> dict[str, Bools]:
    """Draw who answers at each wave; those with the less wished-for answer may go more readily."""
    first = cohort.items[0]
    leaves = np.isin(said[first.question]["before"].astype(str), first.yes)
    luck = chance.random(leaves.size)
    found = {"before": np.ones(leaves.size, dtype=np.bool_)}
    for wave, share in cohort.keeps.items():
        found[wave] = luck < share + np.where(leaves, -cohort.leavers, cohort.leavers)
    return found


def _has_answered(columns: Sequence[Texts]) -> Bools:
    """Say who answered at least one question; nobody else hands in a form."""
    told = [[value is not None for value in column.tolist()] for column in columns]
    return np.asarray(np.array(told, dtype=np.bool_).any(axis=0))


def _table(
    cohort: Cohort,
    year: int,
    columns: Mapping[str, Texts],
    takes_part: Bools,
    project: Ints,
    said: Mapping[str, Mapping[str, Texts]],
    stays: Mapping[str, Bools],
) -> pa.Table:
    places = np.array(
        [
            (cohort.boroughs if takes else cohort.compared_in or cohort.boroughs)[
                number % len(cohort.boroughs)
            ]
            for takes, number in zip(takes_part, project, strict=True)
        ],
        dtype=object,
    )
    names = np.array(
        [
            f"{cohort.initiative[:3]}-{'p' if takes else 'c'}{number + 1:02d}"
            for takes, number in zip(takes_part, project, strict=True)
        ],
        dtype=object,
    )
    people = np.array(
        [f"{cohort.initiative}-{year}-{n:04d}" for n in range(takes_part.size)], dtype=object
    )
    parts: dict[str, list[Any]] = {}
    for wave, asked_again in stays.items():
        here = asked_again & _has_answered([waves[wave] for waves in said.values()])
        fixed = {
            "participant": people[here],
            "wave": np.full(int(here.sum()), wave, dtype=object),
            "arm": np.where(takes_part, "taking_part", "comparison")[here],
            "project": names[here],
            "period": np.full(int(here.sum()), str(year), dtype=object),
            "area": places[here],
            "form": np.full(int(here.sum()), "1" if wave == "before" else cohort.later_form),
        }
        own = {name: values[here] for name, values in columns.items()}
        asked = {question: waves[wave][here] for question, waves in said.items()}
        for name, values in (fixed | own | asked).items():
            parts.setdefault(name, []).extend(values.tolist())
    return pa.table({name: pa.array(values, pa.string()) for name, values in parts.items()})
