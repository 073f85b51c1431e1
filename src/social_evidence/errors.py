"""The five ways this system refuses, each with the exit code a caller can act on.

A message says what happened, where (file, sheet, row, column, field), why it matters and what
to do. It never holds a respondent's values: counts, column names and codes only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar


class EvidenceError(Exception):
    """A refusal of ours: shown as one message without a traceback."""

    exit_code: ClassVar[int] = 1


class DefinitionError(EvidenceError):
    """A definition (TOML) is at fault: unknown field, unknown id, contradictory codes."""

    exit_code: ClassVar[int] = 10


class DataError(EvidenceError):
    """A file's content is at fault: truncated, a missing column, text in a weight, unknown code.

    Attributes:
        columns: The columns that a file lacks, as the definitions name them; empty for every
            other fault. A build that may leave things out learns from it what it costs.
    """

    exit_code: ClassVar[int] = 11

    def __init__(self, message: str, *, columns: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.columns = tuple(columns)


class DesignError(EvidenceError):
    """The sample design cannot be used: negative or missing weight, a stratum with one PSU."""

    exit_code: ClassVar[int] = 12


class DisclosureError(EvidenceError):
    """Publishing would reveal something about a person, or break an embargo."""

    exit_code: ClassVar[int] = 13


class StoreError(EvidenceError):
    """A release or cache cannot be written or read: lock, disk, digest."""

    exit_code: ClassVar[int] = 14
