"""Figures from participants' answers: before, after, the change, and later waves.

Before and after are of the same people, those with a valid answer both times: the change is their
difference, and no count of one can be subtracted from that of another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.initiative_figures import Asked, Change, Found, Place, Setting, figure
from social_evidence.app.participant_answers import Participants, is_absent, participants_of
from social_evidence.app.participant_change import PairedChange, share_change
from social_evidence.disclosure.primary import PrimaryRule
from social_evidence.errors import DataError
from social_evidence.methods.arrays import Bools, Codes, Floats, Ints
from social_evidence.methods.count_shares import wilson
from social_evidence.methods.evaluation.regression import least_squares
from social_evidence.methods.intervals import logit
from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.initiative_row import NO_WAVE

LEVEL: Final = 0.95
_THRESHOLD: Final = PrimaryRule().threshold
Cell = tuple[str, str, str]
"""Area, breakdown and group."""
_NO_ANSWERS: Final = "No answers have been accepted yet."
_NOT_YET: Final = "Nobody has been asked this at this wave yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Those who take part in one initiative, with the cells they stand in.

    Attributes:
        setting: The catalogue.
        everybody: All who answered, people compared with among them.
        projects: (people,) codes of projects.
    """

    setting: Setting
    everybody: Participants
    projects: Ints

    @classmethod
    def of(cls, setting: Setting, answers: pa.Table) -> Panel:
        """Put the rows of each person together.

        Args:
            setting: The catalogue.
            answers: One row a participant and wave, as the office gives them.
        """
        everybody = participants_of(answers)
        _, codes = np.unique(everybody.project.astype(str), return_inverse=True)
        return cls(setting=setting, everybody=everybody, projects=np.asarray(codes, dtype=np.int64))

    def values(self, asked: Asked, wave: str) -> Floats:
        """(people,) what a reading makes of the answers of those who take part; NaN for none."""
        everybody, reading = self.everybody, asked.reading
        if reading.question not in everybody.table.column_names:
            return np.full(everybody.people, np.nan)
        return np.where(everybody.takes_part, everybody.values(wave, reading), np.nan)

    def cells(self, asked: Asked) -> Iterator[tuple[Cell, Bools]]:
        """Mark the people of every cell by which a success measure is given.

        Everybody, everybody of each area, each group, and people whose group is not known.
        """
        setting, everybody = self.setting, self.everybody
        yield (setting.city, ALL, ALL), np.ones(everybody.people, dtype=np.bool_)
        for area in setting.areas_of(asked.success):
            yield (area, ALL, ALL), everybody.area == area
        for breakdown, groups in setting.groups_of(asked.success).items():
            if breakdown not in everybody.table.column_names:
                continue
            own = everybody.background(breakdown)
            left_out = asked.success.not_asked.get(breakdown, ())
            self._check_not_asked(asked, breakdown, own)
            for group in (group for group in groups if group not in left_out):
                yield (setting.city, breakdown, group), own == group
            if (absent := is_absent(own)).any():
                yield (setting.city, breakdown, UNKNOWN), absent

    def _check_not_asked(self, asked: Asked, breakdown: str, own: Codes) -> None:
        """Refuse people in a group that nobody is asked in: they would show as what is left."""
        for group in asked.success.not_asked.get(breakdown, ()):
            if there := int((own == group).sum()):
                raise DataError(
                    f"initiative {asked.initiative.id!r}: {there} participants are in group "
                    f"{group!r} of {breakdown!r}, and success measure {asked.success.id} says that "
                    "nobody in it is asked (not_asked). Correct the answers, or take the group out "
                    "of not_asked."
                )


def answered(panel: Panel | None, asked: Asked) -> Found:
    """Work out one reading of participants' answers.

    Args:
        panel: The participants; None where no answers came.
        asked: A reading of answers.

    Returns:
        Figures of every wave, and the changes.
    """
    way = asked.reading.way
    waves = _waves(asked)
    if panel is None:
        return Found.nothing(asked, _NO_ANSWERS, waves)
    if way == "follow_up_share":
        found = _follow_ups(panel, asked)
    elif way == "rise":
        found = _rises(panel, asked)
    else:
        found = _pairs(panel, asked)
    told = {one.series.part.rpartition("~")[2] for one in found.figures}
    left = [wave for wave in waves if wave not in told]
    found.add(Found.nothing(asked, _NOT_YET, left))
    return found


def _waves(asked: Asked) -> tuple[str, ...]:
    """List the waves at which a reading should have numbers."""
    reading = asked.reading
    if reading.way == "paired_share":
        return ("before", "after", "change", *reading.waves)
    return reading.waves or (reading.wave or NO_WAVE,)


def _pairs(panel: Panel, asked: Asked) -> Found:
    """Give the shares before and after, their change, and those of later waves."""
    reading = asked.reading
    before, after = panel.values(asked, "before"), panel.values(asked, "after")
    both = np.isfinite(before) & np.isfinite(after)
    found = _not_asked(panel, asked, both, "after", ("before", "after", "change"))
    for place, own in _places(panel, asked, both, "after"):
        first, second, project = before[own], after[own], panel.projects[own]
        base = int(own.sum())
        change = share_change(first, second, project, level=LEVEL) if _is_large(base) else None
        waves = (("before", first), ("after", second))
        found.figures += [_share(panel, asked, w, place, v, project) for w, v in waves]
        found.figures.append(_change(panel, asked, "change", place, base, change))
        if change is not None and asked.measure:
            found.changes.append(Change(asked=asked, place=place, change=change))
    for wave in reading.waves:
        later = panel.values(asked, wave)
        again = np.isfinite(before) & np.isfinite(later)
        found.add(_not_asked(panel, asked, again, wave, (wave,)))
        for place, own in _places(panel, asked, again, wave):
            first, last, project = before[own], later[own], panel.projects[own]
            since = (
                share_change(first, last, project, level=LEVEL) if _is_large(last.size) else None
            )
            found.figures.append(_share(panel, asked, wave, place, last, project))
            found.figures.append(_change(panel, asked, wave, place, last.size, since))
    return found


def _follow_ups(panel: Panel, asked: Asked) -> Found:
    """Give the shares of those who did not say yes before and do so later."""
    reading = asked.reading
    before = panel.values(asked, "before")
    found = Found()
    for wave in reading.waves:
        later = panel.values(asked, wave)
        inside = (before == 0) & np.isfinite(later)
        found.add(_not_asked(panel, asked, inside, wave, (wave,)))
        found.figures += [
            _share(panel, asked, wave, place, later[own], panel.projects[own])
            for place, own in _places(panel, asked, inside, wave)
        ]
    return found


def _rises(panel: Panel, asked: Asked) -> Found:
    """Give the share whose answer rose by a step or more."""
    before, after = panel.values(asked, "before"), panel.values(asked, "after")
    both = np.isfinite(before) & np.isfinite(after)
    rose = (after > before).astype(np.float64)
    return Found(
        figures=[
            _share(panel, asked, "change", place, rose[own], panel.projects[own])
            for place, own in _places(panel, asked, both, "after")
        ]
    )


def _not_asked(panel: Panel, asked: Asked, inside: Bools, wave: str, waves: Sequence[str]) -> Found:
    """Say of groups that the question is not for that they are not asked: no number is hidden."""
    periods = panel.everybody.codes(wave, "period")
    return Found(
        figures=[
            replace(
                figure(
                    panel.setting,
                    asked,
                    one,
                    (period, panel.setting.city, breakdown, group),
                    Numbers(base=0),
                    statistic="difference" if one == "change" else "proportion",
                ),
                numbers=Numbers(),
                status="not_asked",
            )
            for period in sorted({period for period in periods[inside] if period is not None})
            for breakdown, groups in asked.success.not_asked.items()
            for group in groups
            for one in waves
        ]
    )


def _places(panel: Panel, asked: Asked, inside: Bools, wave: str) -> list[tuple[Place, Bools]]:
    """Mark who counts in every period and cell; the period is that of the later wave."""
    periods: NDArray[np.object_] = panel.everybody.codes(wave, "period")
    cells = list(panel.cells(asked))
    return [
        ((period, *cell), mask & inside & (periods == period))
        for period in sorted({one for one in periods[inside] if one is not None})
        for cell, mask in cells
    ]


def _is_large(base: int) -> bool:
    """Say whether a cell is large enough to be shown: what is not is not worked out."""
    return base >= _THRESHOLD


def _share(
    panel: Panel,
    asked: Asked,
    wave: str,
    place: Place,
    values: Floats,
    project: Ints,
) -> Figure:
    return figure(
        panel.setting,
        asked,
        wave,
        place,
        share_numbers(values, project),
        statistic="proportion",
        variance_basis=_basis(project),
    )


def share_numbers(values: Floats, project: Ints) -> Numbers:
    """Estimate a share of participants, whose projects are clusters.

    Args:
        values: (n,) 1 for yes, 0 for no.
        project: (n,) codes of projects.

    Returns:
        The share; with two projects or more that differ, limits between projects on the log-odds;
        else Wilson's of people taken one by one. Too few people: their number alone.

    Source:
        CR1 as Cameron and Miller (2015), Journal of Human Resources 50, 317-372, section II.B;
        Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    base = values.size
    if not _is_large(base):
        return Numbers(base=base)
    share, projects = float(values.mean()), np.unique(project).size
    error = _error(values, project) if projects > 1 else 0.0
    if error > 0 and 0 < share < 1:
        lower, upper = logit(share, error, projects - 1, LEVEL)
        return Numbers(
            estimate=share,
            base=base,
            standard_error=error,
            lower=float(lower),
            upper=float(upper),
            level=LEVEL,
            interval_method="logit",
            degrees_of_freedom=float(projects - 1),
        )
    plain = wilson(np.array([values.sum()]), np.array([base]), LEVEL)
    return Numbers(
        estimate=share,
        base=base,
        lower=float(plain.lower[0]),
        upper=float(plain.upper[0]),
        level=LEVEL,
        interval_method="wilson",
    )


def _error(values: Floats, project: Ints) -> float:
    _, code = np.unique(project, return_inverse=True)
    fitted = least_squares(values, np.ones((values.size, 1)))
    error = math.sqrt(max(float(fitted.clustered(code)[0, 0]), 0.0))
    return error if error > 1e-12 else 0.0


def _basis(project: Ints) -> str:
    return "design" if np.unique(project).size > 1 else "weights_only"


def _change(
    panel: Panel,
    asked: Asked,
    wave: str,
    place: Place,
    base: int,
    change: PairedChange | None,
) -> Figure:
    numbers = Numbers(base=base) if change is None else _change_numbers(change)
    basis = "design" if change is not None and change.method == "cr1" else "weights_only"
    return figure(
        panel.setting,
        asked,
        wave,
        place,
        numbers,
        statistic="difference",
        variance_basis=basis,
    )


def _change_numbers(change: PairedChange) -> Numbers:
    df = change.degrees_of_freedom
    return Numbers(
        estimate=change.change,
        base=change.people,
        standard_error=change.standard_error,
        lower=change.lower,
        upper=change.upper,
        level=LEVEL,
        interval_method=change.method,
        degrees_of_freedom=None if df is None else float(df),
    )
