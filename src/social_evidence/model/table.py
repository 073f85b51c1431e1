"""`SourceTable`: what every reader hands over and every engine takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

Code = str | int | float


@runtime_checkable
class SourceTable(Protocol):
    """One table as its publisher wrote it: raw values, labels, missing codes, digest.

    It is also an Arrow C stream producer, so that any engine can take it batch by batch; every
    call starts a new stream.
    """

    @property
    def name(self) -> str:
        """Where it came from, for messages: file, and the member and sheet where there are any."""
        ...

    @property
    def digest(self) -> str:
        """sha-256 of the file's bytes, 64 hexadecimal digits."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """Column names, in the file's order or in the order asked for."""
        ...

    @property
    def rows(self) -> int | None:
        """Number of rows; None where counting would cost a pass over the file."""
        ...

    @property
    def labels(self) -> Mapping[str, Mapping[Code, str]]:
        """Value labels by column, where the file has them: code -> label."""
        ...

    @property
    def titles(self) -> Mapping[str, str]:
        """Column titles (variable labels), where the file has them."""
        ...

    @property
    def missing(self) -> Mapping[str, frozenset[Code]]:
        """User-missing codes by column, where the file declares them. The values stay in place."""
        ...

    @property
    def missing_ranges(self) -> Mapping[str, tuple[tuple[float, float], ...]]:
        """User-missing ranges by column, both ends included. The values stay in place."""
        ...

    @property
    def markers(self) -> Mapping[str, Mapping[str, int]]:
        """Suppression markers that stood in number columns: marker -> count. The number is null."""
        ...

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Stream record batches (Arrow PyCapsule interface). Missing is null, never NaN."""
        ...
