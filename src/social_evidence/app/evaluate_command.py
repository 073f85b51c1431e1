"""What `evaluate INITIATIVE` does: evaluate, hide what must be hidden, write the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

from social_evidence.app.evaluate import evaluate_initiative
from social_evidence.app.evaluate_benchmark import CitySurvey
from social_evidence.app.evaluate_report import check_report, report_of, to_html, to_text
from social_evidence.app.evaluation_published import published
from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DataError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation_plan import Registration
from social_evidence.model.office import RecordSet
from social_evidence.model.record_mapping import to_mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """One evaluation in every form: for machines, terminals and browsers."""

    mapping: dict[str, Any]
    text: str
    html: str


def evaluated(
    catalogue: Catalogue,
    initiative: str,
    answers: pa.Table,
    registrations: Sequence[Registration],
    record_sets: Sequence[RecordSet],
    benchmark: Sequence[Path],
    source: str,
) -> Evaluated:
    """Evaluate an initiative and write what may be shown.

    Args:
        catalogue: With the initiative.
        initiative: Its id.
        answers: As the office hands them out.
        registrations: Of its plan.
        record_sets: How its answers came in: one that says it was made up marks the report.
        benchmark: Files of the city's survey: none, one, or two in order of time.
        source: What that survey is, in words.

    Raises:
        DataError: There are no answers, or a file is none that can be read.
    """
    survey = _survey(benchmark, source)
    evaluation = published(
        evaluate_initiative(
            catalogue,
            initiative,
            answers,
            registrations=registrations,
            benchmark=survey,
            is_synthetic=any(map(_is_made_up, record_sets)),
        )
    )
    report = report_of(evaluation, catalogue)
    check_report(report, evaluation)
    return Evaluated(mapping=to_mapping(evaluation), text=to_text(report), html=to_html(report))


def _is_made_up(record_set: RecordSet) -> bool:
    """Say whether answers say of themselves that a program made them up."""
    told = f"{record_set.purpose} {record_set.notice_version}".lower()
    return "made up" in told or "synthetic" in told


def no_initiative(catalogue: Catalogue, name: str) -> str:
    """Say that there is no such initiative, and which was meant."""
    return (
        f"There is no initiative {name!r} in the catalogue."
        f"{suggestion(name, catalogue.initiatives)}"
    )


def _survey(files: Sequence[Path], source: str) -> CitySurvey | None:
    if not files:
        return None
    if len(files) > 2:
        raise DataError(f"{len(files)} files of the city's survey; one or two are read.")
    tables = [_table(file) for file in files]
    told = source or ", ".join(file.name for file in files)
    return CitySurvey(source=told, before=tables[0], later=tables[1] if len(tables) > 1 else None)


def _table(file: Path) -> pa.Table:
    """Read a small table whose columns are codes; weights are the only numbers."""
    try:
        if file.suffix == ".parquet":
            return parquet.read_table(file)
        names = csv.open_csv(file).schema.names
        types = {name: pa.float64() if name == "weight" else pa.string() for name in names}
        options = csv.ConvertOptions(column_types=types, strings_can_be_null=True)
        return csv.read_csv(file, convert_options=options)
    except (OSError, pa.ArrowException) as fault:
        raise DataError(f"{file.name} cannot be read as CSV or Parquet: {fault}") from None
