"""Collecting what is wrong with a file that somebody sent, however much of it there is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from social_evidence.model.office import Fault

MOST_FAULTS: Final = 10_000
"""Faults told one by one; the rest of a file that is wrong throughout is counted."""

_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_TELEPHONE: Final = re.compile(r"(?<![\w.])(?:\+|0)\d(?:[\s()-]?\d){8,12}(?!\w)")
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b")


@dataclass(slots=True)
class FaultLog:
    """Faults in the order in which they were found.

    Attributes:
        sheet: Where the next ones stand.
        faults: The first of them.
        more: How many are not told one by one.
        refused: Rows or cells that were not taken in.
    """

    sheet: str = ""
    faults: list[Fault] = field(default_factory=list)
    more: int = 0
    refused: int = 0

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Note something that is not taken in."""
        self.refused += 1
        self._note(row, column, reason, is_refused=True)

    def query(self, row: int, column: str, reason: str) -> None:
        """Note something that is taken in and has to be asked about."""
        self._note(row, column, reason, is_refused=False)

    def _note(self, row: int, column: str, reason: str, *, is_refused: bool) -> None:
        if len(self.faults) >= MOST_FAULTS:
            self.more += 1
            return
        self.faults.append(
            Fault(sheet=self.sheet, row=row, column=column, reason=reason, is_refused=is_refused)
        )


def holds_contact(text: str) -> bool:
    """Say whether a text looks as if it held an e-mail address, telephone number or postcode."""
    return any(found.search(text) for found in (_ADDRESS, _TELEPHONE, _POSTCODE))
