"""Survey figures worked out again from raw files and definitions: slow, by masks, one cell a time.

Nothing of the program is used but the records that definitions are loaded into. A derived variable
is worked out only where it is one of `DERIVED`, written here a second time by hand.
"""

from __future__ import annotations

import csv
import itertools
import math
from fractions import Fraction
from functools import wraps
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy import stats

DERIVED = {
    "edgy": lambda row: {None: None, "1": "1"}.get(row("edge"), "2"),
    "deprivation_fifth": lambda row: row("tcemdiqu2") or row("tcwmdiqu2"),
}


# --- reading ---


def text_of(value):
    """Write a raw value the one way definitions may name it: 1, 1.0 and "1" are "1"."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return text or None
    return str(int(number)) if number == int(number) else repr(number)


def read_columns(path, names=None):
    if path.suffix == ".parquet":
        table = pq.read_table(path, columns=names)
        raw = {name: table.column(name).to_pylist() for name in table.column_names}
    else:
        delimiter = "\t" if path.suffix == ".tab" else ","
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            header, *rows = csv.reader(file, delimiter=delimiter)
        raw = dict(zip(header, zip(*rows, strict=True), strict=True))
    known = {}
    return {
        name: [known[v] if v in known else known.setdefault(v, text_of(v)) for v in values]
        for name, values in raw.items()
        if names is None or name in names
    }


def columns_needed(source):
    design = source.design
    named = [design.weight, *design.strata, design.psu, design.household, *design.replicates]
    named += [source.disclosure_unit, *source.areas.columns, *source.rows]
    named += [item.variable for item in source.items.values()]
    named += [mapping.variable for mapping in source.breakdowns.values()]
    named = [name for name in named if name]
    inputs = {"edgy": ["edge"], "deprivation_fifth": ["tcemdiqu2", "tcwmdiqu2"]}
    return [part for name in dict.fromkeys(named) for part in inputs.get(name, [name])]


def once(method):
    """Remember a method's answers on its object."""

    @wraps(method)
    def ask(self, *key):
        place = (method.__name__, *key)
        if place not in self.memory:
            self.memory[place] = method(self, *key)
        return self.memory[place]

    return ask


class Wave:
    """One wave's rows as arrays."""

    def __init__(self, source, folder, period, areas):
        self.memory = {}
        (file,) = [file for file in source.files if file.wave == period]
        raw = read_columns(folder / file.path, columns_needed(source))
        self.source, self.areas, self.period = source, areas, period
        size = len(next(iter(raw.values())))
        design = source.design
        own = {*design.strata, design.psu, design.household, design.weight, *design.replicates}
        for name, values in raw.items():
            codes = list(source.missing.get(name, ()))
            codes += [] if name in own else list(source.missing.get("*", ()))
            missing = {text_of(code) for code in codes}
            raw[name] = [None if value in missing else value for value in values]
        for name in source.derived:
            raw[name] = [DERIVED[name](lambda column, at=at: raw[column][at]) for at in range(size)]
        if design.missing_weight == "outside_population":
            kept = [at for at in range(size) if raw[design.weight][at] is not None]
            raw = {name: [values[at] for at in kept] for name, values in raw.items()}
            size = len(kept)
        self.raw, self.size = raw, size
        self.weight = self.numbers(design.weight) if design.weight else np.ones(size)
        self.inside = np.ones(size, dtype=bool)
        for column, accepted in source.rows.items():
            wanted = {text_of(value) for value in accepted}
            self.inside &= np.array([value in wanted for value in raw[column]])
        self._sample()

    @once
    def numbers(self, name):
        return np.array([math.nan if v is None else float(v) for v in self.raw[name]])

    def _sample(self):
        """Number strata and, within them, sampled units; unclustered rows are their own units."""
        design = self.source.design
        bare = design.basis in {"weights_only", "assumed_deff", "none", "replicates"}
        columns = [] if bare else [self.raw[name] for name in design.strata]
        strata = list(zip(*columns, strict=True)) if columns else [()] * self.size
        unit = design.psu or (design.household if self.source.base_unit != "households" else "")
        units = self.raw[unit] if unit and not bare else range(self.size)
        pairs = list(zip(strata, units, strict=True))
        number = {pair: at for at, pair in enumerate(dict.fromkeys(pairs))}
        self.unit = np.array([number[pair] for pair in pairs])
        of_stratum = {stratum: at for at, stratum in enumerate(dict.fromkeys(strata))}
        self.stratum_of_unit = np.array([of_stratum[stratum] for stratum, _ in number])
        self.stratum = np.array([of_stratum[stratum] for stratum in strata])

    @once
    def replicate_weights(self):
        return np.column_stack([self.numbers(name) for name in self.source.design.replicates])

    @once
    def in_area(self, code):
        place = self.source.areas
        if place.whole:
            return np.full(self.size, code == place.whole)
        below = set(self.areas.leaves(code)) | {code}
        (column,) = place.columns
        named = {text_of(raw): found for raw, found in place.codes.items()}
        codes = {
            value: named.get(value, self.areas.find(value or ""))
            for value in set(self.raw[column])
            if value not in place.left_out
        }
        return np.array([codes.get(value) in below for value in self.raw[column]])

    @once
    def groups(self, breakdown):
        """Give every row's group: `unknown` where no code or band has it."""
        found = []
        for part in breakdown.split("*"):
            mapping = self.source.breakdowns[part]
            codes = {text_of(raw): group for raw, group in mapping.groups.items()}
            found.append(
                [
                    "unknown" if value is None else codes.get(value) or in_band(mapping, value)
                    for value in self.raw[mapping.variable]
                ]
            )
        return np.array([" * ".join(parts) for parts in zip(*found, strict=True)])

    def item(self, measure, series):
        """Give y, x and who answered, and who is in the universe."""
        universe = self.inside.copy()
        for name, accepted in series.universe.items():
            universe &= np.isin(self.answers(name), accepted)
        item = self.source.items[series.item]
        if measure.statistic == "proportion":
            answers = self.answers(series.item)
            y, valid = np.isin(answers, series.numerator), np.isin(answers, series.denominator)
            return y.astype(float), np.ones(self.size), valid, universe
        y, x = self.numbers(item.variable), np.ones(self.size)
        if series.denominator_item:
            x = self.numbers(self.source.items[series.denominator_item].variable)
        return y, x, ~(np.isnan(y) | np.isnan(x)), universe

    @once
    def answers(self, name):
        item = self.source.items[name]
        codes = {text_of(raw): answer for raw, answer in item.answers.items()}
        return np.array([codes.get(value, "") for value in self.raw[item.variable]])

    def units_of(self, cell):
        """Count distinct disclosure units: a named column, else a household that is the PSU."""
        name = self.source.disclosure_unit or self.source.design.household
        if not name:
            return None
        strata = self.stratum[cell]
        return len(set(zip(strata, np.array(self.raw[name], dtype=object)[cell], strict=True)))


def in_band(mapping, value):
    for group, (low, high) in mapping.bands.items():
        if low <= float(value) <= high:
            return group
    raise AssertionError(f"{mapping.variable} holds a value that no band has")


# --- estimating ---


def variance(wave, u):
    """Add up over strata n / (n - 1) squared deviations of unit sums, absent units included."""
    sums = np.bincount(wave.unit, weights=u, minlength=wave.stratum_of_unit.size)
    order = np.argsort(wave.stratum_of_unit, kind="stable")
    _, starts = np.unique(wave.stratum_of_unit[order], return_index=True)
    total = 0.0
    for z in np.split(sums[order], starts[1:]):
        if z.size > 1:
            total += z.size / (z.size - 1) * float(np.sum((z - z.mean()) ** 2))
        else:
            assert wave.source.design.lonely_psu == "remove"
    return total


def freedom(wave, *domains):
    """Count PSUs less strata with a row of weight above 0 in the domain; replicates: rank - 1."""
    rows = np.logical_or.reduce(domains) & (wave.weight > 0)
    if wave.source.design.replicates:
        inside = wave.replicate_weights()[rows]
        gram = inside.T @ inside
        return int(np.linalg.matrix_rank(gram, tol=1e-10 * gram.max(), hermitian=True)) - 1
    return len(set(wave.unit[rows])) - len(set(wave.stratum[rows]))


def spread(wave, theta, thetas):
    """Add up squared deviations of replicates with their factors."""
    design, thetas = wave.source.design, np.asarray(thetas)
    factors = np.array(design.rscales or [1.0] * thetas.size)
    usual = {"jkn": 1.0, "brr": 1 / thetas.size, "successive_difference": 4 / thetas.size}
    scale = design.scale if design.scale is not None else usual[design.replicate_method]
    centre = theta if design.mse else thetas.mean()
    return scale * float(np.sum(factors * (thetas - centre) ** 2))


class Cell:
    """One cell: value, influence of every row, and what its interval needs."""

    def __init__(self, wave, measure, series, domain):
        y, x, valid, universe = wave.item(measure, series)
        self.wave, self.measure, self.series = wave, measure, series
        self.domain = domain & universe
        self.respondents = self.domain & valid & (wave.weight > 0)
        self.base = int(self.respondents.sum())
        self.units = wave.units_of(self.respondents)
        self.y, self.x = np.where(valid, y, 0.0), np.where(valid, x, 0.0)

    def value_with(self, weight):
        rows, statistic = self.respondents, self.measure.statistic
        top = float(np.sum((weight * self.y)[rows]))
        below = float(np.sum((weight * self.x)[rows]))
        return top if statistic == "total" else top / below

    @property
    def value(self):
        return self.value_with(self.wave.weight)

    @property
    def influence(self):
        weight = np.where(self.respondents, self.wave.weight, 0.0)
        if self.measure.statistic == "total":
            return weight * self.y
        return weight * (self.y - self.value * self.x) / np.sum(weight * self.x)

    @property
    def replicates(self):
        weights = self.wave.replicate_weights()[self.respondents]
        top, below = (weights.T @ column[self.respondents] for column in (self.y, self.x))
        return top if self.measure.statistic == "total" else top / below

    def simple(self):
        """Give the variance of a simple random sample of the base, with replacement."""
        rows, weight = self.respondents, self.wave.weight
        if self.measure.statistic == "total" or self.base < 2:
            return None
        below, population = np.sum((weight * self.x)[rows]), np.sum(weight[rows])
        squares = np.sum((weight * (self.y - self.value * self.x) ** 2)[rows])
        return float(squares / below**2 * population / (self.base - 1))

    def variance(self):
        design = self.wave.source.design
        if design.replicates:
            return spread(self.wave, self.value, self.replicates)
        if design.deff is not None:
            return None if self.simple() is None else design.deff * self.simple()
        return variance(self.wave, self.influence)

    def design_effect(self):
        design, simple = self.wave.source.design, self.simple()
        if not simple or simple < 1e-20:
            return None
        if design.deff is not None:
            return design.deff
        left = 1 - self.base / np.sum(self.wave.weight[self.respondents])
        factor = left if design.weights_sum_to == "population" else 1.0
        return self.variance() / simple / factor if factor > 0 else None

    def expected(self):
        """Give the row's unrounded numbers."""
        error, df = self.variance(), freedom(self.wave, self.domain)
        error = None if error is None else math.sqrt(error)
        lower, upper, method = self.limits(error, df)
        effect = self.design_effect()
        return {
            "estimate": self.value,
            "standard_error": error,
            "lower": lower,
            "upper": upper,
            "interval_method": method,
            "degrees_of_freedom": df,
            "design_effect": effect,
            "effective_base": None if not effect else self.base / effect,
            "base": self.base,
        }

    def limits(self, error, df):
        if error is None or df < 1:
            return None, None, "none"
        p, critical = self.value, stats.t.ppf(0.975, df)
        if self.measure.statistic != "proportion":
            return p - critical * error, p + critical * error, "wald"
        method = self.series.interval or "logit"
        if not 1e-9 < p < 1 - 1e-9 or method == "beta":
            return *self.exact(p, error, critical), "beta"
        if self.wave.source.design.replicates:
            logits = [math.log(q / (1 - q)) for q in self.replicates]
            link = math.sqrt(spread(self.wave, math.log(p / (1 - p)), logits))
        else:
            link = error / (p * (1 - p))
        ends = (math.log(p / (1 - p)) + sign * critical * link for sign in (-1, 1))
        return *(1 / (1 + math.exp(-end)) for end in ends), "logit"

    def exact(self, p, error, critical):
        """Give Korn and Graubard's limits; at 0 and 1 the base is the effective base."""
        at_edge = not 1e-9 < p < 1 - 1e-9
        effective = self.base if at_edge else p * (1 - p) / error**2
        rows = int(np.sum(self.domain & (self.wave.weight > 0)))
        n = effective * (stats.t.ppf(0.975, rows - 1) / critical) ** 2
        successes = n * (round(p) if at_edge else p)
        low = 0.0 if at_edge and p < 0.5 else stats.beta.ppf(0.025, successes, n - successes + 1)
        high = 1.0 if at_edge and p > 0.5 else stats.beta.ppf(0.975, successes + 1, n - successes)
        return float(low), float(high)


def difference(reference, group):
    """Give the reference's value less the group's, with the covariance of the two."""
    wave, value = group.wave, reference.value - group.value
    design = wave.source.design
    if design.replicates:
        squared = spread(wave, value, reference.replicates - group.replicates)
    elif design.deff is not None:
        squared = reference.variance() + group.variance()
    else:
        squared = variance(wave, reference.influence - group.influence)
    error, df = math.sqrt(squared), freedom(wave, reference.domain, group.domain)
    half = stats.t.ppf(0.975, df) * error if df > 0 else math.nan
    seen = df > 0 and error > 1e-12  # groups in which all answer alike show no error
    return {
        "estimate": value,
        "standard_error": error if error > 1e-12 else None,
        "lower": value - half if seen else None,
        "upper": value + half if seen else None,
        "interval_method": "wald" if seen else "none",
        "degrees_of_freedom": df,
        "design_effect": None,
        "effective_base": None,
        "base": None,
    }


def quantile(cell, q, interval):
    """Give the smallest value whose share reaches q, and Woodruff's limits."""
    wave, rows = cell.wave, cell.respondents
    order = np.argsort(cell.y[rows], kind="stable")
    values, weights = cell.y[rows][order], wave.weight[rows][order]
    reached = np.cumsum(weights) / weights.sum()

    def at(share):
        return float(values[np.flatnonzero(reached >= share - 1e-12)[0]])

    found, df = at(q), freedom(wave, cell.domain)
    below = np.where(rows, cell.y <= found, 0.0)
    share = float(np.sum((wave.weight * below)[rows]) / np.sum(wave.weight[rows]))

    def influence(weight):
        own = np.where(rows, weight, 0.0)
        return own * (below - share) / own.sum()

    if wave.source.design.replicates:
        shares = [float(np.sum((w * below)[rows]) / np.sum(w[rows])) for w in
                  wave.replicate_weights().T]  # fmt: skip
        error = math.sqrt(spread(wave, share, shares))
    else:
        error = math.sqrt(variance(wave, influence(wave.weight)))
    result = dict.fromkeys(("standard_error", "lower", "upper", "design_effect", "effective_base"))
    result |= {"estimate": found, "base": cell.base, "degrees_of_freedom": df}
    critical = stats.t.ppf(0.975, df) if df > 0 else math.nan
    ends = share - critical * error, share + critical * error
    if interval == "xlogit":
        inner = 0 < share < 1 - 1e-12
        link = error / (share * (1 - share)) if inner else math.nan
        start = math.log(share / (1 - share)) if inner else math.nan
        ends = [1 / (1 + math.exp(-start - sign * critical * link)) for sign in (-1, 1)]
    if not (df > 0 and ends[0] >= 0 and ends[1] <= 1):
        return {**result, "interval_method": "none"}
    low, high = at(ends[0]), at(ends[1])
    spread_of = (high - low) / (2 * critical)
    return {
        **result, "lower": low, "upper": high, "standard_error": spread_of,
        "interval_method": f"woodruff_{interval}",
    }  # fmt: skip


# --- rounding ---


def rounded(value, *, step=None, digits=None, towards=round):
    """Round to a grid by fractions; a value that is a point of the grid stays."""
    if value is None or value == 0:
        return value
    if step is None:
        power = math.floor(math.log10(abs(value))) - digits + 1
        step = Fraction(10) ** power
    place = Fraction(value) / Fraction(step)
    nearest = float(round(place) * Fraction(step))
    return nearest if nearest == value else float(towards(place) * Fraction(step))


def grid_of(measure, statistic):
    """Say how a survey row's values are rounded."""
    if measure.unit == "share":
        return {"step": Fraction(1, 1000)}
    if statistic == "total":
        return {"step": Fraction(1000)}
    if measure.decimals is not None:
        return {"step": Fraction(10) ** -measure.decimals}
    return {"digits": 3}


def may_be_stored(column, value, measure, statistic):
    """List what may be stored for a number, whose last bits depend on the order of sums."""
    if value is None or column in {"degrees_of_freedom", "base", "interval_method"}:
        return {value}
    how, towards = {"digits": 2}, round
    if column in {"estimate", "lower", "upper"}:
        how = grid_of(measure, statistic)
        towards = {"estimate": round, "lower": math.floor, "upper": math.ceil}[column]
    noise = max(abs(value) * 1e-10, 1e-13)
    found = {rounded(value + e, towards=towards, **how) for e in (-noise, 0.0, noise)}
    low, high = -math.inf, math.inf
    if measure.unit == "share" and column in {"lower", "upper", "estimate"}:
        low = {"difference": -1.0}.get(statistic, 0.0)
        high = {"ratio": math.inf}.get(statistic, 1.0)
    return {min(max(one, low), high) + 0.0 for one in found}


# --- the whole table of one series ---


def reference_of(catalogue, measure, breakdown, group):
    """Name the group a group is set against; None for the reference and for people unknown."""
    parts, groups = breakdown.split("*"), group.split(" * ")
    varied = measure.vary if len(parts) > 1 else breakdown
    if breakdown == "all" or "unknown" in groups or varied not in parts:
        return None
    own = catalogue.breakdowns[varied].reference
    if not own or groups[parts.index(varied)] == own:
        return None
    return " * ".join(own if p == varied else g for p, g in zip(parts, groups, strict=True))


def grid(catalogue, measure, source):
    """List (breakdown, group) of a measure that a source asked, unknown ones included."""
    yield "all", "all"
    for breakdown in measure.breakdowns:
        parts = breakdown.split("*")
        if any(part not in source.breakdowns for part in parts):
            continue
        names = []
        for part in parts:
            mapping = source.breakdowns[part]
            reached = {*mapping.groups.values(), *mapping.bands}
            ids = [group.id for group in catalogue.breakdowns[part].groups]
            names.append([*(name for name in ids if name in reached), "unknown"])
        for groups in itertools.product(*names):
            yield breakdown, " * ".join(groups)


def status_of(source, cell, group):
    """Judge a cell by its size."""
    few = cell.base < source.threshold
    few |= cell.units is not None and cell.units < source.threshold
    few |= source.low_base == "hide" and cell.base < source.low_base_minimum
    if "unknown" in group.split(" * "):
        return "protected" if few and source.unknown == "protect" else "not_applicable"
    if few:
        return "protected"
    return "low_base" if cell.base < source.low_base_minimum else "shown"


WORST = ("protected", "not_asked", "not_available", "not_applicable", "low_base", "shown")


def series_rows(catalogue, measure, series, wave, areas):
    """Give (area, breakdown, group, statistic) -> (status, unrounded numbers) of one wave."""
    found = {}
    for area in areas:
        inside, cells = wave.in_area(area), {}
        masks = {"all": np.full(wave.size, "all")}
        for breakdown, group in grid(catalogue, measure, wave.source):
            if breakdown not in masks:
                masks[breakdown] = wave.groups(breakdown)
            cell = Cell(wave, measure, series, inside & (masks[breakdown] == group))
            cells[breakdown, group] = cell
            status = status_of(wave.source, cell, group)
            if "unknown" in group and not cell.base:
                continue
            numbers = {}
            if status == "not_applicable":
                numbers = {"base": cell.base}
            elif status != "protected":
                is_quantile = measure.statistic == "quantile"
                numbers = (
                    quantile(cell, series.quantile, series.interval or "mean")
                    if is_quantile
                    else cell.expected()
                )
            found[area, breakdown, group, measure.statistic] = (status, numbers)
        for (breakdown, group), cell in cells.items():
            other = reference_of(catalogue, measure, breakdown, group) if measure.gap else None
            if other is None:
                continue
            pair = cells[breakdown, other], cell
            status = min(
                (status_of(wave.source, c, g) for c, g in zip(pair, (other, group), strict=True)),
                key=WORST.index,
            )
            numbers = {} if status == "protected" else difference(*pair)
            found[area, breakdown, group, "difference"] = (status, numbers)
    return found
