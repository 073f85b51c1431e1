"""Makes our designs from the R calls of `designs.csv`: a table, column names, a domain."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from by_path import module_at
from social_evidence import Calibration, Design
from social_evidence.engine.columns import compute
from social_evidence.readers import open_table

language: Any = module_at(Path(__file__).with_name("r_language.py"))


@dataclass(frozen=True)
class Made:
    """A design of R as ours.

    Attributes:
        table: The data with every column that the design or a later call needs.
        design: The design by column names.
        domain: SQL condition of the rows that R keeps, or none.
        fpc_fraction: Share of the first stage that was sampled, for jackknife weights.
    """

    table: pa.Table
    design: Design
    domain: str | None = None

    def within(self, condition: str | None) -> str | None:
        """Return the domain and a further condition as one."""
        both = [part for part in (self.domain, condition) if part is not None]
        return " and ".join(f"({part})" for part in both) or None

    def with_options(self, options: str) -> Made:
        """Apply R's options `survey.lonely.psu` and `survey.adjust.domain.lonely`."""
        given = dict(part.strip().split("=") for part in options.split(";") if part.strip())
        if self.design.replicates or not given:
            return self
        design = replace(
            self.design,
            lonely_psu=given.get("survey.lonely.psu", "fail"),
            adjust_domain_lonely=given.get("survey.adjust.domain.lonely") == "TRUE",
        )
        return replace(self, design=design)


class Designs:
    """The designs of one folder, made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with (folder / "designs.csv").open(encoding="utf-8", newline="") as file:
            self.calls = {row["design"]: row["r_call"] for row in csv.DictReader(file)}
        self.made: dict[str, Made] = {}
        self.tables: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> Made:
        if name not in self.made:
            self.made[name] = self._evaluate(language.parse(self.calls[name]), name)
        return self.made[name]

    @cached_property
    def values(self) -> dict[str, tuple[float, ...]]:
        """R variables that conditions use: `nh3`, the nhanes strata without exactly two units."""
        if not (self.folder / "data" / "nhanes.csv").is_file():
            return {}
        table = self._table("nhanes")
        pairs = set(zip(table["SDMVSTRA"].to_pylist(), table["SDMVPSU"].to_pylist(), strict=True))
        strata = [stratum for stratum, _ in pairs]
        return {"nh3": tuple(sorted({float(s) for s in strata if strata.count(s) != 2}))}

    def _table(self, name: str) -> pa.Table:
        stem = {"fpcdat": "fpc"}.get(name, name)
        if stem not in self.tables:
            path = self.folder / "data" / f"{stem}.csv"
            if not path.is_file():
                raise FileNotFoundError(f"data/{stem}.csv")
            self.tables[stem] = open_table(path).to_table()
        return self.tables[stem]

    def _evaluate(self, node: Any, name: str) -> Made:
        if isinstance(node, language.Name):
            return self[node.text]
        makers: dict[str, Callable[[Any, str], Made]] = {
            "svydesign": self._svydesign,
            "as.svrepdesign": self._as_svrepdesign,
            "svrepdesign": self._svrepdesign,
            "update": self._update,
            "subset": self._subset,
            "rake": self._rake,
            "postStratify": self._post_stratify,
            "calibrate": self._calibrate,
            "[": self._without_rows,
        }
        return makers[node.function](node, name)

    def _data(self, node: Any) -> pa.Table:
        if isinstance(node, language.Name):
            return self._table(node.text)
        source, condition = node.positional()
        table = self._data(source)
        kept = compute(table, {"kept": language.to_sql(condition, self.values)}, name="data")
        return table.filter(kept["kept"])

    def _svydesign(self, node: Any, name: str) -> Made:
        given = node.named()
        table = self._data(given["data"])
        columns: dict[str, list[str]] = {}
        for role in ("id", "ids", "strata", "weights", "fpc", "prob", "probs"):
            if role in given:
                table, columns[role] = self._columns(table, given[role], role)
        units = columns.get("id", columns.get("ids", []))
        weight = columns.get("weights", [None])[0] if columns.get("weights") else None
        if weight is None and ("prob" in given or "fpc" not in given):
            table = table.append_column("one", pa.array([1.0] * table.num_rows))
            weight = "one"
        design = Design(
            weight=weight,
            strata=columns.get("strata") or None,
            psu=units or None,
            fpc=columns.get("fpc") or None,
        )
        return Made(table=table, design=design)

    def _columns(self, table: pa.Table, node: Any, role: str) -> tuple[pa.Table, list[str]]:
        """Return the columns that a formula names; an expression becomes a column of its own."""
        if isinstance(node, language.Call) and node.function == "~":
            return table, [term.text for term in language.terms(node)]
        column = f"{role}_values"
        if isinstance(node, language.Call) and node.function == "ifelse":
            values = compute(table, {column: language.to_sql(node, self.values)}, name="data")
            return table.append_column(column, values[column]), [column]
        listed = language.numbers(node)
        return table.append_column(column, pa.array(listed, pa.float64())), [column]

    def _without_rows(self, node: Any, name: str) -> Made:
        made = self._evaluate(node.positional()[0], name)
        dropped = {int(-number) for number in language.numbers(node.positional()[1])}
        kept = pa.array([row + 1 not in dropped for row in range(made.table.num_rows)])
        return replace(made, table=made.table.append_column("kept_rows", kept), domain="kept_rows")

    def _subset(self, node: Any, name: str) -> Made:
        made = self._evaluate(node.positional()[0], name)
        condition = language.to_sql(node.positional()[1], self.values)
        return replace(made, domain=made.within(condition))

    def _update(self, node: Any, name: str) -> Made:
        made = self._evaluate(node.positional()[0], name)
        table = made.table
        for column, expression in node.named().items():
            values = compute(table, {column: language.to_sql(expression)}, name="data")
            table = table.append_column(column, values[column])
        return replace(made, table=table)

    def _as_svrepdesign(self, node: Any, name: str) -> Made:
        made = self._evaluate(node.positional()[0], name)
        if made.domain is not None:
            kept = compute(made.table, {"kept": made.domain}, name="data")["kept"]
            made = replace(made, table=made.table.filter(kept), domain=None)
        given = node.named()
        mse = given.get("mse") == language.Name("TRUE")
        file = self.folder / "data" / f"repweights_{name}.csv"
        if file.is_file():
            return self._with_published(made, name, mse)
        kind = given["type"].value if "type" in given else "auto"
        jackknife = {"auto": "JKn" if made.design.strata else "JK1"}.get(kind, kind)
        return _with_jackknife(made, jackknife, mse)

    def _with_published(self, made: Made, name: str, mse: bool) -> Made:
        weights = open_table(self.folder / "data" / f"repweights_{name}.csv").to_table()
        scales = open_table(self.folder / "data" / f"repscales_{name}.csv").to_table()
        columns = [np.asarray(weights[c], dtype=float) for c in weights.column_names[2:]]
        factors = [float(value) for value in scales["rscales"].to_pylist()]
        if len(factors) == 1:
            factors *= len(columns)
        base = np.asarray(weights["base"], dtype=float)
        return _replicated(
            made.table, base, columns, float(scales["scale"][0].as_py()), factors, mse
        )

    def _svrepdesign(self, node: Any, name: str) -> Made:
        given = node.named()
        table = self._data(given["data"])
        base = np.array(language.numbers(given["weights"]))
        factor, bound = given["repweights"].positional()
        columns = [
            language.numbers(factor)[0] * np.array(language.numbers(c)) for c in bound.positional()
        ]
        if given["combined.weights"] == language.Name("FALSE"):
            columns = [base * column for column in columns]
        if given["type"].value != "BRR":
            raise ValueError(f"no vocabulary for svrepdesign(type={given['type'].value!r})")
        return _replicated(table, base, columns, 1 / len(columns), [1.0] * len(columns), mse=False)

    def _rake(self, node: Any, name: str) -> Made:
        source, _, frames = node.positional()
        control = node.named().get("control")
        given = {} if control is None else control.named()
        margins = dict(_margin(frame) for _, frame in frames.arguments)
        return self._calibrated(
            source,
            name,
            Calibration(
                method="rake",
                margins=margins,
                epsilon=_number(given, "epsilon", 1.0),
                max_iterations=int(_number(given, "maxit", 10)),
            ),
        )

    def _post_stratify(self, node: Any, name: str) -> Made:
        source, _, frame = node.positional()
        margins = dict([_margin(frame)])
        return self._calibrated(source, name, Calibration(method="post_stratify", margins=margins))

    def _calibrate(self, node: Any, name: str) -> Made:
        source, formula, population = node.positional()
        given = node.named()
        variables = [term.text for term in language.terms(formula)]
        totals = {
            _term(term, variables): language.numbers(value)[0]
            for term, value in population.arguments
        }
        raking = given.get("calfun") == language.Text("raking")
        calibration = Calibration(
            method="greg_raking" if raking else "greg",
            totals=totals,
            epsilon=_number(given, "epsilon", 1e-7),
        )
        return self._calibrated(source, name, calibration)

    def _calibrated(self, source: Any, name: str, calibration: Calibration) -> Made:
        made = self._evaluate(source, name)
        return replace(made, design=replace(made.design, calibration=calibration))


def _number(given: dict[str, Any], name: str, usual: float) -> float:
    return language.numbers(given[name])[0] if name in given else usual


def _margin(frame: Any) -> tuple[str, dict[str, float]]:
    """Read `data.frame(stype=c('E','H'),Freq=c(…))`; two variables are crossed."""
    named = frame.named()
    totals = language.numbers(named.pop("Freq"))
    levels = [_levels(node) for node in named.values()]
    texts = ["*".join(parts) for parts in zip(*levels, strict=True)]
    return "*".join(named), dict(zip(texts, totals, strict=True))


def _levels(node: Any) -> list[str]:
    try:
        return list(language.texts(node))
    except ValueError:
        return [f"{value:g}" for value in language.numbers(node)]


def _term(term: str, variables: Sequence[str]) -> str:
    """Turn R's `stypeH` into our `stype=H`."""
    if term == "(Intercept)" or term in variables:
        return term
    variable = max((v for v in variables if term.startswith(v)), key=len)
    return f"{variable}={term.removeprefix(variable)}"


def _with_jackknife(made: Made, kind: str, mse: bool) -> Made:
    """Make jackknife weights from units, strata and finite populations, as R does."""
    if kind not in {"JK1", "JKn"}:
        raise FileNotFoundError(f"replicate weights of type {kind}")
    table, design = made.table, made.design
    one = np.zeros(table.num_rows, dtype=int)
    strata = _coded(table, design.strata[0]) if design.strata and kind == "JKn" else one
    units = _coded(table, design.psu[0]) if design.psu else np.arange(table.num_rows)
    base = np.asarray(table[design.weight], dtype=float)
    population = np.asarray(table[design.fpc[0]], dtype=float) if design.fpc else one + np.inf
    columns, factors = [], []
    for stratum in np.unique(strata):
        inside = strata == stratum
        members = np.unique(units[inside])
        n = len(members)
        for unit in members:
            left_out = inside & (units == unit)
            columns.append(np.where(left_out, 0.0, np.where(inside, n / (n - 1), 1.0)) * base)
            factors.append((n - 1) / n * (1 - n / population[inside][0]))
    return _replicated(table, base, columns, 1.0, factors, mse)


def _coded(table: pa.Table, column: str) -> np.ndarray:
    return np.unique(np.asarray(table[column].to_pylist()), return_inverse=True)[1]


def _replicated(
    table: pa.Table,
    base: np.ndarray,
    columns: Sequence[np.ndarray],
    scale: float,
    factors: Sequence[float],
    mse: bool,
) -> Made:
    table = table.append_column("base_weight", pa.array(base))
    for number, column in enumerate(columns, start=1):
        table = table.append_column(f"rep{number}", pa.array(column))
    design = Design(
        weight="base_weight",
        replicates=[f"rep[1-{len(columns)}]"],
        replicate_method="other",
        scale=scale,
        rscales=list(factors),
        mse=mse,
    )
    return Made(table=table, design=design)
