"""The ledger: every number that an approved release has shown. It grows and never shrinks.

Whoever attacks a hidden cell has all of it: a withdrawn release stays, and so does a cell that
a later release hides.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from social_evidence.errors import StoreError
from social_evidence.model.estimate import KEY, NUMBERS
from social_evidence.store import atomic, manifest
from social_evidence.store.initiatives import read_figures
from social_evidence.store.manifest import FOLDER
from social_evidence.store.tables import ESTIMATE_SCHEMA

FILE: Final = "ledger.parquet"
COLUMNS: Final = (
    *KEY,
    "period_start",
    "period_end",
    "source",
    "base",
    "numerator",
    "denominator",
    "version",
)
LEDGER_SCHEMA: Final = pa.schema(
    [*(ESTIMATE_SCHEMA.field(name) for name in COLUMNS[:-1]), pa.field("version", pa.string())]
)


def read_ledger(base: Path) -> pa.Table:
    """Read what every approved release of an evidence base has shown.

    Args:
        base: The evidence base; the ledger is `base/releases/ledger.parquet`.

    Returns:
        One row a cell and version, oldest release first, with `COLUMNS`: only rows that show a
        number. Empty where nothing has been approved.

    Raises:
        StoreError: The ledger cannot be read or has other columns.
    """
    path = base / FOLDER / FILE
    if not path.exists():
        return LEDGER_SCHEMA.empty_table()
    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as fault:
        raise _damaged(path, f"it cannot be read ({type(fault).__name__})") from None
    if not table.schema.equals(LEDGER_SCHEMA):
        raise _damaged(path, "its columns are not the ledger's")
    return table


def add_release(base: Path, folder: Path) -> None:
    """Add the cells that a release shows; what stands in the ledger never changes.

    Adding the same release again changes nothing. Call it with the lock of `releases/` held.

    Args:
        base: The evidence base.
        folder: The release, its digests checked.

    Raises:
        StoreError: The ledger is damaged, holds this version with other cells, or the disk
            refuses. It is then as it was.
    """
    version = manifest.read(folder).version
    before = read_ledger(base)
    added = shown_cells(read_figures(folder), version)
    known = before.filter(pc.equal(before["version"], version))
    if known.num_rows:
        if not known.equals(added):
            raise StoreError(
                f"{base / FOLDER / FILE} holds other cells of release {version} than "
                f"{folder} does. What was shown once stays known: a version is never used twice."
            )
        return
    written = io.BytesIO()
    pq.write_table(
        pa.concat_tables([before, added]).combine_chunks(),
        written,
        compression="zstd",
        version="2.6",
        write_page_checksum=True,
    )
    atomic.replace_file(base / FOLDER / FILE, written.getvalue())


def shown_cells(estimates: pa.Table, version: str) -> pa.Table:
    """Choose the rows that show a number and lay them out as the ledger does.

    Args:
        estimates: An estimates table of the contract.
        version: The release they stand in.
    """
    shows = pc.is_valid(estimates[NUMBERS[0]])
    for name in NUMBERS[1:]:
        shows = pc.or_(shows, pc.is_valid(estimates[name]))
    cells = estimates.filter(shows).select(list(COLUMNS[:-1]))
    stamped = cells.append_column("version", pa.array([version] * len(cells), pa.string()))
    return stamped.cast(LEDGER_SCHEMA).combine_chunks()


def _damaged(path: Path, why: str) -> StoreError:
    return StoreError(
        f"{path} is damaged: {why}. It holds what earlier releases have shown, without which "
        "hidden figures cannot be kept hidden. Restore the file from its copy."
    )
