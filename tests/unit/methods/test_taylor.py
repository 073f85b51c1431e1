"""Variance by linearisation, against a slow twin that follows the textbook row by row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.methods import taylor
from social_evidence.methods.design import make_design
from social_evidence.methods.linearise import linearise_ratios

RULES = ["remove", "certainty", "adjust", "average"]


def twin_stage(rows, weighted, stages, rule, in_domain, whole):
    """Return the variance of a total: plain loops, one stage and then those below it.

    `rows` are the rows present, `whole` those of the full sample in the same unit above; a stage
    is (strata, units, population sizes), all by row.
    """
    strata, units, sizes = stages[0]
    present = sorted({strata[i] for i in rows})
    drawn = {h: len({units[i] for i in whole if strata[i] == h}) for h in present}
    size = {h: next(sizes[i] for i in whole if strata[i] == h) for h in present}
    shown = {h: {units[i] for i in rows if strata[i] == h} for h in present}
    lonely = {h for h in present if drawn[h] == 1 and size[h] > 1}
    if in_domain and rule in ("adjust", "average"):
        part = {h for h in present if size[h] > drawn[h]}
        lonely |= {h for h in part if drawn[h] > 1 and len(shown[h]) == 1}
    overall = sum(weighted[i] for i in rows) / max(1, sum(drawn.values()))
    variance, usable = 0.0, 0
    for h in present:
        if h in lonely and rule != "adjust":
            continue
        usable += 1
        sums = [
            sum(weighted[i] for i in rows if strata[i] == h and units[i] == u) for u in shown[h]
        ]
        sums += [0.0] * (drawn[h] - len(sums))
        centre = overall if h in lonely else sum(sums) / drawn[h]
        factor = (1 - drawn[h] / size[h]) * (drawn[h] / (drawn[h] - 1) if drawn[h] > 1 else 1)
        variance += factor * sum((z - centre) ** 2 for z in sums)
    if rule == "average" and lonely:
        variance *= len(present) / usable if usable else float("nan")
    for h in present:
        share = drawn[h] / size[h]
        for u in shown[h] if len(stages) > 1 and share > 0 else ():
            below = [i for i in rows if strata[i] == h and units[i] == u]
            all_below = [i for i in whole if strata[i] == h and units[i] == u]
            variance += share * twin_stage(below, weighted, stages[1:], rule, in_domain, all_below)
    return variance


@st.composite
def samples(draw, n_stages=1):
    """A small nasty sample: lonely strata, absent units, zero weights, full and part sampling."""
    n = draw(st.integers(3, 24))
    integers = lambda low, high: np.array(  # noqa: E731
        draw(st.lists(st.integers(low, high), min_size=n, max_size=n))
    )
    strata = integers(0, 2)
    units = [strata * 10 + integers(0, 3)]
    fpc = draw(st.booleans()) or n_stages > 1
    if n_stages > 1:
        units.append(units[0] * 10 + integers(0, 2))
    sizes = []
    for above, own in zip([strata, units[0]], units, strict=False):
        count = {h: len(set(own[above == h])) for h in set(above)}
        spare = draw(st.sampled_from([0, 1, 5]))
        sizes.append(np.array([count[h] + spare for h in above], dtype=float))
    return {
        "weight": integers(0, 8) / 4.0,
        "strata": strata,
        "units": units,
        "fpc": sizes if fpc else [],
        "y": integers(-5, 5) / 2.0,
        "domain": integers(-1, 2),
        "rule": draw(st.sampled_from(RULES)),
        "in_domain": draw(st.booleans()),
    }


def designed(sample):
    return make_design(
        sample["weight"],
        strata=[sample["strata"]],
        units=sample["units"] if sample["fpc"] else sample["units"][:1],
        fpc=sample["fpc"],
        lonely_psu=sample["rule"],
        adjust_domain_lonely=sample["in_domain"],
    )


def stages_of(sample):
    n = len(sample["strata"])
    sizes = sample["fpc"] or [np.full(n, np.inf)]
    layers = [sample["strata"], sample["units"][0]]
    return [
        (layer, own, size) for layer, own, size in zip(layers, sample["units"], sizes, strict=False)
    ]


def twin(sample, influence, rows):
    everyone = range(len(sample["strata"]))
    weighted = influence * sample["weight"]
    args = stages_of(sample), sample["rule"], sample["in_domain"], everyone
    return twin_stage(rows, weighted, *args)


@settings(max_examples=60, deadline=None)
@given(st.one_of(samples(), samples(n_stages=2)))
def test_covariance_follows_the_textbook_under_every_rule(sample):
    present = sample["domain"] >= 0
    y = np.where(present, sample["y"], 0.0)
    ours = taylor.covariance(y, designed(sample), present=present)[0, 0]
    theirs = twin(sample, y, list(np.flatnonzero(present)))
    assert ours == pytest.approx(theirs, rel=1e-10, abs=1e-10, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(st.one_of(samples(), samples(n_stages=2)))
def test_domain_means_and_totals_follow_the_textbook(sample):
    design, domain, y, w = designed(sample), sample["domain"], sample["y"], sample["weight"]
    y = np.where(y == 2.5, np.nan, y)
    means, totals = (f(y, design, domain, n_domains=3) for f in (taylor.means, taylor.totals))
    for d in range(3):
        rows = [i for i in range(len(y)) if domain[i] == d and not np.isnan(y[i])]
        size = sum(w[i] for i in rows)
        assert means.base[d] == sum(w[i] > 0 for i in rows)
        if size == 0:
            assert np.isnan([means.value[d], means.standard_error[d]]).all()
            assert totals.value[d] == 0 if rows else np.isnan(totals.value[d])
            continue
        mean = sum(w[i] * y[i] for i in rows) / size
        assert means.value[d] == pytest.approx(mean, abs=1e-12)
        inside = np.isin(np.arange(len(y)), rows)
        for result, influence in ((means, (y - mean) / size), (totals, y)):
            variance = twin(sample, np.where(inside, influence, 0.0), rows)
            assert result.standard_error[d] ** 2 == pytest.approx(
                variance, rel=1e-9, abs=1e-10, nan_ok=True
            )


@settings(max_examples=30, deadline=None)
@given(samples())
def test_a_ratio_to_ones_is_the_mean(sample):
    design = designed(sample)
    ratio = taylor.ratios(sample["y"], np.ones(design.n_rows), design, sample["domain"])
    mean = taylor.means(sample["y"], design, sample["domain"])
    assert ratio.value == pytest.approx(mean.value, nan_ok=True)
    assert ratio.standard_error == pytest.approx(mean.standard_error, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(samples())
def test_covariance_between_domains_is_that_of_their_influences(sample):
    design, domain = designed(sample), sample["domain"]
    result = taylor.means(sample["y"], design, domain, n_domains=3, with_covariance=True)
    part = linearise_ratios(sample["y"], np.ones(design.n_rows), design, domain, n_domains=3)
    joined, joint = taylor.joint_covariance([part, part], design)
    assert joined == pytest.approx(np.tile(part.value, 2), nan_ok=True)
    assert joint[:3, 3:] == pytest.approx(result.covariance, nan_ok=True)
    known = ~np.isnan(part.value)
    weights = np.where(known, [1.0, -1.0, 0.5], 0.0)
    influence = sum(weights[d] * np.where(part.present == d, part.influence, 0.0) for d in range(3))
    expected = taylor.covariance(influence, design)[0, 0]
    ours = weights[known] @ result.covariance[np.ix_(known, known)] @ weights[known]
    assert ours == pytest.approx(expected, rel=1e-9, abs=1e-10, nan_ok=True)


def two_strata():
    return make_design(
        np.array([1.0, 2, 1, 1, 3, 1, 2, 1]),
        strata=[np.array([1, 1, 1, 1, 2, 2, 2, 2])],
        units=[np.array([1, 1, 2, 2, 1, 1, 2, 3])],
    )


Y = np.array([1.0, 0, 1, 1, 0, 1, 0, 1])


def test_filtering_the_file_is_not_the_same_as_marking_a_domain():
    inside = np.array([True, True, False, False, True, True, True, True])
    marked = taylor.totals(Y, two_strata(), universe=inside)
    dropped = make_design(
        two_strata().weight[inside],
        strata=[np.array([1, 1, 2, 2, 2, 2])],
        units=[np.array([1, 1, 1, 1, 2, 3])],
        lonely_psu="remove",
    )
    filtered = taylor.totals(Y[inside], dropped)
    assert marked.value[0] == filtered.value[0]
    assert marked.standard_error[0] > filtered.standard_error[0] + 0.1


def test_a_respondent_who_refuses_the_item_leaves_the_base_but_not_the_degrees_of_freedom():
    y = Y.copy()
    y[6] = np.nan
    result = taylor.means(y, two_strata())
    assert result.base[0] == 7
    assert result.degrees_of_freedom[0] == 5 - 2


def test_domain_of_nobody_is_impossible_and_has_base_zero():
    result = taylor.means(Y, two_strata(), np.zeros(8, dtype=np.int64), n_domains=2)
    assert np.isnan(result.value[1])
    assert np.isnan(result.standard_error[1])
    assert result.base[1] == 0
    assert result.degrees_of_freedom[1] == 0


@pytest.mark.parametrize("constant", [0.0, 1.0, 0.1, 664.3])
def test_domain_in_which_all_agree_has_no_sampling_error(constant):
    result = taylor.means(np.full(8, constant), two_strata())
    assert result.value[0] == pytest.approx(constant, rel=1e-15)
    assert result.standard_error[0] == pytest.approx(0, abs=1e-12)


def test_simple_random_sample_has_design_effect_one():
    y = np.array([1.0, 4, 2, 8, 5, 7])
    design = make_design(np.full(6, 10.0), fpc=[np.full(6, 60.0)])
    result = taylor.means(y, design)
    assert result.design_effect[0] == pytest.approx(1)
    assert result.standard_error[0] ** 2 == pytest.approx((1 - 0.1) * y.var(ddof=1) / 6)
    assert taylor.totals(y, design).design_effect[0] == pytest.approx(1)
    assert taylor.ratios(y, y + 1, design).design_effect[0] == pytest.approx(1)


def test_design_effect_needs_weights_that_add_up_to_a_population():
    design = make_design(np.full(4, 0.5))
    result = taylor.means(np.array([1.0, 2, 3, 4]), design)
    assert np.isnan(result.design_effect[0])
    assert result.design_effect_replace[0] == pytest.approx(1)


def test_design_effect_of_one_respondent_is_unknown():
    only = np.array([0, -1, -1, -1])
    result = taylor.means(np.array([1.0, 2, 3, 4]), make_design(np.full(4, 5.0)), only)
    assert np.isnan(result.design_effect[0])


def test_ratio_over_zero_is_impossible():
    result = taylor.ratios(np.ones(4), np.zeros(4), make_design(np.ones(4)))
    assert np.isnan(result.value[0])
    assert np.isnan(result.standard_error[0])


def test_waves_that_share_units_are_not_independent():
    unit = np.repeat(np.arange(6), 2)
    wave = np.tile([0, 1], 6)
    first = np.array([3.0, 5, 2, 8, 6, 4])
    y = np.stack([first, first + 1 + 0.1 * np.arange(6)], axis=1).reshape(-1)
    result = taylor.means(y, make_design(np.ones(12), units=[unit]), wave, with_covariance=True)
    change = y[1::2] - y[::2]
    joint = result.covariance
    variance = joint[0, 0] + joint[1, 1] - 2 * joint[0, 1]
    assert result.value[1] - result.value[0] == pytest.approx(change.mean())
    assert variance == pytest.approx(change.var(ddof=1) / 6)


def test_domains_worked_off_in_blocks_give_the_same_numbers(monkeypatch):
    rng = np.random.default_rng(5)
    design = make_design(rng.random(200), units=[rng.integers(0, 40, 200)])
    y, domain = rng.random(200), rng.integers(-1, 9, 200)
    whole = taylor.means(y, design, domain)
    monkeypatch.setattr(taylor, "_BLOCK", 100)
    assert list(taylor.means(y, design, domain).standard_error) == list(whole.standard_error)


def test_population_differing_within_a_stratum_is_read_in_the_domain_as_in_r():
    fpc = np.array([10.0, 20.0, 40.0, 40.0])
    design = make_design(np.ones(4), units=[np.array([1, 2, 3, 4])], fpc=[fpc])
    z = np.array([0.0, 1.0, 3.0, 0.0])
    inside = np.array([False, True, True, False])
    ours = taylor.covariance(z, design, present=inside)[0, 0]
    assert ours == pytest.approx((1 - 4 / 20) * 4 / 3 * ((z - 1) ** 2).sum())
    domain = np.where(inside, 0, -1)
    assert taylor.totals(z, design, domain).standard_error[0] ** 2 == pytest.approx(ours)
