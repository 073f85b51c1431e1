"""Tables as streams: what a reader says who stops midway."""

from __future__ import annotations

import pyarrow as pa

from social_evidence.errors import DataError
from social_evidence.model.table import SourceTable


def check_stream(table: SourceTable) -> None:
    """Read a table once more, outside SQL, so that its reader's own refusal is heard.

    A stream handed to the engine can only stop; why it stopped does not come through.

    Raises:
        EvidenceError: What the reader finds wrong with the file.
    """
    batches = getattr(table, "batches", None)
    try:
        for _ in pa.RecordBatchReader.from_stream(table) if batches is None else batches():
            pass
    except pa.ArrowException as fault:
        raise DataError(
            f"{table.name}: cannot be read to its end: it is damaged, or changed while it was "
            "read. Fetch it again."
        ) from fault
