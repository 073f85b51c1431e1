"""R's own example surveys: every call of `reference.csv`, read and answered by our functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from social_evidence.errors import EvidenceError

SET = "r-survey"
COLUMNS = (
    ("estimate", "estimate"),
    ("se", "standard_error"),
    ("ci_low", "lower"),
    ("ci_high", "upper"),
    ("deff", "design_effect"),
    ("p_value", "p_value"),
)


def _tolerances(call: str, tol: dict[str, float]) -> dict[str, float]:
    if "svyciprop" in call and (
        "'logit'" in call or "'likelihood'" in call or "method" not in call
    ):
        return dict.fromkeys(tol, tol["iterated"])
    return tol


def _by_call(rows: list[dict[str, str]]) -> dict[tuple[str, str, str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[row["id"], row["design"], row["options"], row["r_call"]].append(row)
    return found


def _compare(
    comparison: Any,
    what: str,
    row: dict[str, str],
    ours: dict[str, Any],
    tol: dict[str, float],
    scale: float,
) -> None:
    size = (ours["estimate"] or 0.0) * scale
    for theirs, own in COLUMNS:
        near = tol["closed"] if theirs == "estimate" else tol["se"]
        comparison.values(f"{what} {theirs}", row[theirs], ours.get(own), near, size)


def _answered(
    comparison: Any, caller: Any, key: tuple[str, str, str, str], tol: dict[str, float]
) -> Callable[[list[dict[str, str]]], None]:
    identity, design, _, call = key
    what = f"{identity} {design} {call}"
    near = _tolerances(call, tol)
    # Each raked replicate misses its totals by what raking left over, and a standard error that is
    # 0 in theory is the spread of those remainders.
    raked = caller.made.design.replicates and caller.made.design.calibration
    scale = 100.0 if raked else 1.0

    def compare(rows: list[dict[str, str]]) -> None:
        answers = caller(call)
        whole = caller.degrees_of_freedom()
        for row in rows:
            ours = answers[""] if "" in answers else answers.get(row["term"])
            if ours is None:
                comparison.misses.append(f"{what}: no term {row['term']!r} in {list(answers)}")
                continue
            _compare(comparison, f"{what} {row['term']}", row, ours, near, scale)
            df = ours["degrees_of_freedom"] if "svychisq" in call and row["df"] else whole
            comparison.values(f"{what} {row['term']} df", row["df"], df, near["closed"])

    return compare


def _refused(
    comparison: Any, caller: Any, key: tuple[str, str, str, str], rows: list[dict[str, str]]
) -> None:
    comparison.compared += len(rows)
    try:
        caller(key[3])
    except EvidenceError:
        return
    comparison.misses.append(f"{' '.join(key)}: R refuses ({rows[0]['term']}), ours answers")


def test_every_call_agrees_with_r(
    part_of: Callable[[str], Path],
    rows_of: Callable[[Path], list[dict[str, str]]],
    r_designs: ModuleType,
    r_calls: ModuleType,
    golden_tally: Any,
    comparison: Any,
    tolerances: dict[str, float],
) -> None:
    reference = part_of("reference.csv")
    part_of("designs.csv")
    designs = r_designs.Designs(reference.parent)
    callers: dict[tuple[str, str], Any] = {}
    for key, rows in _by_call(rows_of(reference)).items():
        _, design, options, call = key
        if call.startswith("svyglm("):
            comparison.skip(len(rows), "rows of svyglm (no regression here)")
            continue
        if (design, options) not in callers:
            try:
                made = designs[design].with_options(options)
            except FileNotFoundError as absent:
                comparison.skip(len(rows), f"rows of a folder without {absent}")
                continue
            callers[design, options] = r_calls.Caller(made, designs.values)
        caller = callers[design, options]
        if rows[0]["term"].startswith("ERROR"):
            _refused(comparison, caller, key, rows)
            continue
        try:
            _answered(comparison, caller, key, tolerances)(rows)
        except (EvidenceError, LookupError, TypeError, ValueError) as refusal:
            comparison.misses.append(f"{' '.join(key)}: refused: {refusal!r}")
    golden_tally.compared(SET, comparison.compared)
    for reason, number in comparison.skipped.items():
        golden_tally.skipped(SET, number, reason)
    shown = "\n".join(comparison.misses[:60])
    assert comparison.compared > 0
    assert not comparison.misses, f"{len(comparison.misses)} of {comparison.compared}\n{shown}"


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("I(api00>650)", '("api00" > 650.0)'),
        ("agecat=='(19,39]'&race==4", '(("agecat" = \'(19,39]\') and ("race" = 4.0))'),
        ("!(SDMVSTRA %in% nh3)", '(not ("SDMVSTRA" in (76.0)))'),
        ("I(1*(sch.wide=='Yes'))", "(1.0 * cast((\"sch.wide\" = 'Yes') as integer))"),
        (
            "ifelse(apiclus1$dnum==413,1,1000)",
            '(case when ("dnum" = 413.0) then 1.0 else 1000.0 end)',
        ),
        ("-31", "(-31.0)"),
        ("2-3-4", "((2.0 - 3.0) - 4.0)"),
    ],
)
def test_r_conditions_are_read_as_r_means_them(r_language: ModuleType, text: str, sql: str) -> None:
    assert r_language.to_sql(r_language.parse(text), {"nh3": (76.0,)}) == sql


@pytest.mark.parametrize(
    ("theirs", "ours", "agrees"),
    [
        ("0.5", 0.5, True),
        ("0.5", 0.5 + 1e-10, True),
        ("0.5", 0.5 + 1e-8, False),
        ("0.5", None, False),
        ("NaN", None, True),
        ("NaN", 0.5, False),
        ("1e-15", 0.0, True),
        ("1e-9", 0.0, False),
    ],
)
def test_a_number_agrees_within_its_tolerance_and_no_number_with_null(
    comparison: Any, theirs: str, ours: float | None, agrees: bool
) -> None:
    comparison.values("value", theirs, ours, 1e-9)
    assert (comparison.misses == []) is agrees
    assert comparison.compared == 1


def test_an_empty_cell_of_the_set_is_not_compared(comparison: Any) -> None:
    comparison.values("value", "", 0.5, 1e-9)
    assert (comparison.compared, comparison.misses) == (0, [])
