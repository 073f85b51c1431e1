"""The engines by name, and the one used unless another is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from social_evidence.engine import blocks, duckdb
from social_evidence.model.table import SourceTable
from social_evidence.plan.parts import PART_BYTES
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import Totals


class Engine(Protocol):
    """Sums every item of a scan in every cell, in integers, from the cached encoded table."""

    def __call__(
        self,
        scan: Scan,
        table: SourceTable,
        *,
        threads: int | None = None,
        part_bytes: int = PART_BYTES,
    ) -> Totals:
        """Answer a scan.

        Args:
            scan: What is asked.
            table: The source, as its reader gives it.
            threads: Threads to use; the sums do not depend on them.
            part_bytes: Memory the totals of one part may take.

        Returns:
            The design and the stream of sums.

        Raises:
            EvidenceError: As `engine.encode.encoded`.
        """
        ...


ENGINES: Final[Mapping[str, Engine]] = {"blocks": blocks.totals, "duckdb": duckdb.totals}
DEFAULT: Final = "blocks"

totals: Final = ENGINES[DEFAULT]
"""The engine that answers unless another is asked for."""
