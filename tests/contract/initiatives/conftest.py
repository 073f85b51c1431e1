"""A release of the made-up initiatives, without any source of residents: quick to build."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from social_evidence.app.build import build
from social_evidence.app.demo_office import fill_office
from social_evidence.catalogue.load import load
from social_evidence.synthetic.initiatives.writers import write_initiatives

LONDON = Path(__file__).resolve().parents[3] / "src/social_evidence/catalogues/london"


@dataclass(frozen=True)
class Made:
    """base: an evidence base. release: its folder. rows: of the initiatives table, as mappings."""

    base: Path
    release: Path
    rows: tuple[dict, ...]
    estimates: tuple[dict, ...]

    def raw(self, path: str) -> list[dict[str, str]]:
        """Rows of one of the files that records were handed in with."""
        text = (self.base / "sources/initiatives" / path).read_text(encoding="utf-8")
        return list(csv.DictReader(text.splitlines()))


def made(base: Path, *, years: int = 1, **options) -> Made:
    write_initiatives(base / "sources", years=years)
    fill_office(base, load([LONDON]), years=years)
    release = build(
        [LONDON],
        [base / "sources"],
        base,
        as_of=dt.date(2025 + years, 11, 22),
        measures=["offline"],
        allow_missing=True,
        **options,
    )
    return Made(
        base=base,
        release=release,
        rows=tuple(pq.read_table(release / "initiatives.parquet").to_pylist()),
        estimates=tuple(pq.read_table(release / "estimates.parquet").to_pylist()),
    )


@pytest.fixture(scope="session")
def first(tmp_path_factory):
    return made(tmp_path_factory.mktemp("initiatives"))


@pytest.fixture(scope="session")
def london():
    return load([LONDON])
