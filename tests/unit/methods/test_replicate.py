"""Replicate weights: every replicate row of the reference, slow twins, and weights made here."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DesignError
from social_evidence.methods import (
    interval_methods,
    intervals,
    profile,
    replicate,
    replicate_weights,
    replication,
)
from social_evidence.methods.replication import ReplicateDesign

ROOT = Path(
    os.environ.get("REFERENCE_ROOT", Path(__file__).parents[4] / "shared" / "reference")
).resolve()
DATA = ROOT / "r-survey" / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        absent = pytest.fail if os.environ.get("REQUIRE_DATA") == "1" else pytest.skip
        absent(f"no reference values: {path.name}")
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float:
    return float(text) if text else float("nan")


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([number(row[name]) for row in rows])


def assert_close(got: float, wanted: float, relative: float) -> None:
    np.testing.assert_allclose(got, wanted, rtol=relative, atol=1e-12)


def files_of(name: str) -> ReplicateDesign:
    """A design with the weights and scales that R made."""
    rows, scales = rows_of(DATA / f"repweights_{name}.csv"), rows_of(DATA / f"repscales_{name}.csv")
    weights = np.column_stack([column(rows, c) for c in rows[0] if c.startswith("rep")])
    rule = replication.replication(
        "other",
        weights.shape[1],
        scale=float(scales[0]["scale"]),
        rscales=column(scales, "rscales"),
        mse=scales[0]["mse"] == "TRUE",
    )
    return ReplicateDesign(weight=column(rows, "base"), replicate_weights=weights, rule=rule)


# --- the random set -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nasty() -> dict[str, dict]:
    """Random replicate designs by id: rows, design and expected results."""
    folder = ROOT / "r-survey" / "random"
    found = {
        row["design_id"]: {"meta": row, "rows": [], "weights": [], "expected": []}
        for row in rows_of(folder / "designs.csv")
        if row["kind"].startswith("rep") and row["status"] == "ok"
    }
    for name, key in (("microdata", "rows"), ("repweights", "weights"), ("expected", "expected")):
        for row in rows_of(folder / f"{name}.csv"):
            if row["design_id"] in found:
                found[row["design_id"]][key].append(row)
    for case in found.values():
        meta, n = case["meta"], len(case["rows"])
        rscales = [float(x) for x in meta["rscales"].split(";")]
        rule = replication.replication(
            "other",
            len(rscales),
            scale=float(meta["scale"]),
            rscales=rscales,
            mse=meta["mse"] == "TRUE",
        )
        # Rows of the file run through all rows of one replicate before the next.
        weights = column(case["weights"], "weight").reshape(len(rscales), n).T
        case["design"] = ReplicateDesign(
            weight=column(case["rows"], "w"), replicate_weights=weights, rule=rule
        )
        case["group"] = np.array([row["grp"] for row in case["rows"]])
    return found


def expected_of(nasty, prefix: str):
    for case in nasty.values():
        for row in case["expected"]:
            if row["stat"].startswith(prefix) and not row["term"].startswith("ERROR"):
                yield case, row


def universe_of(case, row) -> np.ndarray:
    group = row["domain"].removeprefix("grp=")
    return np.full(case["group"].shape, True) if group == "all" else case["group"] == group


@pytest.mark.parametrize("prefix", ["mean_", "total_", "ratio_"])
def test_estimates_and_standard_errors_equal_r_on_random_designs(nasty, prefix):
    compared = 0
    for case, row in expected_of(nasty, prefix):
        rows, design, options = case["rows"], case["design"], {"n_domains": 1}
        options["universe"] = universe_of(case, row)
        name = row["stat"].removeprefix(prefix)
        y = np.ones(len(rows)) if name == "o1" else column(rows, name.split("_")[0])
        if prefix == "ratio_":
            got = replicate.ratios(y, column(rows, "z"), design, **options)
        else:
            estimate = replicate.means if prefix == "mean_" else replicate.totals
            got = estimate(y, design, **options)
        assert_close(got.value[0], number(row["estimate"]), 1e-9)
        assert_close(got.standard_error[0], number(row["se"]), 1e-8)
        compared += 1
    assert compared > 0


def test_degrees_of_freedom_equal_r_in_every_domain(nasty):
    for case, row in expected_of(nasty, "degf"):
        domain = np.where(universe_of(case, row), 0, -1)
        got = replication.degrees_of_freedom(case["design"].replicate_weights, domain)
        assert got.tolist() == [number(row["estimate"])]


def test_design_effects_equal_r(nasty):
    for case, row in expected_of(nasty, "deff_x"):
        got = replicate.means(column(case["rows"], "x"), case["design"])
        effect = got.deff if row["stat"].endswith("TRUE") else got.deff_replace
        assert effect is not None
        assert_close(effect[0], number(row["estimate"]), 1e-8)


@pytest.mark.parametrize("prefix", ["diff_", "did_"])
def test_contrasts_drop_replicates_as_r_does(nasty, prefix):
    compared = 0
    for case, row in expected_of(nasty, prefix):
        rows, group = case["rows"], case["group"]
        t = column(rows, "t").astype(np.int64)
        if prefix == "did_":
            universe = np.isin(group, ["a", "b"])
            code, weights = (group == "b") + 2 * t, np.array([1.0, -1.0, -1.0, 1.0])
        elif row["domain"].startswith("grp"):
            labels, code = np.unique(group, return_inverse=True)
            universe, weights = None, np.zeros(labels.size)
            weights[:2] = -1, 1
        else:
            universe, code, weights = None, t, np.array([-1.0, 1.0])
        y = column(rows, row["stat"].removeprefix(prefix))
        levels = replicate.means(y, case["design"], code, n_domains=weights.size, universe=universe)
        got = replicate.contrast(levels.value, levels.replicates, weights, case["design"].rule)
        assert_close(got.value[0], number(row["estimate"]), 1e-9)
        assert_close(got.standard_error[0], number(row["se"]), 1e-8)
        compared += 1
    assert compared > 0


def test_logit_limits_equal_r_where_its_fit_stays_finite(nasty):
    compared = 0
    for case, row in expected_of(nasty, "ciprop_logit"):
        share, high = number(row["estimate"]), number(row["ci_high"])
        if not 1e-9 < share < 1 - 1e-9 or np.isnan(high):
            continue
        levels = replicate.means(
            column(case["rows"], "y"), case["design"], n_domains=1, universe=universe_of(case, row)
        )
        link = replicate.logit_standard_errors(levels.value, levels.replicates, case["design"].rule)
        limits = intervals.logit(
            levels.value, levels.standard_error, number(row["df"]), link_standard_error=link
        )
        np.testing.assert_allclose(np.ravel(limits), [number(row["ci_low"]), high], atol=1e-6)
        compared += 1
    assert compared > 0


def test_likelihood_limits_equal_r_where_its_profile_works(nasty):
    compared = 0
    for case, row in expected_of(nasty, "ciprop_likelihood"):
        low, high = number(row["ci_low"]), number(row["ci_high"])
        # R's own limits overflow where a replicate share is 0 or 1.
        if not low > 1e-6 or np.isnan(high):
            continue
        y = column(case["rows"], "y")
        levels = replicate.means(y, case["design"])
        if np.isin(levels.replicates, [0, 1]).any():
            continue
        link = replicate.logit_standard_errors(levels.value, levels.replicates, case["design"].rule)
        # So wide an interval runs R's profile into the last digits of its level.
        if link[0] > 1.3:
            continue
        limits = intervals.likelihood(
            levels.value,
            levels.standard_error,
            number(row["df"]),
            working=profile.working_model(y, case["design"].weight, kind="replicate"),
            link_standard_error=link,
        )
        np.testing.assert_allclose(np.ravel(limits), [low, high], atol=1e-6)
        compared += 1
    assert compared > 0


# --- real designs -------------------------------------------------------------------------------


def reference(design: str, call: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    wanted = [
        row
        for row in rows_of(ROOT / "r-survey" / "reference.csv")
        if row["design"] == design and row["r_call"] == call
    ]
    if not wanted:
        pytest.skip(f"no reference row for {call} on {design}")
    return column(wanted, "estimate"), column(wanted, "se"), [row["term"] for row in wanted]


def check(got, wanted) -> None:
    np.testing.assert_allclose(got.value, wanted[0], rtol=1e-9)
    np.testing.assert_allclose(got.standard_error, wanted[1], rtol=1e-8)


def by_hand() -> ReplicateDesign:
    halves = np.array(
        [[1, 0, 1, 0, 1, 0], [1, 0, 0, 1, 0, 1], [0, 1, 1, 0, 0, 1], [0, 1, 0, 1, 1, 0]]
    )
    return ReplicateDesign(
        weight=np.ones(6),
        replicate_weights=2.0 * halves.T,
        rule=replication.replication("BRR", 4),
    )


@pytest.mark.parametrize("name", ["scd_brr", "scd_fay", "scd_jkn", "scd_man"])
def test_cardiac_arrests_equal_r(name):
    design = by_hand() if name == "scd_man" else files_of(name)
    rows = rows_of(DATA / "scd.csv")
    alive, arrests = column(rows, "alive"), column(rows, "arrests")
    check(
        replicate.ratios(alive, arrests, design),
        reference(name, "svyratio(~alive,~arrests,design=d)"),
    )
    check(replicate.totals(alive, design), reference(name, "svytotal(~alive,d)"))
    value, error, _ = reference(name, "svymean(~alive+arrests,d)")
    for i, y in enumerate((alive, arrests)):
        check(replicate.means(y, design), (value[i], error[i]))


@pytest.mark.parametrize("name", ["crowd_jk1", "crowd_jkn"])
def test_crowding_equals_r_with_its_weights_and_with_ours(name):
    rows = rows_of(DATA / "crowd.csv")
    weight, strata, cluster = (column(rows, c) for c in ("weight", "stratum", "cluster"))
    made = (
        replicate_weights.jk1(weight, cluster)
        if name == "crowd_jk1"
        else replicate_weights.jkn(weight, strata, cluster)
    )
    extra = "+room.ratio" if name == "crowd_jk1" else ""
    for design in (files_of(name), made):
        for function, call in ((replicate.means, "svymean"), (replicate.totals, "svytotal")):
            value, error, terms = reference(name, f"{call}(~rooms+person{extra},d)")
            for i, term in enumerate(terms):
                y = column(rows, "rooms") / column(rows, "person")
                y = y if term == "room.ratio" else column(rows, term)
                check(function(y, design), (value[i], error[i]))


def test_crowded_subpopulation_equals_r():
    rows = rows_of(DATA / "crowd.csv")
    rooms, person = column(rows, "rooms"), column(rows, "person")
    value, error, _ = reference(
        "crowd_jk1", "svymean(~rooms+person+room.ratio,subset(d,overcrowded==TRUE))"
    )
    for i, y in enumerate((rooms, person, rooms / person)):
        got = replicate.means(y, files_of("crowd_jk1"), universe=person > rooms)
        check(got, (value[i], error[i]))


def schools(name: str) -> tuple[list[dict[str, str]], ReplicateDesign]:
    if name == "strat_jkn":
        return rows_of(DATA / "apistrat.csv"), files_of(name)
    rows = rows_of(DATA / "apiclus1.csv")
    unit = column(rows, "dnum")
    made = replicate_weights.jk1(column(rows, "pw"), unit, mse=name == "clus1_jk1m")
    if name == "clus1_jk1f":
        kept = 1 - 15 / number(rows[0]["fpc"])
        rule = replication.replication("JK1", 15, scale=14 / 15 * kept)
        made = ReplicateDesign(
            weight=made.weight, replicate_weights=made.replicate_weights, rule=rule
        )
    return rows, made


@pytest.mark.parametrize("name", ["clus1_jk1", "clus1_jk1m", "clus1_jk1f", "strat_jkn"])
def test_schools_equal_r(name):
    rows, design = schools(name)
    api, enrolled = column(rows, "api00"), column(rows, "enroll")
    kind, code = np.unique([row["stype"] for row in rows], return_inverse=True)
    check(replicate.means(api, design), reference(name, "svymean(~api00,d)"))
    check(
        replicate.means(api, design, code, n_domains=kind.size),
        reference(name, "svyby(~api00,~stype,d,svymean)"),
    )
    check(
        replicate.ratios(column(rows, "api.stu"), enrolled, design),
        reference(name, "svyratio(~api.stu,~enroll,d)"),
    )
    check(replicate.totals(enrolled, design), reference(name, "svytotal(~enroll,d)"))
    df = replication.degrees_of_freedom(design.replicate_weights)
    assert df.tolist() == reference(name, "degf(d)")[0].tolist()


@pytest.mark.parametrize("method", ["logit", "xlogit", "beta"])
@pytest.mark.parametrize("name", ["clus1_jk1", "clus1_jk1m", "clus1_jk1f", "strat_jkn"])
def test_intervals_of_shares_of_schools_equal_r(name, method):
    rows, design = schools(name)
    got = replicate.means((column(rows, "api00") > 650).astype(float), design)
    wanted = [
        row
        for row in rows_of(ROOT / "r-survey" / "reference.csv")
        if row["design"] == name and f"api00>650),d,method='{method}'" in row["r_call"]
    ]
    extras = interval_methods.ProportionExtras(
        rows=np.array([float(len(rows))]),
        link_standard_error=replicate.logit_standard_errors(got.value, got.replicates, design.rule),
    )
    df = replication.degrees_of_freedom(design.replicate_weights)
    limits = interval_methods.proportion(method, got.value, got.standard_error, df, extras=extras)
    tolerance = 1e-6 if method == "logit" else 1e-9
    np.testing.assert_allclose(limits.lower, column(wanted, "ci_low"), rtol=tolerance)
    np.testing.assert_allclose(limits.upper, column(wanted, "ci_high"), rtol=tolerance)


def test_contrasts_of_schools_equal_r():
    rows, design = schools("clus1_jk1")
    kind, code = np.unique([row["stype"] for row in rows], return_inverse=True)
    got = replicate.means(column(rows, "api00"), design, code, n_domains=kind.size)
    difference = replicate.contrast(
        got.value, got.replicates, np.array([1.0, 0.0, -1.0]), design.rule
    )
    call = "svycontrast(svyby(~api00,~stype,d,svymean,covmat=TRUE),c(E=1,M=-1))"
    check(difference, reference("clus1_jk1", call))


def test_raking_every_replicate_equals_r():
    rows, design = schools("clus1_jk1")
    kind = np.array([row["stype"] for row in rows])
    wide = np.array([row["sch.wide"] for row in rows])
    margins = [
        (kind, {"E": 4421, "H": 755, "M": 1018}),
        (wide, {"No": 1072, "Yes": 5122}),
    ]

    def rake(weight: np.ndarray) -> np.ndarray:
        raked = weight.copy()
        for _ in range(200):
            for labels, targets in margins:
                for label, target in targets.items():
                    raked[labels == label] *= target / raked[labels == label].sum()
        return raked

    raked = replicate_weights.calibrated(design, rake)
    api, enrolled = column(rows, "api00"), column(rows, "enroll")
    levels, code = np.unique(kind, return_inverse=True)
    means = replicate.means(api, raked, code, n_domains=levels.size)
    check(replicate.means(api, raked), reference("clus1_rkrep", "svymean(~api00,d)"))
    check(replicate.totals(enrolled, raked), reference("clus1_rkrep", "svytotal(~enroll,d)"))
    check(means, reference("clus1_rkrep", "svyby(~api00,~stype,d,svymean)"))
    assert replication.degrees_of_freedom(raked.replicate_weights).tolist() == [14]


def test_nhanes_half_samples_equal_r():
    design = files_of("nh_brr")
    people = rows_of(DATA / "nhanes.csv")
    units = defaultdict(set)
    for row in people:
        units[row["SDMVSTRA"]].add(row["SDMVPSU"])
    rows = [row for row in people if len(units[row["SDMVSTRA"]]) == 2]
    y = column(rows, "HI_CHOL")
    check(replicate.means(y, design), reference("nh_brr", "svymean(~HI_CHOL,d,na.rm=TRUE)"))
    race = column(rows, "race").astype(np.int64) - 1
    check(
        replicate.means(y, design, race, n_domains=4),
        reference("nh_brr", "svyby(~HI_CHOL,~race,d,svymean,na.rm=TRUE)"),
    )
    assert replication.degrees_of_freedom(design.replicate_weights).tolist() == [14]


def test_nhanes_jackknife_made_here_equals_r():
    rows = rows_of(DATA / "nhanes.csv")
    strata, unit = column(rows, "SDMVSTRA"), column(rows, "SDMVPSU")
    design = replicate_weights.jkn(column(rows, "WTMEC2YR"), strata, unit)
    got = replicate.means(column(rows, "HI_CHOL"), design)
    check(got, reference("nh_jkn", "svymean(~HI_CHOL,d,na.rm=TRUE)"))
    assert replication.degrees_of_freedom(design.replicate_weights).tolist() == [16]


# --- slow twins and invariants ------------------------------------------------------------------


@pytest.fixture
def invented() -> tuple[np.ndarray, np.ndarray, ReplicateDesign]:
    """Sixty rows with weights in eighths, three domains and one outside."""
    generator = np.random.default_rng(5)
    weights = generator.integers(0, 40, (60, 23)) / 8
    design = ReplicateDesign(
        weight=generator.integers(1, 40, 60) / 8,
        replicate_weights=weights,
        rule=replication.replication(
            "other", 23, scale=0.3, rscales=generator.integers(0, 3, 23).astype(float)
        ),
    )
    y = np.where(generator.random(60) < 0.1, np.nan, generator.normal(size=60))
    return y, generator.integers(-1, 3, 60), design


@pytest.mark.parametrize("mse", [False, True])
def test_means_equal_a_loop_over_replicates(invented, mse):
    y, domain, given_design = invented
    rule = replication.replication(
        "other", 23, scale=0.3, rscales=given_design.rule.rscales, mse=mse
    )
    design = ReplicateDesign(
        weight=given_design.weight, replicate_weights=given_design.replicate_weights, rule=rule
    )
    got = replicate.means(y, design, domain, n_domains=3, with_covariance=True)
    joint = []
    for code in range(3):
        rows = (domain == code) & ~np.isnan(y)
        full = np.average(y[rows], weights=design.weight[rows])
        slow = [np.average(y[rows], weights=w[rows]) for w in design.replicate_weights.T]
        scaled = list(zip(slow, rule.rscales, strict=True))
        centre = full if mse else np.mean([s for s, f in scaled if f > 0])
        variance = 0.3 * sum(f * (s - centre) ** 2 for s, f in scaled)
        assert got.value[code] == pytest.approx(full, rel=1e-12)
        assert got.standard_error[code] == pytest.approx(np.sqrt(variance), rel=1e-12)
        assert got.base is not None
        assert got.base[code] == rows.sum()
        joint.append([(s - centre) * np.sqrt(0.3 * f) for s, f in scaled])
    np.testing.assert_allclose(got.covariance, np.array(joint) @ np.array(joint).T, rtol=1e-10)


@pytest.mark.parametrize("block", [1, 7, 100])
def test_sums_do_not_depend_on_the_block(invented, block):
    y, domain, design = invented
    columns = np.column_stack([np.nan_to_num(y), ~np.isnan(y)])
    slow = np.zeros((3, 2, 23))
    for i in range(60):
        if domain[i] >= 0:
            slow[domain[i]] += columns[i][:, None] * design.replicate_weights[i]
    got = replicate.cell_sums(columns, design.replicate_weights, domain, 3, block=block)
    np.testing.assert_allclose(got, slow, rtol=1e-12)


def test_ratios_from_sums_equal_ratios_from_rows(invented):
    y, domain, design = invented
    answered = ~np.isnan(y)
    columns = np.column_stack([np.nan_to_num(y), answered])
    full = replicate.cell_sums(columns, design.weight[:, None], domain, 3)[:, :, 0]
    joint = replicate.cell_sums(columns, design.replicate_weights, domain, 3)
    value, variance, replicates = replicate.ratios_of_sums(
        full[:, 0], full[:, 1], joint[:, 0], joint[:, 1], design.rule
    )
    rows = replicate.means(y, design, domain, n_domains=3)
    np.testing.assert_allclose(value, rows.value, rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(variance), rows.standard_error, rtol=1e-12)
    np.testing.assert_allclose(replicates, rows.replicates, rtol=1e-12)


def test_empty_domains_have_no_mean_and_a_total_of_0(invented):
    y, _, design = invented
    nobody = np.full(60, -1)
    mean = replicate.means(y, design, nobody, n_domains=2)
    total = replicate.totals(y, design, nobody, n_domains=2)
    assert np.isnan(mean.value).all()
    assert np.isnan(mean.standard_error).all()
    assert total.value.tolist() == [0.0, 0.0]
    assert total.standard_error.tolist() == [0.0, 0.0]
    assert mean.base is not None
    assert mean.base.tolist() == [0, 0]


def test_a_contrast_drops_a_replicate_missing_in_any_level():
    rule = replication.replication("JK1", 4)
    joint = np.array([[1.0, 2.0, 3.0, 5.0], [2.0, 2.0, 4.0, np.nan], [1.0, 1.0, 0.0, 9.0]])
    values = np.array([2.0, 3.0, 1.0])
    got = replicate.contrast(values, joint, np.array([1.0, 0.0, -1.0]), rule)
    kept = np.array([0.0, 1.0, 3.0])
    assert got.value.tolist() == [1.0]
    expected = 3 / 4 * np.sum((kept - kept.mean()) ** 2)
    assert got.standard_error[0] == pytest.approx(np.sqrt(expected))


def test_variances_drop_only_their_own_missing_replicates():
    rule = replication.replication("bootstrap", 3)
    joint = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 6.0], [np.nan] * 3])
    got = replication.variances(np.zeros(3), joint, rule)
    np.testing.assert_allclose(got[:2], [1.0, 7.0])
    assert np.isnan(got[2])
    assert np.isnan(replication.covariance(np.zeros(3), joint, rule)).all()


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 4))
def test_rank_equals_that_of_the_whole_matrix(rows, columns, repeated):
    matrix = np.random.default_rng(rows * 100 + columns).integers(0, 9, (rows, columns)) * 1.0
    matrix = np.column_stack([matrix, matrix[:, : min(repeated, columns)]])
    rank = replication.rank_of_gram(matrix.T @ matrix)
    assert rank == np.linalg.matrix_rank(matrix)


def strata_and_units(generator, pairs: bool):
    sizes = [2] * 5 if pairs else [2, 3, 5]
    strata, unit = [], []
    for h, size in enumerate(sizes):
        for u in range(size):
            people = int(generator.integers(1, 5))
            strata += [h] * people
            unit += [u] * people
    return np.array(strata), np.array(unit)


def linearised_variance_of_a_total(y, weight, strata, unit):
    result = 0.0
    for h in np.unique(strata):
        sums = [
            np.sum((weight * y)[(strata == h) & (unit == u)]) for u in np.unique(unit[strata == h])
        ]
        result += len(sums) / (len(sums) - 1) * np.sum((np.array(sums) - np.mean(sums)) ** 2)
    return result


@pytest.mark.parametrize("method", ["jkn", "brr", "fay"])
def test_made_weights_give_the_linearised_variance_of_a_total(method):
    generator = np.random.default_rng(11)
    strata, unit = strata_and_units(generator, method != "jkn")
    y, weight = generator.normal(size=strata.size), generator.integers(1, 30, strata.size) / 8
    design = {
        "jkn": lambda: replicate_weights.jkn(weight, strata, unit),
        "brr": lambda: replicate_weights.brr(weight, strata, unit),
        "fay": lambda: replicate_weights.brr(weight, strata, unit, fay=0.3),
    }[method]()
    got = replicate.totals(y, design)
    expected = linearised_variance_of_a_total(y, weight, strata, unit)
    assert got.standard_error[0] ** 2 == pytest.approx(expected, rel=1e-10)
    df = len(set(zip(strata, unit, strict=True))) - len(set(strata))
    if method == "jkn":
        assert replication.degrees_of_freedom(design.replicate_weights).tolist() == [df]


def test_bootstrap_weights_give_the_linearised_variance_on_average():
    generator = np.random.default_rng(12)
    strata, unit = strata_and_units(generator, pairs=False)
    y, weight = generator.normal(size=strata.size), np.ones(strata.size)
    design = replicate_weights.bootstrap(weight, strata, unit, replicates=6000, generator=generator)
    got = replicate.totals(y, design)
    expected = linearised_variance_of_a_total(y, weight, strata, unit)
    assert got.standard_error[0] ** 2 == pytest.approx(expected, rel=0.08)


def test_the_same_seed_gives_the_same_bootstrap():
    strata, unit = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    draws = [
        replicate_weights.bootstrap(
            np.ones(4), strata, unit, replicates=9, generator=np.random.default_rng(4)
        ).replicate_weights
        for _ in range(2)
    ]
    assert np.array_equal(*draws)


def test_hadamard_columns_are_orthogonal():
    matrix = replicate_weights.hadamard(11)
    assert matrix.shape == (16, 16)
    assert np.array_equal(matrix.T @ matrix, 16 * np.eye(16))


@pytest.mark.parametrize(
    ("method", "options", "scale"),
    [
        ("BRR", {}, 1 / 80),
        ("Fay", {"fay": 0.5}, 4 / 80),
        ("JK1", {}, 79 / 80),
        ("bootstrap", {}, 1 / 79),
        ("successive-difference", {}, 4 / 80),
        ("ACS", {}, 4 / 80),
        ("other", {"rscales": [0.5] * 80}, 1.0),
        ("JKn", {"rscales": [0.5] * 80}, 1.0),
        ("JK1", {"scale": 0.2}, 0.2),
    ],
)
def test_scales_follow_the_method(method, options, scale):
    assert replication.replication(method, 80, **options).scale == pytest.approx(scale)


@pytest.mark.parametrize(
    ("method", "options", "words"),
    [
        ("jackknife", {}, "not known.*brr, fay"),
        ("JKn", {}, "needs rscales"),
        ("other", {}, "give scale"),
        ("Fay", {}, "coefficient"),
        ("Fay", {"fay": 1.0}, "coefficient"),
        ("JK1", {"rscales": [1.0, 1.0]}, "2 values for 4"),
        ("JK1", {"rscales": [1.0, 1.0, 1.0, -1.0]}, "negative"),
        ("JK1", {"scale": 0.0}, "above 0"),
    ],
)
def test_incomplete_replicate_designs_are_refused(method, options, words):
    with pytest.raises(DesignError, match=words):
        replication.replication(method, 4, **options)


def test_one_replicate_is_refused():
    with pytest.raises(DesignError, match="at least 2"):
        replication.replication("BRR", 1)


def test_strata_that_cannot_be_replicated_are_refused():
    weight, strata = np.ones(5), np.array([0, 0, 1, 1, 1])
    with pytest.raises(DesignError, match="1 of 2 strata do not have exactly two"):
        replicate_weights.brr(weight, strata, np.arange(5))
    with pytest.raises(DesignError, match="1 of 2 strata have fewer than two"):
        replicate_weights.jkn(weight, strata, np.array([1, 2, 1, 1, 1]))
    with pytest.raises(DesignError, match="fewer than two"):
        replicate_weights.jk1(weight, np.zeros(5))


def test_logit_standard_errors_are_nan_at_the_edges_and_wide_near_them():
    rule = replication.replication("JK1", 3)
    joint = np.array([[0.0, 0.0, 0.0], [0.4, 0.5, 0.6], [0.0, 0.3, 0.3]])
    got = replicate.logit_standard_errors(np.array([0.0, 0.5, 0.2]), joint, rule)
    assert np.isnan(got[0])
    log_odds = np.log(1.5)
    assert got[1] == pytest.approx(np.sqrt(2 / 3 * 2 * log_odds**2), rel=1e-6)
    assert got[2] > 5
