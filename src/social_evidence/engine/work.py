"""What every engine starts from: a scan on its encoded table, cut into parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from social_evidence.engine.encode import Encoded, encoded
from social_evidence.model.table import SourceTable
from social_evidence.plan.lanes import Lanes, lanes
from social_evidence.plan.parts import Part, parts
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import Totals, TotalsBatch

Stream = Iterator[tuple[Part, Iterator[TotalsBatch]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A scan, its encoded table, the sums that are wanted of it and the parts they are made in."""

    scan: Scan
    source: Encoded
    lanes: Lanes
    parts: tuple[Part, ...]

    def totals(self, stream: Callable[[], Stream]) -> Totals:
        """Give the design and, part by part, the sums that an engine makes."""
        return Totals(
            scan=self.scan,
            design=self.source.design,
            rows=self.source.rows,
            left_out=self.source.left_out,
            scales=self.lanes.scales(self.source.scales),
            parts=stream,
        )


def work_of(scan: Scan, table: SourceTable, *, threads: int | None, part_bytes: int) -> Work:
    """Encode a table for a scan, unless the cache has it, and cut the scan into parts.

    Args:
        scan: What is asked.
        table: The source, as its reader gives it.
        threads: Threads to encode it with.
        part_bytes: Memory the totals of one part may take.

    Raises:
        EvidenceError: As `engine.encode.encoded`.
    """
    source = encoded(scan, table, threads=threads)
    wanted = lanes(scan)
    pieces = parts(
        scan,
        lanes=len(wanted.lanes),
        rows=source.rows,
        blocks=source.blocks,
        units=max(1, source.design.stratum.size or source.design.units.size),
        budget=part_bytes,
    )
    return Work(scan=scan, source=source, lanes=wanted, parts=pieces)
