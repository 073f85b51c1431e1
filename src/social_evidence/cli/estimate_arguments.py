"""What was typed after `estimate`, as statistics, comparisons and a design; and the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast, get_args

import pyarrow as pa
import typer

from social_evidence.app.chi_squared import chi_squared
from social_evidence.app.difference import Group, difference
from social_evidence.app.estimate import estimate
from social_evidence.errors import DataError
from social_evidence.model.design import Calibration, Design, LonelyPsu
from social_evidence.model.layout import Layout
from social_evidence.model.statistic import (
    Mean,
    Proportion,
    Quantile,
    Ratio,
    Statistic,
    Total,
)
from social_evidence.readers import open_table
from social_evidence.readers.table import FileTable

_EQUALS: Final = re.compile(r"^(?P<variable>[^=<>!]+)=(?P<value>[^=<>!]*)$")
_MARGIN_COLUMNS: Final = ("variable", "level", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two groups of some variables."""

    by: tuple[str, ...]
    left: Group
    right: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything asked of one file in one command."""

    statistics: tuple[Statistic, ...]
    comparisons: tuple[Comparison, ...]
    tables: tuple[tuple[str, str], ...]
    by: tuple[str, ...]
    where: str | None
    level: float
    test: str
    degrees_of_freedom: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The tables that answer a question; None where that kind was not asked.

    Attributes:
        name: The file.
        design: The design used.
        by: Grouping variables of the estimates.
        estimates: Rows of `estimate`.
        differences: Rows of `difference`.
        tests: Rows of `chi_squared`.
        statistics: What was asked, in the order in which it returns in every group.
    """

    name: str
    design: Design
    by: tuple[str, ...]
    statistics: tuple[Statistic, ...]
    estimates: pa.Table | None
    differences: pa.Table | None
    tests: pa.Table | None

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The tables that there are, by kind."""
        kinds = {
            "estimates": self.estimates,
            "differences": self.differences,
            "tests": self.tests,
        }
        return {kind: table for kind, table in kinds.items() if table is not None}


def answered(source: FileTable, design: Design, question: Question) -> Answer:
    """Put the question to the file."""
    asked, where, level = question.statistics, question.where, question.level
    df = question.degrees_of_freedom
    differences = [
        difference(
            source,
            design,
            statistic,
            one.by,
            one.left,
            one.right,
            where,
            level,
            degrees_of_freedom=df,
        )
        for one in question.comparisons
        for statistic in asked
    ]
    tests = [
        chi_squared(source, design, rows, columns, question.test, where)
        for rows, columns in question.tables
    ]
    estimates = None
    if asked and (question.by or not differences):
        estimates = estimate(
            source, design, asked, question.by, where, level, degrees_of_freedom=df
        )
    return Answer(
        name=source.name,
        design=design,
        by=question.by,
        statistics=asked,
        estimates=estimates,
        differences=pa.concat_tables(differences) if differences else None,
        tests=pa.concat_tables(tests) if tests else None,
    )


def statistics(
    *,
    proportions: Sequence[str],
    interval: str,
    means: Sequence[str],
    totals: Sequence[str],
    ratios: Sequence[str],
    quantiles: Sequence[str],
) -> tuple[Statistic, ...]:
    """Read the statistics asked for, in the order proportion, mean, total, ratio, quantile."""
    return (
        *(_proportion(text, interval) for text in proportions),
        *(Mean(text) for text in means),
        *(Total(text) for text in totals),
        *(_ratio(text) for text in ratios),
        *(_quantile(text) for text in quantiles),
    )


def comparison(text: str) -> Comparison:
    """Read `BY:LEFT:RIGHT`; crossed variables and their values are joined by `*`."""
    parts = text.split(":")
    if len(parts) != 3 or not all(parts):
        raise typer.BadParameter(
            f"{text!r} is not BY:LEFT:RIGHT, such as sex:1:2.", param_hint="--difference"
        )
    by, left, right = ([part.strip() for part in half.split("*")] for half in parts)
    return Comparison(by=tuple(by), left=_group(left), right=_group(right))


def cross_table(text: str) -> tuple[str, str]:
    """Read `ROWS,COLUMNS`."""
    rows, _, columns = (part.strip() for part in text.partition(","))
    if not rows or not columns:
        raise typer.BadParameter(
            f"{text!r} is not ROWS,COLUMNS, such as smokes,sex.", param_hint="--chi-squared"
        )
    return rows, columns


def check_asked(question: Question, *, one_kind: bool) -> None:
    """Refuse a command that asks nothing, or more than CSV can hold."""
    if not (question.statistics or question.tables):
        raise typer.BadParameter(
            "ask for at least one of --proportion, --mean, --total, --ratio, --quantile or "
            "--chi-squared."
        )
    kinds = (
        bool(question.statistics and (question.by or not question.comparisons)),
        bool(question.comparisons),
        bool(question.tables),
    )
    if one_kind and sum(kinds) > 1:
        raise typer.BadParameter(
            "CSV holds one table: ask for estimates, differences or tests, or use --json.",
            param_hint="--csv",
        )


def names(texts: Sequence[str] | None) -> tuple[str, ...] | None:
    """Split repeated, comma-separated names; None where nothing was given.

    An SQL scalar, known by its brackets or quotes, keeps its commas.
    """
    parts = [
        part
        for text in texts or ()
        for part in ([text] if any(sign in text for sign in "('\"") else text.split(","))
    ]
    return tuple(part.strip() for part in parts if part.strip()) or None


def numbers(text: str | None, option: str) -> tuple[float, ...] | None:
    """Read comma-separated numbers."""
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as fault:
        raise typer.BadParameter("expected numbers: 0.5,0.5", param_hint=option) from fault


def lonely(text: str) -> LonelyPsu:
    """Read the rule for a stratum with one unit."""
    return cast("LonelyPsu", _choice(text, get_args(LonelyPsu), "--lonely-psu"))


def layout(sheet: str, member: str, delimiter: str, decimal: str, encoding: str) -> Layout:
    """Say how the file is laid out."""
    sign = cast("Any", _choice(decimal, (".", ","), "--decimal"))
    return Layout(
        sheet=sheet,
        member=member,
        delimiter="\t" if delimiter == "tab" else delimiter,
        decimal=sign,
        encoding=encoding,
    )


def calibration(method: str | None, margins: Path | None) -> Calibration | None:
    """Read population totals from a table with the columns variable, level, total.

    Raises:
        DataError: The table lacks a column, holds a total that is no number, or one twice.
    """
    if method is None and margins is None:
        return None
    if method is None or margins is None:
        raise typer.BadParameter("--calibration and --margins belong together.")
    known = ("post_stratify", "rake", "greg", "greg_raking")
    chosen = cast("Any", _choice(method, known, "--calibration"))
    margin = _totals_of(margins)
    if chosen in {"post_stratify", "rake"}:
        return Calibration(method=chosen, margins=margin)
    totals = {
        f"{variable}={level}" if level else variable: total
        for variable, levels in margin.items()
        for level, total in levels.items()
    }
    return Calibration(method=chosen, totals=totals)


def _totals_of(path: Path) -> dict[str, dict[str, float]]:
    """Read variable -> level -> total; a variable without levels has the empty one."""
    columns = Layout(text_columns=("variable", "level"), number_columns=("total",))
    table = open_table(path, columns)
    totals: dict[str, dict[str, float]] = {}
    for place, row in enumerate(table.to_table(_MARGIN_COLUMNS).to_pylist(), start=1):
        variable, level, total = row["variable"] or "", row["level"] or "", row["total"]
        where = f"{path.name}: row {place} of the totals"
        if not variable or not isinstance(total, int | float):
            raise DataError(
                f"{where} has no variable or no total, so no weights can be made to meet it. "
                "Complete the row."
            )
        if level in totals.setdefault(variable, {}):
            raise DataError(
                f"{where} repeats level {level!r} of {variable!r}. Only one total can be met: "
                "leave one of the rows out."
            )
        totals[variable][level] = float(total)
    return totals


def _proportion(text: str, interval: str) -> Proportion:
    found = _EQUALS.match(text)
    if found is None:
        return Proportion(text, 1, interval)
    typed = found["value"].strip()
    quoted = len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "'\""
    values = [typed[1:-1]] if quoted else [part.strip() for part in typed.split(",")]
    if not all(values):
        raise typer.BadParameter(f"{text!r} names no value.", param_hint="--proportion")
    # Text that spells a number finds both the number and the text, so it is kept as typed.
    value = values[0] if len(values) == 1 else tuple(values)
    return Proportion(found["variable"].strip(), value, interval)


def _ratio(text: str) -> Ratio:
    parts = [part.strip() for part in text.split("/")]
    if len(parts) != 2 or not all(parts):
        raise typer.BadParameter(f"{text!r} is not A/B.", param_hint="--ratio")
    return Ratio(parts[0], parts[1])


def _quantile(text: str) -> Quantile:
    variable, equals, probability = text.rpartition("=")
    try:
        return Quantile(variable.strip(), float(probability)) if equals else Quantile(text.strip())
    except ValueError as fault:
        raise typer.BadParameter(
            f"{text!r} is not VARIABLE=PROBABILITY, such as income=0.5.", param_hint="--quantile"
        ) from fault


def _group(values: Sequence[str]) -> Group:
    return tuple(values) if len(values) > 1 else values[0]


def _choice(text: str, known: Sequence[str], option: str) -> str:
    if text not in known:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(known)}.", param_hint=option)
    return text
