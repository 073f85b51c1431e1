"""Reading files as their publishers wrote them: one function a format, one line here for each.

A reader reads: it never recodes, renames or drops, gives null and never NaN, and carries the
digest of the file it read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import delimited, parquet, spreadsheet, statistical
from social_evidence.readers.container import COMPRESSIONS, Container, find
from social_evidence.readers.table import Columns, FileTable, nearest

Reader = Callable[[Container, Layout, Columns], FileTable]

READERS: dict[str, Reader] = {
    ".csv": delimited.read,
    ".tsv": delimited.read,
    ".tab": delimited.read,
    ".txt": delimited.read,
    ".parquet": parquet.read,
    ".sav": statistical.read_sav,
    ".zsav": statistical.read_sav,
    ".dta": statistical.read_dta,
    ".xlsx": spreadsheet.read,
    ".xls": spreadsheet.read,
    ".ods": spreadsheet.read,
}

_PLAIN = Layout()


def open_table(path: Path, layout: Layout = _PLAIN, columns: Columns = None) -> FileTable:
    """Open one table of one file, ready to be streamed.

    What can be wrong with a file's shape is found here, before anything is computed from it.

    Args:
        path: The file; its suffix names the format, after .gz, .zst or .zip is taken off.
        layout: What the file does not say itself.
        columns: Only these columns are decoded, in this order; None for all of them; or who
            chooses them once the names are known.

    Returns:
        The table. Number cells with a suppression marker are null and keep their marker.

    Raises:
        DataError: The file cannot be read as its suffix and layout say; names file, sheet, row
            and column.
    """
    source = find(path, layout)
    reader = READERS.get(source.suffix)
    if reader is None:
        known = [*READERS, *COMPRESSIONS]
        raise DataError(
            f"{source.name}: no reader for the suffix {source.suffix!r}"
            f"{nearest(source.suffix, list(READERS))}. Known are {', '.join(known)}. Save the "
            "table in one of them."
        )
    return reader(source, layout, columns)
