"""Areas where an initiative began set against areas where it did not, wave by wave.

Different people are asked each time, so areas are what is compared. Areas that began at one time
are compared by differences in differences; those that began at different times each with areas
that never did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Codes, Floats, Ints
from social_evidence.methods.evaluation.areas import (
    FEWEST_TREATED,
    BetweenAreas,
    Effect,
    Observed,
    between_areas,
    event_study,
    two_by_two,
    two_way,
)
from social_evidence.methods.evaluation.staggered import NEVER, staggered, staggered_range
from social_evidence.model.evaluation import EvaluationEffect


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaAnswers:
    """Answers of residents, of different people each time.

    Attributes:
        y: (n,) answers as numbers.
        area: (n,) codes.
        wave: (n,) whole numbers in rising order of time, such as years.
        weight: (n,) of the survey; alike where None.
        begins: Area -> the first wave with the initiative; areas not named never began.
        chosen_for_low_value: Areas were chosen because they were low.
    """

    y: Floats
    area: Codes
    wave: Ints
    weight: Floats | None
    begins: Mapping[str, int]
    chosen_for_low_value: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasStudy:
    """What areas say.

    Attributes:
        effects: The main one first.
        treated: How many areas began.
        moved_apart_before: The two kinds of areas moved differently before anything began.
        is_chosen_low: Areas were chosen because they were low.
    """

    effects: tuple[EvaluationEffect, ...]
    treated: int
    moved_apart_before: bool
    is_chosen_low: bool = False


def areas_of(answers: AreaAnswers) -> AreasStudy:
    """Compare areas over time.

    Args:
        answers: Of residents.

    Raises:
        DataError: An answer or wave is missing.
        DesignError: No area began, or all did, or none was asked before and after.
    """
    starts = sorted({answers.begins[area] for area in set(answers.area) & set(answers.begins)})
    if not starts:
        raise DesignError("No area of the answers is one where it began. Check the area codes.")
    return _at_once(answers, starts[0]) if len(starts) == 1 else _staggered(answers)


def _at_once(answers: AreaAnswers, start: int) -> AreasStudy:
    treated = np.isin(answers.area.astype(str), list(answers.begins))
    observed = Observed.of(
        answers.y, answers.area.astype(str), answers.wave, treated, start, answers.weight
    )
    many = int(observed.treated_areas.sum())
    areas = between_areas(observed)
    main = _two_way(observed, two_way(observed), areas, many)
    plain = two_by_two(observed)
    effects = [
        main,
        _areas_effect(observed, areas),
        EvaluationEffect(
            method="two_by_two",
            estimate=plain.value,
            standard_error=plain.nested_error,
            lower=plain.limits[0],
            upper=plain.limits[1],
            p_value=plain.p_value,
            people=observed.y.size,
            clusters=observed.areas,
            degrees_of_freedom=observed.areas - 1,
        ),
    ]
    study = event_study(observed)
    for wave, value in study.effects.items():
        effects.append(
            EvaluationEffect(
                method="event_study",
                estimate=value,
                standard_error=study.errors[wave],
                people=observed.y.size,
                clusters=observed.areas,
                note=f"Wave {wave:g}, against the last one before it began.",
            )
        )
    if study.before_p is not None:
        effects.append(
            EvaluationEffect(
                method="moved_alike_before",
                p_value=study.before_p,
                degrees_of_freedom=study.before_df,
                people=observed.y.size,
                clusters=observed.areas,
            )
        )
    return AreasStudy(
        effects=tuple(effects),
        treated=many,
        moved_apart_before=study.before_p is not None and study.before_p < 0.05,
        is_chosen_low=answers.chosen_for_low_value,
    )


def _two_way(
    observed: Observed, effect: Effect, areas: BetweenAreas, treated: int
) -> EvaluationEffect:
    """Tell the main effect; with few treated areas its p value is by choosing others of them."""
    is_few = treated < FEWEST_TREATED
    words = f"{treated} areas began: the smallest p value there could be is {areas.smallest:.3g}."
    return EvaluationEffect(
        method="areas_two_way",
        estimate=effect.value,
        standard_error=effect.nested_error,
        lower=effect.limits[0],
        upper=effect.limits[1],
        p_value=areas.permuted if is_few else effect.p_value,
        people=observed.y.size,
        clusters=observed.areas,
        degrees_of_freedom=observed.areas - 1,
        note=words if is_few else "",
    )


def _areas_effect(observed: Observed, areas: BetweenAreas) -> EvaluationEffect:
    return EvaluationEffect(
        method="between_areas",
        estimate=areas.value,
        p_value=areas.permuted,
        people=observed.y.size,
        clusters=observed.areas,
        note=f"Areas count alike; p by choosing other areas, {areas.smallest:.3g} at the least.",
    )


def _staggered(answers: AreaAnswers) -> AreasStudy:
    """Average answers by area and wave first: areas are the units."""
    own = np.ones(answers.y.size) if answers.weight is None else answers.weight
    areas, place = np.unique(answers.area.astype(str), return_inverse=True)
    waves, when = np.unique(answers.wave, return_inverse=True)
    cell = place * waves.size + when
    below = np.bincount(cell, own, areas.size * waves.size)
    if (below == 0).any():
        raise DataError(
            f"{int((below == 0).sum())} of {below.size} areas and waves have no answers. Leave "
            "those areas out and say so."
        )
    mean = np.bincount(cell, own * answers.y, below.size) / below
    first = np.array([answers.begins.get(area, NEVER) for area in areas])
    laid = (mean, np.repeat(areas, waves.size), np.tile(waves, areas.size))
    began = np.repeat(first, waves.size)
    found = staggered(*laid, began)
    told = staggered_range(*laid, began)
    apart = [value for (start, wave), value in found.effects.items() if wave < start]
    effects = [
        EvaluationEffect(
            method="staggered",
            estimate=told.average,
            standard_error=told.standard_error,
            lower=told.limits[0],
            upper=told.limits[1],
            p_value=told.p_value,
            people=answers.y.size,
            clusters=areas.size,
            degrees_of_freedom=told.degrees_of_freedom,
        ),
        EvaluationEffect(
            method="plain_two_way",
            estimate=found.two_way,
            people=answers.y.size,
            clusters=areas.size,
            note="Not an effect: it sets late areas against early ones that had changed already.",
        ),
    ]
    effects += [
        EvaluationEffect(
            method="staggered_cell",
            estimate=value,
            clusters=areas.size,
            note=f"Areas that began in {start}, in {wave}.",
        )
        for (start, wave), value in sorted(found.effects.items())
    ]
    worst = max((abs(value) for value in apart), default=0.0)
    return AreasStudy(
        effects=tuple(effects),
        treated=told.treated,
        # Before the beginning there should be nothing: a move as large as the effect is something.
        moved_apart_before=worst > max(abs(told.average), 2 * told.standard_error),
        is_chosen_low=answers.chosen_for_low_value,
    )
