"""The estimates table of any release, row by row, against the sentences of its contract."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from decimal import Decimal

import pyarrow as pa
import pytest

from social_evidence import load_release
from social_evidence.model.period import parse

KEY = [
    "population",
    "measure",
    "part",
    "series",
    "period",
    "area",
    "breakdown",
    "group",
    "statistic",
]
TEXT, DAY, WHOLE, NUMBER = pa.string(), pa.date32(), pa.int64(), pa.float64()
COLUMNS = {
    **dict.fromkeys(KEY, TEXT),
    "period_start": DAY, "period_end": DAY, "unit": TEXT, "estimate": NUMBER,
    "standard_error": NUMBER, "lower": NUMBER, "upper": NUMBER, "level": NUMBER,
    "interval_method": TEXT, "degrees_of_freedom": NUMBER, "design_effect": NUMBER,
    "base": WHOLE, "effective_base": NUMBER, "numerator": NUMBER, "denominator": NUMBER,
    "method": TEXT, "variance_basis": TEXT, "source": TEXT, "status": TEXT, "reliability": TEXT,
    "flags": TEXT, "version_first": TEXT, "version_revised": TEXT,
}  # fmt: skip
NUMBERS = [name for name, kind in COLUMNS.items() if kind in {WHOLE, NUMBER}]
HIDDEN = {"protected", "not_asked", "not_available", "not_applicable"}
WORDS = {
    "population": {"residents"},
    "statistic": {
        "proportion",
        "ratio",
        "mean",
        "rate",
        "total",
        "count",
        "quantile",
        "difference",
    },
    "unit": {"share", "per_1000", "score", "pounds", "people", "count"},
    "method": {"survey", "administrative", "published", "modelled"},
    "variance_basis": {
        "design",
        "replicates",
        "households",
        "weights_only",
        "assumed_deff",
        "published",
        "none",
    },
    "status": HIDDEN | {"shown", "low_base"},
    "reliability": {*"ABCD", None},
}
FLAGS = {
    "break", "provisional", "revised", "over_100", "approximate_groups",
    "excludes_city_of_london", "synthetic",
}  # fmt: skip


def words(row):
    return " / ".join(row[name] for name in KEY)


def faults(rows, is_right):
    return [words(row) for row in rows if not is_right(row)]


def is_unknown(row):
    return "unknown" in row["group"].split(" * ")


def test_columns_and_their_types_stand_in_the_contracts_order(release):
    assert dict(zip(release.table.schema.names, release.table.schema.types, strict=True)) == COLUMNS
    assert release.table.schema.names == list(COLUMNS)


def test_rows_are_sorted_by_their_key_with_periods_by_their_days(release):
    order = [
        (*(r[k] for k in KEY[:4]), r["period_start"], r["period_end"], *(r[k] for k in KEY[4:]))
        for r in release.rows
    ]
    assert order == sorted(set(order))


def test_keys_and_other_text_are_filled_and_only_reliability_may_be_null(release):
    always = [name for name, kind in COLUMNS.items() if kind in {TEXT, DAY}]
    always = [name for name in always if name not in {"reliability", "flags"}]
    assert not faults(release.rows, lambda row: all(row[name] for name in always))
    assert release.table.column("flags").null_count == 0


def test_missing_numbers_are_null_and_never_nan(release):
    assert not faults(
        release.rows,
        lambda row: all(row[n] is None or math.isfinite(row[n]) for n in NUMBERS),
    )


def test_zero_has_no_sign(release):
    assert not faults(
        release.rows,
        lambda row: all(math.copysign(1, row[n]) == 1 for n in NUMBERS if row[n] == 0),
    )


@pytest.mark.parametrize("column", WORDS)
def test_words_come_from_the_contracts_lists(release, column):
    assert {row[column] for row in release.rows} <= WORDS[column]


def test_flags_are_sorted_known_and_each_once(release):
    def is_right(row):
        flags = row["flags"].split(";") if row["flags"] else []
        return flags == sorted(set(flags)) and set(flags) <= FLAGS

    assert not faults(release.rows, is_right)


def test_synthetic_rows_say_so_and_no_others(release):
    sources = release.catalogue.sources
    assert not faults(
        release.rows,
        lambda row: ("synthetic" in row["flags"].split(";")) == sources[row["source"]].synthetic,
    )


def test_periods_begin_and_end_as_their_labels_say(release):
    for row in release.rows:
        period = parse(row["period"])
        assert (row["period_start"], row["period_end"]) == (period.start, period.end)


def test_hidden_rows_hold_no_number_but_the_base_of_people_unknown(release):
    def is_right(row):
        kept = {"base"} if row["status"] == "not_applicable" and is_unknown(row) else set()
        held = {name for name in NUMBERS if row[name] is not None}
        return held <= kept and row["reliability"] is None and row["interval_method"] == "none"

    assert not faults([r for r in release.rows if r["status"] in HIDDEN], is_right)


def test_shown_rows_hold_an_estimate_unless_nobody_is_in_them(release):
    assert not faults(release.shown, lambda row: (row["estimate"] is None) == (row["base"] == 0))


def test_people_whose_group_is_unknown_have_a_base_and_no_figure(release):
    unknown = [row for row in release.rows if is_unknown(row) and row["method"] == "survey"]
    sources = release.catalogue.sources

    def is_right(row):
        protects = sources[row["source"]].unknown == "protect"
        if row["status"] == "protected":
            return protects and row["base"] is None
        return row["status"] == "not_applicable" and row["base"] > 0

    assert not faults(unknown, is_right)
    assert not [words(row) for row in unknown if row["statistic"] == "difference"]


def test_a_base_counts_respondents_and_stands_on_survey_figures_alone(release):
    def is_right(row):
        wants = row["method"] == "survey" and row["statistic"] != "difference"
        return (row["base"] is not None) == wants

    assert not faults(release.shown, is_right)


def test_no_cell_below_its_sources_threshold_is_shown(release):
    sources = release.catalogue.sources

    def is_right(row):
        source, base = sources[row["source"]], row["base"]
        if row["status"] == "low_base":
            return source.threshold <= base < source.low_base_minimum and source.low_base == "show"
        return base >= max(source.threshold, source.low_base_minimum)

    with_base = [row for row in release.shown if row["base"] is not None]
    assert not faults(
        with_base,
        lambda row: release.catalogue.sources[row["source"]].published_openly or is_right(row),
    )


def test_numerators_stand_on_administrative_rows_alone_and_give_the_estimate(release):
    counted = [row for row in release.shown if row["numerator"] is not None]
    assert not faults(counted, lambda row: row["method"] == "administrative")
    assert not faults(
        release.rows, lambda r: (r["numerator"] is None) == (r["denominator"] is None)
    )
    divided = [r for r in release.shown if r["method"] == "administrative" and
               r["statistic"] != "count"]  # fmt: skip
    assert not faults(
        divided,
        lambda row: math.isclose(
            row["estimate"],
            row["numerator"] / row["denominator"] * (1000 if row["unit"] == "per_1000" else 1),
            rel_tol=1e-11,
            abs_tol=1e-15,
        ),
    )


def test_a_level_and_limits_stand_where_there_is_an_interval_method_and_nowhere_else(release):
    def is_right(row):
        has = row["interval_method"] != "none"
        return all((row[name] is not None) == has for name in ("level", "lower", "upper"))

    assert not faults(release.rows, is_right)
    survey = [row for row in release.shown if row["method"] == "survey" and row["level"]]
    assert {row["level"] for row in survey} <= {0.95}


def test_estimates_lie_inside_their_limits(release):
    limited = [row for row in release.shown if row["lower"] is not None]
    assert not faults(limited, lambda row: row["lower"] <= row["estimate"] <= row["upper"])


def test_values_lie_in_the_range_of_their_statistic(release):
    ranges = {"proportion": (0, 1), "ratio": (0, math.inf), "difference": (-1, 1),
              "rate": (0, math.inf), "count": (0, math.inf)}  # fmt: skip

    def is_right(row):
        low, high = ranges.get(row["statistic"], (-math.inf, math.inf))
        values = [row[name] for name in ("estimate", "lower", "upper") if row[name] is not None]
        return all(low <= value <= high for value in values)

    assert not faults([row for row in release.shown if row["unit"] == "share"], is_right)
    assert not faults(release.shown, lambda r: r["standard_error"] is None or
                      r["standard_error"] >= 0)  # fmt: skip


def test_shares_over_one_are_flagged_and_no_others(release):
    def is_right(row):
        over = row["unit"] == "share" and row["estimate"] is not None and row["estimate"] > 1
        return over == ("over_100" in row["flags"].split(";"))

    assert not faults(release.rows, is_right)


def test_counts_made_in_full_have_no_interval_and_no_variance(release):
    full = [r for r in release.shown if r["method"] == "administrative" and
            r["statistic"] in {"ratio", "count"} and r["variance_basis"] == "none"]  # fmt: skip
    empty = ("standard_error", "lower", "upper", "level", "degrees_of_freedom", "design_effect")
    assert not faults(full, lambda row: all(row[name] is None for name in empty))


def test_survey_rows_say_what_their_variance_rests_on(release):
    sources = release.catalogue.sources
    survey = [row for row in release.shown if row["method"] == "survey"]
    assert not faults(
        survey, lambda row: row["variance_basis"] == sources[row["source"]].design.basis
    )


def test_gaps_are_the_reference_less_the_group_and_exist_for_no_other(release):
    cells = {tuple(row[name] for name in KEY): row for row in release.rows}
    for row in (row for row in release.rows if row["statistic"] == "difference"):
        measure = release.catalogue.measures[row["measure"]]
        parts, groups = row["breakdown"].split("*"), row["group"].split(" * ")
        varied = measure.vary if len(parts) > 1 else parts[0]
        reference = release.catalogue.breakdowns[varied].reference
        assert measure.gap, words(row)
        assert reference not in {"", groups[parts.index(varied)]}, words(row)
        other = " * ".join(
            reference if part == varied else group
            for part, group in zip(parts, groups, strict=True)
        )
        own, against = (
            cells[(*(row[name] for name in KEY[:7]), group, "proportion")]
            for group in (row["group"], other)
        )
        shown = {own["status"], against["status"]} <= {"shown", "low_base"}
        assert shown == (row["status"] in {"shown", "low_base"}), words(row)
        if shown:
            assert abs(row["estimate"] - (against["estimate"] - own["estimate"])) < 0.0016
            assert row["base"] is row["design_effect"] is row["effective_base"] is None
            if row["standard_error"] is None:  # both groups answer alike throughout
                assert row["interval_method"] == "none", words(row)
                assert {own["estimate"], against["estimate"]} <= {0.0, 1.0}, words(row)


def test_every_group_with_a_reference_has_its_gap(release):
    cells = {tuple(row[name] for name in KEY): row for row in release.rows}
    for row in release.shown:
        measure, breakdown = release.catalogue.measures[row["measure"]], row["breakdown"]
        if row["statistic"] != "proportion" or not measure.gap or breakdown == "all":
            continue
        if "*" not in breakdown:
            reference = release.catalogue.breakdowns[breakdown].reference
            wants = bool(reference) and row["group"] != reference
            key = (*(row[name] for name in KEY[:8]), "difference")
            assert (key in cells) == wants, words(row)


def test_groups_partition_the_base(release):
    own = [name for name in KEY if name not in {"breakdown", "group"}]
    parts, whole, hidden = defaultdict(int), {}, set()
    for row in release.rows:
        if row["method"] != "survey" or row["statistic"] == "difference":
            continue
        key = tuple(row[name] for name in own)
        if row["breakdown"] == "all":
            whole[key] = row["base"]
        elif row["base"] is None and row["status"] != "not_asked":
            hidden.add((key, row["breakdown"]))
        else:
            parts[key, row["breakdown"]] += row["base"] or 0
    checked = 0
    for (key, breakdown), total in parts.items():
        if (key, breakdown) not in hidden and whole[key] is not None and total:
            assert total == whole[key], (key, breakdown)
            checked += 1
    assert checked or not any(row["method"] == "survey" for row in release.rows)


def half_of_last_digit(value, digits):
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) / 2


def test_effective_bases_are_bases_over_design_effects(release):
    for row in release.shown:
        assert (row["design_effect"] is None) == (row["effective_base"] is None), words(row)
        if row["design_effect"] is not None and row["method"] == "survey":
            effect, effective = row["design_effect"], row["effective_base"]
            slack = half_of_last_digit(effect, 2)
            ends = row["base"] / (effect + slack), row["base"] / max(effect - slack, 1e-9)
            rounding = half_of_last_digit(effective, 2) * (1 + 1e-9)
            assert ends[0] - rounding <= effective <= ends[1] + rounding, words(row)


def digits_of(value):
    return len(Decimal(repr(value)).normalize().as_tuple().digits)


def test_survey_figures_are_stored_rounded(release):
    measures = release.catalogue.measures
    for row in release.shown:
        values = [row[n] for n in ("estimate", "lower", "upper") if row[n]]
        errors = [row[n] for n in ("standard_error", "design_effect", "effective_base") if row[n]]
        if row["method"] != "survey":
            assert all(digits_of(value) <= 12 for value in values + errors), words(row)
            continue
        assert all(digits_of(value) <= 2 for value in errors), words(row)
        decimals = measures[row["measure"]].decimals
        for value in values:
            exact = Decimal(repr(value))
            if row["unit"] == "share":
                assert exact % Decimal("0.001") == 0, words(row)
            elif row["statistic"] == "total":
                assert exact % 1000 == 0, words(row)
            elif decimals is not None:
                assert exact % (Decimal(10) ** -decimals) == 0, words(row)
            else:
                assert digits_of(value) <= 3, words(row)


def grade(row):
    if row["statistic"] in {"proportion", "ratio", "difference"} and row["unit"] == "share":
        if row["lower"] is None:
            return None
        size = row["upper"] - row["lower"]
    elif row["statistic"] in {"rate", "mean", "total"}:
        if row["standard_error"] is None or not row["estimate"]:
            return None
        size = row["standard_error"] / abs(row["estimate"])
    else:
        return None
    return next((g for g, most in zip("ABC", (0.05, 0.1, 0.2), strict=True) if
                 size <= most + 1e-9), "D")  # fmt: skip


def test_reliability_follows_from_the_stored_row(release):
    assert not faults(release.shown, lambda row: row["reliability"] == grade(row))


def test_series_are_named_by_their_source(release):
    assert not faults(
        release.rows,
        lambda row: re.fullmatch(rf"{row['source']}(_[2-9]\d*|_1\d+)?", row["series"]),
    )


def test_every_series_named_belongs_to_its_measure(release):
    for row in release.rows:
        series, measure = release.series(row), release.catalogue.measures[row["measure"]]
        assert series.source == row["source"]
        assert row["unit"] == measure.unit
        assert row["statistic"] in {measure.statistic, "difference"}
        assert row["breakdown"] in {"all", *measure.breakdowns}
        assert (row["breakdown"] == "all") == (row["group"] == "all")


def test_a_break_flags_the_first_period_of_a_series_that_follows_on_another(release):
    starts = defaultdict(dict)
    for row in release.rows:
        by_series = starts[row["measure"], row["part"]]
        own = row["period_start"], row["period_end"], row["period"]
        by_series[row["series"]] = min(own, by_series.get(row["series"], own))

    def is_right(row):
        by_series = starts[row["measure"], row["part"]]
        own = by_series[row["series"]]
        follows = any(other[0] < own[0] for other in by_series.values())
        return ("break" in row["flags"]) == (follows and row["period"] == own[2])

    assert not faults(release.rows, is_right)


def test_a_first_release_stamps_every_row_with_its_own_version(release):
    version = release.folder.name
    assert {(r["version_first"], r["version_revised"]) for r in release.rows} == {(version,) * 2}


def test_a_gap_can_be_explained(town_release):
    loaded = load_release(town_release.folder)
    gap = next(
        row
        for row in loaded.estimates.to_pylist()
        if row["statistic"] == "difference" and row["status"] == "shown"
    )
    asked = {name: gap[name] for name in ("area", "breakdown", "group", "period", "part")}
    told = loaded.explain(gap["measure"], **asked, series=gap["series"], statistic="difference")
    assert told.row.statistic == "difference"
    assert told.row.estimate == gap["estimate"]
    plain = loaded.explain(gap["measure"], **asked, series=gap["series"])
    assert plain.row.statistic == "proportion"
