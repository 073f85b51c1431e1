"""Which rows hold a value that somebody named: by its code, its number or its label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from social_evidence.app.microdata import Columns, codes, nearest, spelt
from social_evidence.errors import DataError
from social_evidence.methods.arrays import Floats
from social_evidence.model.statistic import Value
from social_evidence.model.table import Code

_MOST_CODES: Final = 40
"""Values of a variable up to which they are codes and not what people wrote."""


def matches(columns: Columns, variable: str, wanted: Sequence[Value]) -> Floats:
    """Tell for each row whether a variable holds one of some values: 1, 0, or NaN if missing.

    A value is a code, or its label where the file has labels. A number matches text that reads
    the same, and text matches a number that it spells.

    Raises:
        DataError: A value is text that no row and no label holds: most likely a misspelling.
    """
    code, values = codes(columns, variable)
    labels = columns.labels.get(variable, {})
    met = np.zeros(len(values) + 1, dtype=np.float64)
    met[-1] = np.nan
    for value in wanted:
        hit = [_is_same(value, held, labels) for held in values]
        if not any(hit) and not _is_possible(value, values, labels):
            raise DataError(
                f"{columns.name}: no row holds {value!r} in {variable!r}"
                f"{_instead(str(value), values, labels)}."
            )
        met[:-1][hit] = 1.0
    return met[code]


def _is_same(wanted: Value, held: Code, labels: Mapping[Code, str]) -> bool:
    if wanted == held or (isinstance(wanted, str) and labels.get(held) == wanted):
        return True
    if isinstance(wanted, str) != isinstance(held, str):
        return spelt(wanted) == spelt(held)
    return False


def _is_possible(wanted: Value, values: Sequence[Code], labels: Mapping[Code, str]) -> bool:
    """Tell whether nobody holding a value is an answer and not a mistake: numbers, and labels."""
    if not values or (isinstance(wanted, str) and wanted in labels.values()) or wanted in labels:
        return True
    return not isinstance(values[0], str) and isinstance(spelt(wanted), float)


def _instead(wanted: str, values: Sequence[Code], labels: Mapping[Code, str]) -> str:
    """Say what a variable does hold, unless it has so many values that they may be answers."""
    if len(values) > _MOST_CODES and not labels:
        return f", which holds {len(values):,} different values"
    known = [str(item) for item in (*values, *labels.values())]
    return f"{nearest(wanted, known)}. It holds {_listed(values)}"


def _listed(values: Sequence[Code]) -> str:
    shown = ", ".join(repr(value) for value in values[:8])
    return f"{shown} and {len(values) - 8} more" if len(values) > 8 else shown or "nothing"
