"""Every comparison of every release, worked out again from raw files by masks and loops."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cached_property

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats

from social_evidence.model.estimate import COMPARISON_COLUMNS, COMPARISON_KEY, HIDDEN
from social_evidence.model.period import parse

NUMBERS = ("difference", "standard_error", "lower", "upper", "level", "degrees_of_freedom",
           "p_value", "p_adjusted")  # fmt: skip
SIDES = ("from", "to")


class Compared:
    """A release's comparisons beside what they are made of."""

    def __init__(self, release, twin):
        self.release, self.twin = release, twin
        self.table = pq.read_table(release.folder / "comparisons.parquet")
        self.rows = self.table.to_pylist()
        self.waves, self.cells = {}, {}

    @cached_property
    def estimates(self):
        names = ("measure", "part", "series", "period", "area", "breakdown", "group", "statistic")
        return {tuple(row[name] for name in names): row for row in self.release.rows}

    def place(self, row, side):
        group = row[f"group_{side}"]
        breakdown = "all" if group == "all" else row["breakdown"]
        return row[f"period_{side}"], row[f"area_{side}"], breakdown, group

    def sides(self, row):
        """Give the estimates rows of both sides; a gap's are of the measure's own statistic."""
        statistic = row["statistic"]
        if row["kind"] == "gap":
            statistic = self.release.catalogue.measures[row["measure"]].statistic
        key = row["measure"], row["part"], row["series"]
        return [self.estimates.get((*key, *self.place(row, side), statistic)) for side in SIDES]

    def cell(self, row, side):
        """Give one side from its raw file."""
        measure = self.release.catalogue.measures[row["measure"]]
        series = self.release.series(row)
        place = self.place(row, side)
        key = (row["measure"], row["part"], row["series"], *place)
        if key not in self.cells:
            period, area, breakdown, group = place
            source = self.release.catalogue.sources[series.source]
            if (source.id, period) not in self.waves:
                tree = self.release.catalogue.areas
                self.waves[source.id, period] = self.twin.Wave(
                    source, self.release.sources, period, tree
                )
            wave = self.waves[source.id, period]
            domain = wave.in_area(area)
            if breakdown != "all":
                domain = domain & (wave.groups(breakdown) == group)
            self.cells[key] = self.twin.Cell(wave, measure, series, domain)
        return self.cells[key]


@pytest.fixture(scope="module", params=["demo", "town", "open_data"])
def compared(request, twin):
    return Compared(request.getfixturevalue(f"{request.param}_release"), twin)


def test_columns_and_order_are_the_contracts(compared):
    assert compared.table.column_names == [name for name, _ in COMPARISON_COLUMNS]
    keys = [
        tuple(parse(row[n]) if n.startswith("period") else row[n] for n in COMPARISON_KEY)
        for row in compared.rows
    ]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys) > 20


def test_a_hidden_side_leaves_no_number_and_no_verdict(compared):
    seen = 0
    for row in compared.rows:
        sides = compared.sides(row)
        if None in sides:
            assert (row["kind"], row["status"]) == ("change", "not_applicable")
            assert parse(row["period_from"]) < parse(row["period_to"])
            assert row["verdict"] == "cannot_say"
            continue
        hidden = [side["status"] for side in sides if side["status"] in HIDDEN]
        if hidden:
            seen += 1
            assert row["status"] in hidden
            assert "protected" not in hidden or row["status"] == "protected"
            assert {row[name] for name in (*NUMBERS, "family")} == {None}
            assert row["verdict"] == "cannot_say"
        else:
            low = "low_base" in {side["status"] for side in sides}
            assert row["status"] == ("low_base" if low else "shown")
    assert seen or compared.release.catalogue.title != "Town"


def test_a_gap_is_number_for_number_that_of_the_estimates(compared):
    gaps = [row for row in compared.rows if row["kind"] == "gap"]
    stored = {
        key: row
        for key, row in compared.estimates.items()
        if key[-1] == "difference" and row["status"] not in {"not_asked", "not_applicable"}
    }
    assert len(gaps) == len(stored)
    for row in gaps:
        place = (row["period_to"], row["area_to"], row["breakdown"], row["group_from"])
        gap = stored[row["measure"], row["part"], row["series"], *place, "difference"]
        assert row["difference"] == gap["estimate"]
        for name in ("standard_error", "lower", "upper", "level", "degrees_of_freedom", "status"):
            assert row[name] == gap[name]


def expected_error(compared, row, sides):
    """Give standard error and degrees of freedom of `to` less `from`, from raw files."""
    twin, kind = compared.twin, row["kind"]
    first, second = compared.cell(row, "from"), compared.cell(row, "to")
    if kind == "change":
        both = sides[0]["variance_basis"] != "none"
        df = [twin.freedom(cell.wave, cell.domain) for cell in (first, second)]
        if compared.release.catalogue.measures[row["measure"]].statistic == "quantile":
            return None, sum(df)
        return math.sqrt(first.variance() + second.variance()) if both else None, sum(df)
    design = first.wave.source.design
    if design.basis == "none":
        return None, None
    if design.deff is None:
        numbers = twin.difference(second, first)
        return numbers["standard_error"], numbers["degrees_of_freedom"]
    df = twin.freedom(first.wave, first.domain, second.domain)
    variances = first.variance(), second.variance()
    if None in variances:
        return None, df
    share = 0.0
    if kind != "pair":
        rows, weight = second.respondents, second.wave.weight
        share = weight[rows].sum() / weight[first.respondents].sum()
    least = (1 - share) ** 2 * variances[1]
    return math.sqrt(max(variances[0] + (1 - 2 * share) * variances[1], least)), df


def error_without(row, first, second, error):
    """Give the error of a difference of shares as it would be if there were none."""
    p, v, q, w = first.value, first.variance(), second.value, second.variance()
    if row["kind"] in {"pair", "change"}:
        n, m = p * (1 - p) / v, q * (1 - q) / w
        common = (n * p + m * q) / (n + m)
    else:
        common = p
    v0 = v * common * (1 - common) / (p * (1 - p))
    w0 = w * common * (1 - common) / (q * (1 - q))
    covariance = (v + w - error**2) / 2
    scaled = covariance * (w0 / w if row["kind"] in {"group", "area", "comparator"} else
                           math.sqrt(v0 / v * w0 / w))  # fmt: skip
    return math.sqrt(max(v0 + w0 - 2 * scaled, 0.0))


def may_be_stored(twin, name, value, measure):
    """List what may be stored; a difference of ratios may pass 1, which that of a share may not."""
    statistic = measure.statistic if measure.statistic == "total" else "difference"
    if measure.statistic != "ratio" or value is None or abs(value) < 1:
        return twin.may_be_stored(name, value, measure, statistic)
    towards = {"estimate": round, "lower": math.floor, "upper": math.ceil}
    how = twin.grid_of(measure, statistic) if name in towards else {"digits": 2}
    return {twin.rounded(value, towards=towards.get(name, round), **how)}


def test_every_survey_comparison_is_the_slow_twins(compared, twin):
    told = defaultdict(int)
    for row in compared.rows:
        sides = compared.sides(row)
        is_survey = None not in sides and sides[0]["method"] == "survey"
        if not is_survey or row["status"] in HIDDEN or row["kind"] == "gap":
            continue
        measure = compared.release.catalogue.measures[row["measure"]]
        source = compared.release.catalogue.sources[compared.release.series(row).source]
        if source.files[0].path.endswith(".sav") or measure.statistic == "quantile":
            continue
        first, second = compared.cell(row, "from"), compared.cell(row, "to")
        difference = second.value - first.value
        error, df = expected_error(compared, row, sides)
        edges = [side["standard_error"] in {None, 0.0} for side in sides]
        narrow = [side["degrees_of_freedom"] in {None, 0.0} for side in sides]
        is_tested = error is not None and error > 1e-9 and df > 0 and not any(edges + narrow)
        numbers = {"estimate": difference}
        if is_tested:
            half = stats.t.ppf(0.975, df) * error
            limits = {"lower": difference - half, "upper": difference + half}
            numbers |= {"standard_error": error, **limits, "degrees_of_freedom": df}
        else:
            assert row["verdict"] == "cannot_say"
            numbers |= dict.fromkeys(("standard_error", "lower", "upper", "degrees_of_freedom"))
        for name, value in numbers.items():
            stored = row["difference" if name == "estimate" else name]
            allowed = may_be_stored(compared.twin, name, value, measure)
            assert stored in allowed, (row, name, value)
        if is_tested:
            p = 2 * stats.t.sf(abs(difference) / error, df)
            if p <= 0.05:
                v, w = first.variance(), second.variance()
                own = [twin.freedom(cell.wave, cell.domain) for cell in (first, second)]
                small = (v + w) ** 2 / (v**2 / own[0] + w**2 / own[1])
                without = 0.0
                if measure.statistic == "proportion":
                    without = error_without(row, first, second, error)
                wide = without if without > 1.05 * error else error
                p = max(p, 2 * stats.t.sf(abs(difference) / wide, min(df, small)))
            assert row["p_value"] == pytest.approx(p, rel=6e-3, abs=1e-12)
        told[row["kind"], source.design.basis, is_tested] += 1
    assert sum(told.values()) > 10


def test_p_values_are_adjusted_within_families_by_a_plain_loop(compared):
    families = defaultdict(list)
    for row in compared.rows:
        assert (row["p_value"] is None) == (row["family"] is None) == (row["p_adjusted"] is None)
        if row["family"] is not None:
            families[row["family"]].append(row)
    assert families
    for members in families.values():
        shared = {tuple(row[n] for n in ("measure", "part", "series", "kind")) for row in members}
        assert len(shared) == 1
        p = sorted(row["p_value"] for row in members)
        for row in members:
            own = [
                p[rank - 1] * len(p) / rank
                for rank in range(1, len(p) + 1)
                if p[rank - 1] >= row["p_value"]
            ]
            assert row["p_adjusted"] == pytest.approx(min(1.0, *own), rel=2e-2)


def test_verdicts_follow_from_adjusted_p_and_direction(compared):
    for row in compared.rows:
        if row["p_value"] is not None:
            up = row["difference"] > 0 if row["kind"] != "gap" else row["difference"] < 0
            clear = "higher" if up else "lower"
            expected = clear if row["p_adjusted"] <= 0.05 else "no_clear_difference"
            assert row["verdict"] == expected or math.isclose(row["p_adjusted"], 0.05, rel_tol=1e-2)


def test_counts_in_full_are_facts_and_events_are_poisson_counts(compared):
    kinds = set()
    for row in compared.rows:
        sides = compared.sides(row)
        if None in sides or row["status"] in HIDDEN or row["kind"] == "gap":
            continue
        methods = {(side["method"], side["interval_method"]) for side in sides}
        if methods == {("administrative", "none")}:
            kinds.add("fact")
            smallest = compared.release.catalogue.measures[row["measure"]].smallest_difference
            least = (smallest or 0.001) - 1e-12
            difference = sides[1]["estimate"] - sides[0]["estimate"]
            expected = "higher" if difference > 0 else "lower"
            assert row["difference"] == pytest.approx(difference, abs=1e-9)
            assert row["verdict"] == (
                expected if abs(difference) >= least else "no_clear_difference"
            )
            assert row["p_value"] is row["family"] is row["lower"] is None
        if methods == {("administrative", "exact_below_10_else_byar")}:
            kinds.add("events")
            y, x = (side["numerator"] for side in sides)
            m, n = (side["denominator"] for side in sides)
            if row["kind"] == "area":
                y, m = y - x, m - n
            if y < 0 or m <= 0:
                assert row["verdict"] == "cannot_say"
                continue
            share = n / (n + m)
            tails = stats.binom.cdf(x, x + y, share), stats.binom.sf(x - 1, x + y, share)
            assert row["p_value"] == pytest.approx(min(1.0, 2 * min(tails)), rel=6e-3)
    if compared.release.catalogue.title == "Town":
        assert kinds == {"fact", "events"}


def test_published_figures_without_limits_cannot_be_compared(compared):
    for row in compared.rows:
        sides = compared.sides(row)
        if None in sides or row["status"] in HIDDEN:
            continue
        printed = [side for side in sides if side["method"] == "published"]
        if any(side["lower"] is None for side in printed):
            assert row["verdict"] == "cannot_say"
            assert np.isfinite(row["difference"])
            assert row["standard_error"] is None
