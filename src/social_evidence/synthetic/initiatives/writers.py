"""Write the made-up records of initiatives as the files in which such records are handed in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa

from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.synthetic.initiatives import registers
from social_evidence.synthetic.initiatives.answers import answers_of
from social_evidence.synthetic.initiatives.truth import COHORTS
from social_evidence.synthetic.london.writing import write_bytes

FOLDER: Final = "initiatives"
FIRST_YEAR: Final = 2026
_LATER: Final = 0.9
"""Size of the second year's cohorts against the first."""


def write_initiatives(folder: Path, years: int = 1) -> tuple[Path, ...]:
    """Write answers, registers, returns, grants and courses.

    Args:
        folder: Of the sources; the files go below `initiatives/`.
        years: 1 for what is known at the first release, 2 for the second.

    Returns:
        The files.
    """
    base = folder / FOLDER
    written = [_answers(base, year) for year in range(FIRST_YEAR, FIRST_YEAR + years)]
    found = [path for paths in written for path in paths]
    tables = {
        "organisations": registers.organisations(),
        "events": registers.events(years),
        "people": registers.people(years),
        "expected": registers.expected(years),
    }
    found += [_rows(base / "registers" / f"{n}.csv", rows) for n, rows in tables.items()]
    found.append(_rows(base / "returns" / "returns.csv", registers.returns(years)))
    found.append(_json(base / "grants" / "grants.json", registers.grants()))
    found.append(_json(base / "services" / "services.json", registers.courses()))
    return tuple(found)


def _answers(base: Path, year: int) -> list[Path]:
    found = []
    for cohort in COHORTS:
        size = cohort.people if year == FIRST_YEAR else round(cohort.people * _LATER)
        table = _under_pseudonyms(answers_of(cohort, year, size), cohort.initiative)
        rows = [table.column_names, *zip(*(c.to_pylist() for c in table.columns), strict=True)]
        found.append(_rows(base / "answers" / f"{cohort.initiative}_{year}.csv", rows))
    return found


def _under_pseudonyms(table: pa.Table, initiative: str) -> pa.Table:
    purpose = f"linkage:{initiative}"
    known = {
        name: pseudonym(name, purpose, registers.KEY)
        for name in dict.fromkeys(table["participant"].to_pylist())
    }
    names = pa.array([known[name] for name in table["participant"].to_pylist()], pa.string())
    return table.drop_columns(["participant"]).add_column(0, "pseudonym", names)


def _rows(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return write_bytes(path, text.getvalue().encode())


def _json(path: Path, content: object) -> Path:
    return write_bytes(path, (json.dumps(content, indent=1) + "\n").encode())
