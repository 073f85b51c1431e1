"""Linear and integer programmes over hidden counts, solved again and again for another price."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from social_evidence.errors import DisclosureError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEAR = 1e-6
"""How far a solver's whole number may lie from one."""


def quiet() -> highspy.Highs:
    """Start a solver that says nothing, works alone and ends at the best there is."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.0)
    return highs


def balanced(sums: sparse.csr_array, right: Ints, lower: Floats, upper: Floats) -> highspy.HighsLp:
    """Lay out a programme over cells between two limits whose sums come to what is known."""
    model = highspy.HighsLp()
    rows, columns = sums.shape
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.zeros(columns)
    model.col_lower_ = lower
    model.col_upper_ = upper
    model.row_lower_ = model.row_upper_ = right.astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = sums.indptr
    model.a_matrix_.index_ = sums.indices
    model.a_matrix_.value_ = sums.data.astype(np.float64)
    return model


class Programme:
    """The possible tables of hidden cells that hang together."""

    def __init__(self, sums: sparse.csr_array, right: Ints, smallest: Ints) -> None:
        self._sums, self._right, self._smallest = sums, right, smallest
        self._columns = np.arange(len(smallest), dtype=np.int32)
        self._highs = quiet()
        upper = np.full(len(smallest), highspy.kHighsInf)
        self._highs.passModel(balanced(sums, right, smallest.astype(np.float64), upper))

    def table(self, price: Floats) -> Floats | None:
        """Find the possible table of least price, fractions allowed; None where there is none."""
        self._highs.changeColsCost(len(price), self._columns, price)
        return self._run()

    def whole_table(self, price: Floats) -> Floats | None:
        """Find the possible table of least price in whole numbers; None where there is none."""
        table = self.table(price)
        if table is None or self.as_whole(table) is not None:
            return table
        self._set_whole(highspy.HighsVarType.kInteger)
        table = self._run()
        self._set_whole(highspy.HighsVarType.kContinuous)
        if table is not None and self.as_whole(table) is None:
            raise DisclosureError(
                "The solver's answer breaks a sum it was given, so it cannot be trusted to say "
                "what an attacker can work out. Nothing is published on it."
            )
        return table

    def as_whole(self, table: Floats) -> Ints | None:
        """Turn a table into whole numbers; None where it holds fractions or breaks a sum."""
        whole = np.rint(table).astype(np.int64)
        near = bool(np.abs(table - whole).max() < NEAR)
        return whole if near and self._holds(whole) else None

    def _run(self) -> Floats | None:
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.asarray(self._highs.getSolution().col_value)
        unbounded = {
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        }
        if status in unbounded:
            return None
        raise DisclosureError(
            f"The solver could not bound {len(self._smallest)} hidden cells "
            f"({self._highs.modelStatusToString(status)}), so they are not known to be safe."
        )

    def _set_whole(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(len(self._columns), int(kind), dtype=np.uint8)
        self._highs.changeColsIntegrality(len(kinds), self._columns, kinds)

    def _holds(self, table: Ints) -> bool:
        return bool((self._sums @ table == self._right).all() and (table >= self._smallest).all())
