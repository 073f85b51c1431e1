"""The benchmark's survey: 18 yes/no measures, 12 breakdowns, 33 areas, 500 strata, 5,000 PSUs.

Written in chunks, so that ten million rows need no more memory than one chunk. The same rows come
from the same seed whatever the chunk.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from social_evidence.plan.scan import Column, Dimension, Group, Item, Sampling, Scan

SEED = 20180313
STRATA = 500
PSUS = 5_000
AREAS = 33
MEASURES = 18
LEVELS = (2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 8, 12)
CHUNK = 500_000
CELLS = AREAS * sum(LEVELS) * MEASURES


@dataclass(frozen=True)
class ParquetSource:
    """A Parquet file as a `SourceTable`."""

    path: Path
    digest: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def columns(self) -> list[str]:
        return pq.read_schema(self.path).names

    labels: ClassVar[dict] = {}
    titles: ClassVar[dict] = {}
    missing: ClassVar[dict] = {}

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        file = pq.ParquetFile(self.path)
        batches = file.iter_batches(batch_size=100_000)
        reader = pa.RecordBatchReader.from_batches(file.schema_arrow, batches)
        return reader.__arrow_c_stream__(requested_schema)


def source(path: Path) -> ParquetSource:
    """Open a written survey; its digest is that of its bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while piece := content.read(1 << 20):
            digest.update(piece)
    return ParquetSource(path, digest.hexdigest())


def write(path: Path, rows: int, *, crossing: bool) -> None:
    """Write a survey in random order of rows.

    Args:
        path: The Parquet file.
        rows: How many.
        crossing: Whether areas cross PSUs; otherwise each PSU lies in one area.
    """
    random = np.random.default_rng(SEED)
    rates = random.uniform(0.05, 0.95, MEASURES)
    missing = np.linspace(0.01, 0.14, MEASURES)
    writer = None
    for start in range(0, rows, CHUNK):
        table = _chunk(
            np.random.default_rng([SEED, start]), min(CHUNK, rows - start), rates, missing, crossing
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _chunk(random, rows, rates, missing, crossing) -> pa.Table:
    psu = random.integers(0, PSUS, rows)
    area = random.integers(0, AREAS, rows) if crossing else psu % AREAS
    columns = {
        "weight": pa.array(random.lognormal(sigma=0.5, size=rows)),
        "stratum": pa.array(psu // (PSUS // STRATA), pa.int32()),
        "psu": pa.array(psu % (PSUS // STRATA), pa.int32()),
        "area": pa.array(area, pa.int32()),
    }
    for j, levels in enumerate(LEVELS):
        columns[f"g{j + 1}"] = pa.array(random.integers(0, levels, rows), pa.int8())
    shift = (psu % 7 - 3) / 40
    for i in range(MEASURES):
        yes = random.random(rows) < np.clip(rates[i] + shift, 0.01, 0.99)
        columns[f"y{i + 1}"] = pa.array(yes.astype(np.int8), mask=random.random(rows) < missing[i])
    return pa.table(columns)


def scan(*, form: str = "clustered") -> Scan:
    """Ask for every measure in every breakdown in every area."""
    names = ["weight", "stratum", "psu", "area", *(f"g{j + 1}" for j in range(len(LEVELS)))]
    names += [f"y{i + 1}" for i in range(MEASURES)]
    breakdowns = [f"g{j + 1}" for j in range(len(LEVELS))]
    return Scan(
        source="benchmark",
        columns=tuple(Column(name=name) for name in names),
        sampling=Sampling(
            form=form,
            weight="weight",
            strata=("stratum",),
            psu=("psu",) if form == "clustered" else (),
        ),
        items=tuple(
            Item(id=f"y{i + 1}", statistic="proportion", y=f"y{i + 1}") for i in range(MEASURES)
        ),
        dimensions=(_dimension("area", AREAS), *map(_dimension, breakdowns, LEVELS)),
        cells=tuple(("area", name) for name in breakdowns),
    )


def _dimension(name: str, size: int) -> Dimension:
    groups = tuple(Group(id=str(code), codes=(code,)) for code in range(size))
    return Dimension(id=name, sql=name, size=size, groups=groups)
