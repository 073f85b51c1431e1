"""Answers the R calls of `reference.csv` through our public functions, one record a term.

Only three kinds go below the public interface, because it has no words for them: a whole
covariance matrix (`vcov`), the design effect against replacement, and contrasts of two variables
or by a formula (`quote(log(E/M))`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from by_path import module_at
from social_evidence import (
    chi_squared,
    difference,
    estimate,
    mean,
    proportion,
    quantile,
    ratio,
    total,
)
from social_evidence.app.sample import Cells, ReplicateSample
from social_evidence.app.survey import find_groups, open_survey
from social_evidence.methods import contrast, intervals, replicate, taylor

language: Any = module_at(Path(__file__).with_name("r_language.py"))
designs: Any = module_at(Path(__file__).with_name("r_designs.py"))

Record = dict[str, Any]
TRUE = language.Name("TRUE")


class Caller:
    """Calls on one design."""

    def __init__(self, made: Any, values: dict[str, tuple[float, ...]]) -> None:
        self.made, self.values = made, values
        self._whole: float | None = None

    def degrees_of_freedom(self) -> float | None:
        """Return R's `degf(d)`: a number of the design, whatever the rule for single units."""
        if self._whole is None:
            self._whole = self._degf(self.made)
        return self._whole

    def __call__(self, text: str) -> dict[str, Record]:
        """Answer one call: R's term -> our numbers."""
        return self._call(language.parse(text))

    def _call(self, node: Any) -> dict[str, Record]:
        answers = {
            "svymean": self._means,
            "svytotal": self._means,
            "svyratio": self._ratio,
            "svyby": self._by,
            "svyciprop": self._proportion,
            "svyquantile": self._quantiles,
            "svychisq": self._chi_squared,
            "svycontrast": self._contrast,
            "as.vector": self._matrix,
            "degf": lambda one: {"1": {"estimate": self._degf(self._design(one))}},
        }
        return answers[node.function](node)

    def _design(self, node: Any) -> Any:
        """Find the design argument: `d`, `subset(d, condition)` or `design=`."""
        given = node.named()
        wanted = (
            [given["design"]]
            if "design" in given
            else [
                part
                for part in node.positional()
                if part == language.Name("d")
                or (isinstance(part, language.Call) and part.function == "subset")
            ]
        )
        if wanted[0] == language.Name("d"):
            return self.made
        _, condition = wanted[0].positional()
        domain = self.made.within(language.to_sql(condition, self.values))
        return type(self.made)(table=self.made.table, design=self.made.design, domain=domain)

    def _degf(self, made: Any) -> float | None:
        made = made.with_options("survey.lonely.psu=remove")
        row = estimate(made.table, made.design, total("1"), where=made.domain).to_pylist()[0]
        return row["degrees_of_freedom"]

    def _estimates(self, made: Any, asked: Sequence[Any], **options: Any) -> list[Record]:
        given = {"where": made.domain, "degrees_of_freedom": self.degrees_of_freedom(), **options}
        return estimate(made.table, made.design, asked, **given).to_pylist()

    def _is_factor(self, made: Any, node: Any) -> bool:
        if isinstance(node, language.Name):
            return str(made.table.schema.field(node.text).type) in {"string", "bool"}
        return language.is_logical(node)

    def _items(self, made: Any, formula: Any) -> dict[str, str]:
        """Return R's columns of a formula: term -> SQL; a factor has one column a level."""
        found = {}
        for node in language.terms(formula):
            name = language.to_text(node)
            sql = language.to_sql(node, self.values)
            if not self._is_factor(made, node):
                found[name] = sql
            elif isinstance(node, language.Name):
                levels = sorted(set(made.table[node.text].to_pylist()) - {None}, key=str)
                found |= {f"{name}{one}": f"{sql} = '{one}'" for one in levels}
            else:
                found |= {f"{name}FALSE": f"not {sql}", f"{name}TRUE": sql}
        return found

    def _means(self, node: Any) -> dict[str, Record]:
        made, given = self._design(node), node.named()
        items = self._items(made, node.positional()[0])
        if len(items) > 1 and given.get("na.rm") == TRUE:
            complete = " and ".join(f"({sql}) is not null" for sql in items.values())
            made = type(made)(made.table, made.design, made.within(complete))
        ask = mean if node.function == "svymean" else total
        rows = self._estimates(made, [ask(sql) for sql in items.values()])
        answers = dict(zip(items, rows, strict=True))
        if given.get("deff") == language.Text("replace"):
            for term, sql in items.items():
                answers[term]["design_effect"] = _design_effect_replace(made, sql)
        return answers

    def _ratio(self, node: Any) -> dict[str, Record]:
        made = self._design(node)
        first, second = (language.terms(part)[0].text for part in node.positional()[:2])
        rows = self._estimates(made, [ratio(first, second)])
        return {f"{first}/{second}": rows[0]}

    def _by(self, node: Any) -> dict[str, Record]:
        """Answer `svyby`: terms are groups, `group:item` where the formula has several items."""
        made = self._design(node)
        positional = node.positional()
        function = positional[-1].text
        by = [term.text for term in language.terms(positional[1])]
        if function == "svyratio":
            above = language.terms(positional[0])[0].text
            below = language.terms(node.named()["denominator"])[0].text
            items = {f"{above}/{below}": ratio(above, below)}
        else:
            ask = {"svymean": mean, "svytotal": total}[function]
            items = {term: ask(sql) for term, sql in self._items(made, positional[0]).items()}
        answers = {}
        for item, asked in items.items():
            for row in self._estimates(made, [asked], by=by):
                group = ".".join(str(row[name]) for name in by)
                answers[group if len(items) == 1 else f"{group}:{item}"] = row
        return answers

    def _proportion(self, node: Any) -> dict[str, Record]:
        made, given = self._design(node), node.named()
        method = given["method"].value if "method" in given else "logit"
        sql = language.to_sql(language.terms(node.positional()[0])[0], self.values)
        asked = proportion(
            sql.strip('"') if sql.startswith('"') else sql, 1, method, exact_at_edges=False
        )
        row = estimate(made.table, made.design, asked, where=made.domain).to_pylist()[0]
        return {"": row}

    def _quantiles(self, node: Any) -> dict[str, Record]:
        made, given = self._design(node), node.named()
        variable = language.terms(node.positional()[0])[0].text
        interval = given["interval.type"].value if "interval.type" in given else "mean"
        rule = given["qrule"].value if "qrule" in given else "math"
        wanted = language.numbers(node.positional()[2])
        asked = [quantile(variable, q, interval=interval, rule=rule) for q in wanted]
        rows = estimate(made.table, made.design, asked, where=made.domain).to_pylist()
        return {f"{variable}@{q:g}": row for q, row in zip(wanted, rows, strict=True)}

    def _chi_squared(self, node: Any) -> dict[str, Record]:
        made = self._design(node)
        rows, columns = (term.text for term in language.terms(node.positional()[0]))
        name = node.named()["statistic"].value if "statistic" in node.named() else "F"
        row = chi_squared(
            made.table, made.design, rows, columns, name, where=made.domain
        ).to_pylist()[0]
        return {
            "statistic": {
                "estimate": row["value"],
                "degrees_of_freedom": row["numerator_degrees_of_freedom"],
                "p_value": row["p_value"],
            },
            "ddf": {"estimate": row["denominator_degrees_of_freedom"]},
        }

    def _contrast(self, node: Any) -> dict[str, Record]:
        what, how = node.positional()
        if how.function == "list":
            contrasts = {str(name): one for name, one in how.arguments}
        else:
            contrasts = {"contrast": how}
        return {name: self._one_contrast(what, one) for name, one in contrasts.items()}

    def _one_contrast(self, what: Any, how: Any) -> Record:
        keys, value, covariance = self._joint(what)
        several = len({item for _, item in keys}) > 1
        terms = [":".join(key) if key[0] and several else key[0] or key[1] for key in keys]
        df = self.degrees_of_freedom()
        if how.function == "quote":
            curve = _curve(how.positional()[0], terms)
            return _limits(contrast.smooth(value, covariance, curve), df)
        if how.named():
            given = {name: language.numbers(one)[0] for name, one in how.named().items()}
            weights = [given.get(term, 0.0) for term in terms]
        else:
            weights = list(language.numbers(how))
        public = self._difference(what, dict(zip(keys, weights, strict=True)))
        if public is not None:
            return public
        return _limits(contrast.linear(value, covariance, np.array(weights)), df)

    def _difference(self, what: Any, weights: dict[tuple[str, str], float]) -> Record | None:
        """Ask `difference` where all the weights lie on groups of one variable and one item."""
        made = self._design(what)
        items = {item for (_, item), weight in weights.items() if weight != 0}
        if what.function != "svyby" or len(items) > 1:
            return None
        formula, by = what.positional()[:2]
        names = [term.text for term in language.terms(by)]
        if len(names) > 1:
            return None
        values = {str(value): value for value in made.table[names[0]].to_pylist()}
        return difference(
            made.table,
            made.design,
            mean(self._items(made, formula)[items.pop()]),
            names[0],
            where=made.domain,
            weights={values[group]: weight for (group, _), weight in weights.items() if weight},
            degrees_of_freedom=self.degrees_of_freedom(),
        ).to_pylist()[0]

    def _joint(self, what: Any) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
        """Return (group, item), values and covariance of `svymean`, or `svyby` of it."""
        made = self._design(what)
        items = self._items(made, what.positional()[0])
        by = [] if what.function == "svymean" else language.terms(what.positional()[1])
        names = [term.text for term in by]
        survey = open_survey(made.table, made.design, [*items.values(), *names], made.domain)
        groups = find_groups(survey, names)
        keys, columns, cells = [], [], []
        for item, sql in items.items():
            values = np.asarray(survey.columns.values(sql), dtype=float)
            for index, group in enumerate(groups.values):
                keys.append((".".join(str(value) for value in group), item))
                columns.append(values)
                cells.append((groups.cells.within == index) & ~np.isnan(values))
        value, covariance = _joint_means(survey.sample, columns, cells, survey.inside)
        return keys, value, covariance

    def _matrix(self, node: Any) -> dict[str, Record]:
        _, _, covariance = self._joint(node.positional()[0].positional()[0])
        flat = covariance.T.ravel()
        return {str(i): {"estimate": float(v)} for i, v in enumerate(flat, start=1)}


def _joint_means(
    sample: Any, columns: list[np.ndarray], cells: list[np.ndarray], inside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Estimate means of columns over cells of rows, with their covariance."""
    items = [np.where(cell, column, 0.0) for cell, column in zip(cells, columns, strict=True)]
    if isinstance(sample, ReplicateSample):
        weights = np.column_stack([sample.design.weight, sample.design.replicate_weights])
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.array(
                [
                    (item @ weights) / (cell @ weights)
                    for item, cell in zip(items, cells, strict=True)
                ]
            )
        joint = replicate.covariance(shares[:, 0], shares[:, 1:], sample.design.rule)
        return shares[:, 0], joint
    w = sample.design.weight
    value = np.array([(item @ w) / (cell @ w) for item, cell in zip(items, cells, strict=True)])
    influence = np.column_stack(
        [np.where(c, i - v, 0.0) / (c @ w) for i, c, v in zip(items, cells, value, strict=True)]
    )
    return value, taylor.covariance(influence, sample.design, present=inside)


def _curve(node: Any, terms: list[str]) -> Any:
    """Turn `log(E/M)` into a function of the estimates."""
    functions = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt}
    operators = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}

    def value(part: Any, at: Any) -> Any:
        if isinstance(part, language.Number):
            return part.value
        if isinstance(part, language.Name):
            return at[terms.index(part.text)]
        parts = [value(one, at) for one in part.positional()]
        if part.function in functions:
            return functions[part.function](*parts)
        return -parts[0] if len(parts) == 1 else operators[part.function](*parts)

    return lambda at: value(node, at)


def _limits(found: Any, df: float | None) -> Record:
    error = np.asarray(found.standard_error)
    lower, upper = intervals.wald(found.value, error, np.array([df]), 0.95)
    return {
        "estimate": float(found.value[0]),
        "standard_error": float(error[0]),
        "lower": float(lower[0]),
        "upper": float(upper[0]),
    }


def _design_effect_replace(made: Any, sql: str) -> float:
    survey = open_survey(made.table, made.design, [sql.strip('"')], made.domain)
    values = np.asarray(survey.columns.values(sql.strip('"')), dtype=float)
    if isinstance(survey.sample, ReplicateSample):
        return float(replicate.means(values, survey.sample.design).deff_replace[0])
    cells = Cells(code=np.zeros(values.size, dtype=np.int64), count=1, inside=survey.inside)
    found = taylor.means(values, survey.sample.design, cells.code, universe=cells.inside)
    return float(found.design_effect_replace[0])
