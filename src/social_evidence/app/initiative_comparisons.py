"""After against before, of the same participants, as rows of the comparisons table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from social_evidence.app.initiative_figures import Change
from social_evidence.app.participant_figures import LEVEL
from social_evidence.app.series_comparisons import Columns, repeated
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Status
from social_evidence.model.initiative_row import crossed, population_of

_BEFORE: Final = "before"
_AFTER: Final = "after"
_TEXT: Final = (
    "population",
    "measure",
    "part",
    "series",
    "kind",
    "breakdown",
    "group_from",
    "group_to",
    "area_from",
    "area_to",
    "period_from",
    "period_to",
    "statistic",
    "family",
    "status",
    "rounding",
)


def wave_comparisons(changes: Sequence[tuple[Change, Status]]) -> list[Columns]:
    """Lay out changes of the same people, before they are judged and rounded.

    Args:
        changes: With the status of their row; those without a measure of the city are left out,
            for they have no place in the estimates table.

    Returns:
        Columns of `kind = "wave"`; none where there are no changes.
    """
    own = [(change, status) for change, status in changes if change.asked.measure]
    if not own:
        return []
    rows = [_row(change, status) for change, status in own]
    columns: Columns = {name: repeated(None, len(rows)) for name in _TEXT}
    for name in _TEXT:
        columns[name][:] = [row[name] for row in rows]
    for name in ("difference", "standard_error", "lower", "upper", "p_value"):
        columns[name] = _numbers([row[name] for row in rows])
    columns["degrees_of_freedom"] = _numbers([row["degrees_of_freedom"] for row in rows])
    columns["level"] = np.where(np.isnan(columns["lower"]), np.nan, LEVEL)
    columns["smallest"] = np.full(len(rows), np.nan)
    return [columns]


def _row(change: Change, status: Status) -> dict[str, Any]:
    asked, found = change.asked, change.change
    period, area, plain, group = change.place
    breakdown, before = crossed(plain, group, _BEFORE)
    _, after = crossed(plain, group, _AFTER)
    part = asked.success.part or ALL
    name = (asked.measure, part, asked.initiative.id, "wave", period, breakdown, area)
    return {
        "population": population_of(asked.initiative.id),
        "measure": asked.measure,
        "part": part,
        "series": asked.initiative.id,
        "kind": "wave",
        "breakdown": breakdown,
        "group_from": before,
        "group_to": after,
        "area_from": area,
        "area_to": area,
        "period_from": period,
        "period_to": period,
        "statistic": "proportion",
        "family": "|".join(name),
        "status": status,
        "rounding": ("proportion", "share", "survey", ""),
        "difference": found.change,
        "standard_error": found.standard_error,
        "lower": found.lower,
        "upper": found.upper,
        "p_value": found.p_value,
        "degrees_of_freedom": found.degrees_of_freedom,
    }


def _numbers(values: Sequence[float | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
