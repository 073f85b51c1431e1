"""Small nasty designs with random data: everything R's survey package says about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from social_evidence import (
    Calibration,
    Design,
    difference,
    estimate,
    mean,
    proportion,
    ratio,
    total,
)
from social_evidence.app.sample import ReplicateSample
from social_evidence.app.survey import open_survey
from social_evidence.errors import EvidenceError
from social_evidence.methods import replicate, taylor

SET = "r-survey"
INTERVALS = ("logit", "xlogit", "beta", "wilson", "asin", "likelihood", "mean")
STATISTICS = {
    "mean_y": mean("y"),
    "mean_x": mean("x"),
    "total_y": total("y"),
    "total_x": total("x"),
    "total_o1": total("o1"),
    "ratio_x_z": ratio("x", "z"),
    **{f"ciprop_{name}": proportion("y", 1, name, exact_at_edges=False) for name in INTERVALS},
}
STAGES = {"fpc": {"fpc": ["N1"]}, "twostage": {"psu": ["psu", "ssu"], "fpc": ["N1", "M2"]}}
TEXT = {"grp"}
WHOLE = {"stratum", "psu", "ssu", "a", "b", "t", "row"}


def _table(rows: list[dict[str, str]]) -> pa.Table:
    columns: dict[str, Any] = {}
    for name in rows[0]:
        texts = [row[name] for row in rows]
        if name in TEXT:
            columns[name] = texts
        else:
            kind = int if name in WHOLE else float
            columns[name] = [kind(text) if text != "" else None for text in texts]
    columns["o1"] = [1] * len(rows)
    return pa.table(columns)


def _design(row: dict[str, str], margins: list[dict[str, str]], replicates: list[str]) -> Design:
    kind = row["kind"]
    if kind.startswith("rep_"):
        return Design(
            weight="w",
            replicates=replicates,
            replicate_method="other",
            scale=float(row["scale"]),
            rscales=[float(text) for text in row["rscales"].split(";")],
            mse=row["mse"] == "TRUE",
        )
    stages = {"psu": ["psu"], **STAGES.get(kind, {})}
    return Design(
        weight="w",
        strata="stratum",
        lonely_psu=row["lonely_psu"],
        adjust_domain_lonely=row["adjust_domain_lonely"] == "TRUE",
        calibration=_calibration(kind, margins),
        **stages,
    )


def _calibration(kind: str, margins: list[dict[str, str]]) -> Calibration | None:
    totals: dict[str, dict[str, float]] = defaultdict(dict)
    for row in margins:
        totals[row["variable"]][row["level"]] = float(row["total"])
    if kind == "greg":
        return Calibration(method="greg", totals={name: t[""] for name, t in totals.items()})
    methods = {"post": "post_stratify", "rake": "rake"}
    return Calibration(method=methods[kind], margins=dict(totals)) if kind in methods else None


class Answers:
    """Our answers for one design, by what R's row asks."""

    def __init__(self, table: pa.Table, design: Design) -> None:
        self.table, self.design = table, design
        asked = list(STATISTICS.values())
        rows = estimate(table, design, asked).to_pylist()
        self.rows = {("all", name): row for name, row in zip(STATISTICS, rows, strict=True)}
        grouped = estimate(table, design, asked, by="grp").to_pylist()
        for index, row in enumerate(grouped):
            self.rows[f"grp={row['grp']}", list(STATISTICS)[index % len(asked)]] = row

    def __call__(self, stat: str, domain: str) -> dict[str, Any]:
        if stat == "degf":
            return {"estimate": self.rows[domain, "mean_y"]["degrees_of_freedom"]}
        if stat.startswith("deff_"):
            return {"estimate": self._design_effect(stat)}
        if stat.startswith("diff_"):
            by, _, pair = domain.partition("=")
            left, right = pair.split("-")
            plain = (left, right) if by == "grp" else (int(left), int(right))
            item = mean(stat.removeprefix("diff_"))
            return difference(self.table, self.design, item, by, *plain).to_pylist()[0]
        if stat.startswith("did_"):
            return self._difference_in_differences(mean(stat.removeprefix("did_")))
        return self.rows[domain, stat]

    def _design_effect(self, stat: str) -> float | None:
        if stat.endswith("_TRUE"):
            return self.rows["all", "mean_x"]["design_effect"]
        sample = open_survey(self.table, self.design, ["x"], None).sample
        x = self.table.column("x").to_numpy(zero_copy_only=False).astype(float)
        if isinstance(sample, ReplicateSample):
            found = replicate.means(x, sample.design).deff_replace
        else:
            found = taylor.means(x, sample.design).design_effect_replace
        return None if np.isnan(found[0]) else float(found[0])

    def has_empty_cell(self, row: dict[str, str]) -> bool:
        """Tell whether a cell of the contrast has nobody who answered with a weight above 0."""
        kind, _, variable = row["stat"].partition("_")
        by = ["grp", "t"] if kind == "did" else [row["domain"].partition("=")[0]]
        where = {"grp": ["a", "b"]} if kind == "did" else None
        cells = estimate(self.table, self.design, mean(variable), by=by, where=where)
        asked = 4 if kind == "did" else 2
        return cells.num_rows < asked or 0 in cells.column("base").to_pylist()

    def has_wild_replicate(self, ours: dict[str, Any]) -> bool:
        """Tell whether R's iteration must run away: a replicate share of 0 or 1, or a wide one."""
        y = self.table.column("y").to_numpy(zero_copy_only=False).astype(float)
        known = ~np.isnan(y)
        weights = np.array([self.table.column(name) for name in self.design.replicates])[:, known]
        shares = weights @ y[known] / weights.sum(axis=1)
        p, error = ours["estimate"], ours["standard_error"]
        return bool(min(shares.min(), 1 - shares.max()) < 1e-9 or error > 1.3 * p * (1 - p))

    def is_beyond_rounding(self, row: dict[str, str], ours: dict[str, Any]) -> bool:
        """Tell whether R's `likelihood` reads its limits at a level that rounds to 1.

        The limits lie t standard errors out on the scale of the working model, whose standard
        error is smaller: over 5 of its own, 1 - level is a few units of rounding.
        """
        if ours["estimate"] is None:
            return False
        p, error = ours["estimate"], ours["standard_error"]
        working = ours["base"] * p * (1 - p)
        critical = stats.t.isf(0.025, float(row["df"] or "nan"))
        return not critical * error / (p * (1 - p)) * np.sqrt(working) <= 5

    def _difference_in_differences(self, item: Any) -> dict[str, Any]:
        weights = {("a", 0): 1, ("b", 0): -1, ("a", 1): -1, ("b", 1): 1}
        where = {"grp": ["a", "b"]}
        return difference(
            self.table, self.design, item, ["grp", "t"], where=where, weights=weights
        ).to_pylist()[0]


def _by_design(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[row["design_id"]].append(row)
    return found


def _with_replicates(table: pa.Table, rows: list[dict[str, str]]) -> tuple[pa.Table, list[str]]:
    places = {int(row): place for place, row in enumerate(table.column("row").to_pylist())}
    weights: dict[int, list[float]] = defaultdict(lambda: [0.0] * table.num_rows)
    for row in rows:
        weights[int(row["rep"])][places[int(row["row"])]] = float(row["weight"])
    names = []
    for number in sorted(weights):
        names.append(f"rep{number}")
        table = table.append_column(names[-1], pa.array(weights[number]))
    return table, names


def _compare(comparison: Any, answers: Answers, row: dict[str, str], tol: dict[str, float]) -> None:
    stat, domain = row["stat"], row["domain"]
    what = f"design {row['design_id']} {stat} {domain}"
    try:
        ours = answers(stat, domain)
    except EvidenceError as refusal:
        comparison.misses.append(f"{what}: refused: {refusal}")
        return
    iterated = stat in {"ciprop_logit", "ciprop_likelihood"}
    near = {name: tol["iterated"] if iterated else tol[name] for name in ("closed", "se")}
    reason = _not_comparable(answers, row, ours)
    if reason:
        comparison.skip(2, reason)
        return
    size = ours["estimate"] or 0.0
    comparison.values(f"{what} estimate", row["estimate"], ours["estimate"], near["closed"])
    comparison.values(f"{what} se", row["se"], ours.get("standard_error"), near["se"], size)
    if stat != "degf":
        comparison.values(f"{what} df", row["df"], ours.get("degrees_of_freedom"), 0.0)
    reason = _limits_not_comparable(answers, row, ours)
    if reason:
        comparison.skip(2, reason)
        return
    comparison.values(f"{what} lower", row["ci_low"], ours.get("lower"), near["se"], size)
    comparison.values(f"{what} upper", row["ci_high"], ours.get("upper"), near["se"], size)


def _not_comparable(answers: Answers, row: dict[str, str], ours: dict[str, Any]) -> str | None:
    """Tell why R's number is none; the README compares none of these either."""
    if row["estimate"] == "NaN" and ours["estimate"] is None:
        return "values of an empty domain (R: estimate NaN with a standard error)"
    contrast = row["stat"].startswith(("did_", "diff_"))
    if contrast and ours["estimate"] is None and answers.has_empty_cell(row):
        return "values of contrasts with an empty cell (R leaves the cell out of the sum)"
    return None


def _limits_not_comparable(
    answers: Answers, row: dict[str, str], ours: dict[str, Any]
) -> str | None:
    """Tell why R's limits are none: they come from rounding noise or a failed iteration."""
    if not row["stat"].startswith("ciprop_") or ours["estimate"] is None:
        return None
    at_edge = min(ours["estimate"], 1 - ours["estimate"]) < 1e-12
    stopped = answers.design.replicates or "NaN" in {row["ci_low"], row["ci_high"]}
    if at_edge and row["stat"] == "ciprop_logit" and stopped:
        return "logit limits at a share of 0 or 1, where R's are NaN or its last iteration"
    undefined = row["stat"] not in {"ciprop_logit", "ciprop_mean"}
    if at_edge and undefined and row["ci_low"] != "NaN":
        return "limits at a share of 0 or 1 that R has made of rounding noise"
    if row["stat"] == "ciprop_logit" and row["ci_high"] == "NaN":
        return "logit limits that R gives as a number and NaN (as with 1 degree of freedom)"
    if row["stat"] == "ciprop_beta" and row["ci_low"] == row["ci_high"] == "0.5":
        return "beta limits of a share without sampling error, which R reads as 0.5"
    if row["stat"] == "ciprop_likelihood":
        return _likelihood_not_comparable(answers, row, ours)
    return None


def _likelihood_not_comparable(
    answers: Answers, row: dict[str, str], ours: dict[str, Any]
) -> str | None:
    """Tell where R's profile is one of rounding noise; the README compares no such limits."""
    if answers.design.replicates and answers.has_wild_replicate(ours):
        return "likelihood limits where a replicate's log-odds are infinite or nearly so"
    if answers.is_beyond_rounding(row, ours):
        return "likelihood limits that R reads at a level which rounds to 1"
    return None


def test_every_design_agrees_with_r(
    part_of: Callable[[str], Path],
    rows_of: Callable[[Path], list[dict[str, str]]],
    golden_tally: Any,
    comparison: Any,
    tolerances: dict[str, float],
) -> None:
    folder = part_of("random")
    microdata = _by_design(rows_of(folder / "microdata.csv"))
    expected = _by_design(rows_of(folder / "expected.csv"))
    margins = _optional(folder / "margins.csv", rows_of)
    weights = _optional(folder / "repweights.csv", rows_of)
    for row in rows_of(folder / "designs.csv"):
        identity = row["design_id"]
        wanted = expected[identity]
        if row["status"] != "ok":
            comparison.skip(len(wanted), "rows of designs that R could not make")
            continue
        if row["caution"]:
            comparison.skip(len(wanted), f"rows of designs marked {row['caution']}")
            continue
        absent = _absent_part(row, margins, weights)
        if absent:
            comparison.skip(len(wanted), f"rows of designs without {absent}")
            continue
        plain, names = _with_replicates(_table(microdata[identity]), weights[identity])
        answers = Answers(plain, _design(row, margins[identity], names))
        for one in wanted:
            if one["term"].startswith("ERROR"):
                comparison.skip(1, "rows where R failed or the cell is empty")
            else:
                _compare(comparison, answers, one, tolerances)
    golden_tally.compared(f"{SET}/random", comparison.compared)
    for reason, number in comparison.skipped.items():
        golden_tally.skipped(f"{SET}/random", number, reason)
    shown = "\n".join(comparison.misses[:400])
    assert comparison.compared > 0
    assert not comparison.misses, f"{len(comparison.misses)} of {comparison.compared}\n{shown}"


def _absent_part(row: dict[str, str], margins: Any, weights: Any) -> str | None:
    """Tell which file of the set a design needs and lacks."""
    identity, kind = row["design_id"], row["kind"]
    if kind in {"post", "rake", "greg"} and identity not in margins:
        return "margins.csv"
    if kind.startswith("rep_") and identity not in weights:
        return "repweights.csv"
    return None


def _optional(
    path: Path, rows_of: Callable[[Path], list[dict[str, str]]]
) -> dict[str, list[dict[str, str]]]:
    return _by_design(rows_of(path)) if path.is_file() else defaultdict(list)


@pytest.mark.parametrize("shift", [1e-7, -1e-7])
def test_a_standard_error_off_by_a_ten_millionth_is_found(comparison: Any, shift: float) -> None:
    comparison.values("se", "0.5", 0.5 * (1 + shift), 1e-8)
    assert comparison.misses
