"""Estimators of initiatives against values computed in R and in Python, each on its own."""

from __future__ import annotations

import itertools

import numpy as np

from social_evidence.methods.calibrate import rake
from social_evidence.methods.design import make_design
from social_evidence.methods.evaluation import (
    agreement,
    areas,
    benchmark,
    dropout,
    families,
    ordinal,
    paired,
    planning,
    pooling,
    scores,
    sensitivity,
)
from social_evidence.methods.evaluation.staggered import staggered
from social_evidence.methods.multiplicity import benjamini_hochberg

COVARIATES = ("age", "female", "degree", "uk_born", "imd_decile", "baseline_index")
AT_START = ("age", "female", "degree", "uk_born", "pre")


def limits_of(table):
    return {
        "ci_bonett_price": paired.bonett_price(table),
        "ci_newcombe_m8": paired.newcombe(table),
        "ci_newcombe_m10": paired.newcombe(table, corrected=True),
        "ci_tango": paired.tango(table),
    }


def test_paired_yes_and_no(evaluation_set, agrees):
    before, after = evaluation_set.columns("paired.csv", "binary_pre", "binary_post")
    table = paired.PairedTable.of(before, after)
    test = paired.mcnemar(table)
    odds, odds_limits = paired.conditional_odds(table)
    found = {
        "n": table.people,
        "n_pre1_post1": table.both,
        "n_pre1_post0": table.before_only,
        "n_pre0_post1": table.after_only,
        "n_pre0_post0": table.neither,
        "p_pre": table.before,
        "p_post": table.after,
        "diff": table.change,
        "mcnemar_chi2": test.chi_squared,
        "mcnemar_p": test.p_value,
        "mcnemar_cc_chi2": test.corrected,
        "mcnemar_cc_p": test.corrected_p,
        "mcnemar_exact_p": test.exact_p,
        "mcnemar_midp": test.mid_p,
        "ci_wald": paired.wald(table),
        "conditional_or": odds,
        "ci_conditional_or_exact": odds_limits,
        "cohen_h": paired.cohen_h(table.before, table.after),
    }
    agrees("paired_binary", found | limits_of(table))


def test_paired_tables_with_edges(evaluation_set, agrees):
    found = {}
    for row in evaluation_set.rows("paired_tables.csv"):
        table = paired.PairedTable(
            both=int(row["n11"]),
            before_only=int(row["n10"]),
            after_only=int(row["n01"]),
            neither=int(row["n00"]),
        )
        test = paired.mcnemar(table)
        found[row["case_id"]] = limits_of(table) | {
            "n": table.people,
            "diff": table.change,
            "mcnemar_chi2": test.chi_squared,
            "mcnemar_exact_p": test.exact_p,
            "mcnemar_midp": test.mid_p,
        }
    agrees("paired_tables", found)


def test_paired_ordinal(evaluation_set, agrees):
    before, after = evaluation_set.columns("paired.csv", "ordinal_pre", "ordinal_post")
    ranks = ordinal.signed_ranks(before, after)
    table = ordinal.answers_table(before, after)
    symmetry, margins = ordinal.bowker(table), ordinal.stuart_maxwell(table)
    rose, stayed, fell = ordinal.moves(before, after)
    found = {
        "n_nonzero": ranks.changed,
        "w_plus": ranks.up,
        "w_minus": ranks.down,
        "wilcoxon_p_nocorrection": ranks.p_value,
        "wilcoxon_p_continuity": ranks.corrected_p,
        "pratt_z": ranks.pratt_z,
        "pratt_p": ranks.pratt_p,
        "rank_biserial_matched": ranks.rank_biserial,
        "bowker_chi2": symmetry.chi_squared,
        "bowker_df": symmetry.degrees_of_freedom,
        "bowker_p": symmetry.p_value,
        "stuart_maxwell_chi2": margins.chi_squared,
        "stuart_maxwell_p": margins.p_value,
        "stuart_maxwell_chi2_coin": margins.chi_squared,
        "n_improved": rose,
        "n_same": stayed,
        "n_worse": fell,
    }
    agrees("paired_ordinal", found)


def test_paired_score(evaluation_set, agrees):
    before, after = evaluation_set.columns("paired.csv", "score_pre", "score_post")
    project = [row["project_id"] for row in evaluation_set.rows("paired.csv")]
    own = scores.score_change(before, after)
    nested = scores.clustered_change(before, after, project)
    found = {
        "mean_pre": own.before,
        "mean_post": own.after,
        "mean_change": own.change,
        "sd_change": own.spread,
        "se": own.standard_error,
        "ci_t": own.limits,
        "t": own.t,
        "p": own.p_value,
        "r_pre_post": own.correlation,
        "d_z": own.d_z,
        "ci_d_z_noncentral_t": own.d_z_limits,
        "hedges_J_df_n_minus_1": own.correction,
        "g_z": own.g_z,
        "d_av": own.d_av,
        "d_rm": own.d_rm,
        "d_pre_sd": own.d_before,
        "cluster_n": nested.clusters,
        "se_cluster_cr1": nested.standard_error,
        "ci_cluster_t_df_g_minus_1": nested.limits,
        "prob_superiority": own.superiority,
        "ancova_slope_pre": own.slope,
    }
    agrees("paired_score", found)


def test_drop_out(evaluation_set, agrees):
    before, after = evaluation_set.columns("attrition.csv", "pre", "post")
    known = np.column_stack(evaluation_set.columns("attrition.csv", *AT_START))
    own = dropout.weighted_change(before, after, known)
    extremes = dropout.bounds(before, after)
    names = ("(Intercept)", *AT_START)
    found = {
        "n_baseline": own.began,
        "n_followed": own.answered,
        "retention": own.retention,
        "logit_coef": dict(zip(names, own.coefficients, strict=True)),
        "complete_case_change": own.unweighted,
        "complete_case_se": own.unweighted_error,
        "ipw_change": own.change,
        "ipw_se_weights_known": own.standard_error,
        "kish_neff": own.effective,
        "design_effect_kish": own.design_effect,
        "stabilised_weight_mean": own.stabilised,
        "weight_cap_p99": own.cap,
        "ipw_change_trimmed": own.trimmed,
        "smd_unweighted": dict(zip(AT_START, own.imbalance, strict=True)),
        "smd_weighted": dict(zip(AT_START, own.balance, strict=True)),
        "manski_post_bounds": extremes.after,
        "manski_change_bounds": extremes.change,
        "baseline_carried_forward_change": extremes.carried_forward,
    }
    agrees("attrition", found)


def test_matched_benchmark(evaluation_set, agrees):
    part, weight, y, row = evaluation_set.columns(
        "benchmark.csv", "participant", "design_weight", "y", "row_id"
    )
    x = np.column_stack(evaluation_set.columns("benchmark.csv", *COVARIATES))
    compared = benchmark.Compared.of(part == 1, x, y, weight)
    odds, coefficients = benchmark.by_propensity(compared)
    closest = benchmark.by_entropy(compared)
    pairs = benchmark.by_matching(compared)
    mean = float(y[part == 1].mean())
    found = {
        "mean_participants": mean,
        "benchmark_design_weighted": mean - compared.raw_gap,
        "raw_gap": compared.raw_gap,
        "ps_coef": dict(zip(("(Intercept)", *COVARIATES), coefficients, strict=True)),
        "att_ps_weighted": odds.gap,
        "att_ps_se_hc0": odds.standard_error,
        "neff_ps": odds.effective,
        "att_entropy": closest.gap,
        "att_entropy_se_hc0": closest.standard_error,
        "neff_entropy": closest.effective,
        "entropy_weight_sum": float(closest.weights.sum()),
        "entropy_weight_max": float(closest.weights.max()),
        "smd_before_design_weighted": dict(zip(COVARIATES, compared.imbalance, strict=True)),
        "smd_ps": dict(zip(COVARIATES, odds.balance, strict=True)),
        "smd_entropy_maxabs": closest.worst,
        "nn_match": {
            "pairs": pairs.control.size,
            "control_ids_in_treated_order": [int(row[at]) for at in pairs.control],
            "att": pairs.gap,
            "se_cluster_pair": pairs.standard_error,
        },
    }
    agrees("benchmark", found)


def test_difference_in_differences(evaluation_set, agrees):
    treated, wave, after, y, weight = evaluation_set.columns(
        "did_rcs.csv", "treated", "wave", "post", "y", "weight"
    )
    borough = [row["borough"] for row in evaluation_set.rows("did_rcs.csv")]
    starts = float(wave[after == 1].min())
    own = areas.Observed.of(y, borough, wave, treated == 1, starts)
    weighted = areas.Observed.of(y, borough, wave, treated == 1, starts, weight)
    plain, effects = areas.two_by_two(own), areas.two_way(own)
    study, between = areas.event_study(own), areas.between_areas(own)
    found = {
        "n": y.size,
        "clusters": own.areas,
        "cell_means": {
            f"{side}_{when}": float(y[(treated == t) & (after == a)].mean())
            for (side, t), (when, a) in itertools.product(
                (("control", 0), ("treated", 1)), (("pre", 0), ("post", 1))
            )
        },
        "did_2x2": plain.value,
        "did_2x2_se_cr1": plain.standard_error,
        "did_2x2_se_hc1": plain.unclustered_error,
        "twfe": effects.value,
        "twfe_se_cr1_all_dummies": effects.standard_error,
        "twfe_se_cr1_nested_fe": effects.nested_error,
        "twfe_ci_t_df_g_minus_1": effects.limits,
        "twfe_weighted": areas.two_way(weighted).value,
        "event_study": {f"wave{w:g}": v for w, v in study.effects.items()},
        "event_study_se_cr1_all_dummies": {f"wave{w:g}": v for w, v in study.errors.items()},
        f"pretrend_wald_chi2_{study.before_df}df": study.before,
        "borough_level_change_diff": between.value,
        "borough_level_welch_p": between.p_value,
        "borough_level_welch_df": between.degrees_of_freedom,
    }
    agrees("did", found)


def test_staggered_beginnings(evaluation_set, agrees):
    first, period, y = evaluation_set.columns("did_staggered.csv", "first_treated", "period", "y")
    unit = [row["unit"] for row in evaluation_set.rows("did_staggered.csv")]
    own = staggered(y, unit, period, first)
    found = {
        "att_gt": {f"g{g}_t{t}": effect for (g, t), effect in own.effects.items()},
        "simple_att": own.average,
        "twfe_biased_comparison": own.two_way,
    }
    agrees("staggered", found)


def test_pooled_initiatives(evaluation_set, agrees):
    y, v = evaluation_set.columns("meta.csv", "yi", "vi")

    def told(pooled):
        return {
            "est": pooled.estimate,
            "se": pooled.standard_error,
            "ci": pooled.limits,
            "p": pooled.p_value,
            "tau2": pooled.between,
            "I2": pooled.share,
            "H2": pooled.ratio,
            "Q": pooled.heterogeneity,
            "Qp": pooled.heterogeneity_p,
        }

    kinds = {
        "fixed": ("none", False),
        "dl": ("dersimonian_laird", False),
        "reml": ("reml", False),
        "pm": ("paule_mandel", False),
        "reml_hartung_knapp": ("reml", True),
        "dl_hartung_knapp": ("dersimonian_laird", True),
    }
    made = {
        name: pooling.pool(y, v, between=between, hartung_knapp=adjusted)
        for name, (between, adjusted) in kinds.items()
    }
    k = y.size
    found = {name: told(pooled) for name, pooled in made.items()} | {
        "k": k,
        "prediction_interval_reml_z": pooling.prediction_limits(made["reml"]),
        "prediction_interval_reml_hk_t_df_k_minus_1": pooling.prediction_limits(
            made["reml_hartung_knapp"]
        ),
        "prediction_interval_higgins_t_df_k_minus_2": pooling.prediction_limits(
            made["reml"], degrees_of_freedom=k - 2
        ),
        "leave_one_out_reml": list(pooling.leave_one_out(y, v)),
    }
    agrees("meta", found)


def test_raking(evaluation_set, agrees):
    rows = evaluation_set.rows("raking_sample.csv")
    base, y = evaluation_set.columns("raking_sample.csv", "base_weight", "y")
    targets = {}
    for row in evaluation_set.rows("raking_targets.csv"):
        targets.setdefault(row["margin"], {})[row["level"]] = float(row["share"])
    n = len(rows)
    cells, totals = [], []
    for margin, shares in targets.items():
        levels = {level: at for at, level in enumerate(shares)}
        cells.append(np.array([levels[row[margin]] for row in rows]))
        totals.append(np.array([share * n for share in shares.values()]))
    design = make_design(weight=base)
    raked = rake(design, cells, totals, epsilon=1e-13, max_iterations=1000)
    weight = raked.weight
    found = {
        "weight_sum": float(weight.sum()),
        "first_ten": [float(w) for w in weight[:10]],
        "min": float(weight.min()),
        "max": float(weight.max()),
        "kish_neff": dropout.kish(weight),
        "deff": n / dropout.kish(weight),
        "y_unweighted": float(y.mean()),
        "y_base": float(np.average(y, weights=base)),
        "y_raked": float(np.average(y, weights=weight)),
    }
    agrees("raking", found)


def test_many_claims(evaluation_set, agrees):
    (p,) = evaluation_set.columns("pvalues.csv", "p")
    found = {
        "holm": list(families.holm(p)),
        "bh": list(benjamini_hochberg(p, np.zeros(p.size, dtype=np.int64))),
        "bonferroni": list(families.bonferroni(p)),
    }
    agrees("multiple", found)


def test_planning(agrees):
    found = {
        "two_prop_arcsine_n": planning.two_shares_people(0.45, 0.55),
        "two_prop_normal_n": planning.two_shares_people_normal(0.45, 0.55),
        "two_prop_unequal_power": planning.two_shares_power(0.45, 0.55, 180, 1500),
        "paired_t_n_d02": planning.paired_t_people(0.2),
        "paired_t_power_n100_d03": planning.paired_t_power(100, 0.3),
        "two_sample_t_n_d03": planning.two_groups_t_people(0.3),
        "mcnemar_connor_n_psi030_delta010": planning.changed_people(0.30, 0.10),
        "mcnemar_connor_n_psi042_delta010": planning.changed_people(0.42, 0.10),
        "design_effect_m20_icc005": planning.cluster_effect(20, 0.05),
        "attrition_inflation_n200_r035": planning.before_dropout(200, 0.35),
        "fpc_n": planning.of_few(384.16, 800),
        "margin_error_n_p05_e005": planning.margin_people(0.5, 0.05),
        "mdes_paired_n120": planning.paired_t_size(120),
        "mde_diff_prop_n": planning.detectable_share(0.3, 270),
    }
    agrees("power", found)


def test_what_is_unseen(agrees):
    found = {
        "e_value_rr_1_30": sensitivity.e_value(1.30),
        "e_value_rr_0_70": sensitivity.e_value(0.70),
        "e_value_lower_ci_1_05": sensitivity.e_value_of_limit(1.30, 1.05),
        "regression_to_mean_selected_below_mean": sensitivity.regression_to_mean(2, 0.6),
    }
    agrees("sensitivity", found)


def test_agreement_of_coders(evaluation_set, agrees):
    rows = evaluation_set.rows("coding.csv")
    coders = [[row[f"coder_{c}"] or None for row in rows] for c in "abc"]
    own = agreement.cohen_kappa(coders[0], coders[1])
    found = {
        "percent_agreement_ab": own.agreed,
        "cohen_kappa_ab": own.kappa,
        "cohen_kappa_ab_se": own.standard_error,
        "krippendorff_alpha_nominal_abc": agreement.krippendorff_alpha(coders),
        "kappa_by_code": dict(own.by_code),
    }
    agrees("coding", found)
