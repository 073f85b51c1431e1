"""`estimate`: the contract's columns, the order of rows, nulls, subpopulations, refusals."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import social_evidence
from social_evidence import (
    Calibration,
    Design,
    estimate,
    mean,
    proportion,
    quantile,
    ratio,
    total,
)
from social_evidence.errors import DataError, DefinitionError, DesignError, EvidenceError

CONTRACT = [
    "statistic",
    "variable",
    "estimate",
    "standard_error",
    "lower",
    "upper",
    "level",
    "interval_method",
    "degrees_of_freedom",
    "design_effect",
    "base",
    "effective_base",
]
ALL = [
    proportion("happy"),
    mean("income"),
    total("income"),
    ratio("income", "age"),
    quantile("income", 0.5),
]


def one(*arguments: Any, **options: Any) -> dict[str, Any]:
    (row,) = estimate(*arguments, **options).to_pylist()
    return dict(row)


def twin(rows: list[dict[str, Any]], item: str, inside: Any) -> tuple[float, float]:
    """The mean of an item and its standard error, written as the textbook does."""
    counted = [row for row in rows if inside(row) and row[item] is not None]
    weights = math.fsum(row["weight"] for row in counted)
    value = math.fsum(row["weight"] * row[item] for row in counted) / weights
    variance = 0.0
    for stratum in sorted({row["stratum"] for row in rows}):
        units = sorted({row["psu"] for row in rows if row["stratum"] == stratum})
        sums = []
        for unit in units:
            own = [r for r in counted if r["stratum"] == stratum and r["psu"] == unit]
            sums.append(math.fsum(r["weight"] * (r[item] - value) / weights for r in own))
        centre = math.fsum(sums) / len(units)
        spread = math.fsum((z - centre) ** 2 for z in sums)
        variance += len(units) / (len(units) - 1) * spread
    return value, math.sqrt(variance)


def test_the_columns_are_those_of_the_contract(people: pa.Table, design: Design) -> None:
    table = estimate(people, design, ALL, by=["sex", "stratum"])
    assert table.column_names == ["sex", "stratum", *CONTRACT]
    assert table.schema.field("base").type == pa.int64()
    assert table.schema.field("degrees_of_freedom").type == pa.float64()
    assert table.num_rows == 6 * len(ALL)


@pytest.mark.parametrize("item", ["happy", "income", "age"])
@pytest.mark.parametrize("sex", [None, 1, 2])
def test_a_mean_is_the_textbooks(
    people: pa.Table, design: Design, item: str, sex: int | None
) -> None:
    where = None if sex is None else {"sex": sex}
    ours = one(people, design, mean(item), where=where)
    value, error = twin(people.to_pylist(), item, lambda row: sex in {None, row["sex"]})
    assert ours["estimate"] == pytest.approx(value, rel=1e-12)
    assert ours["standard_error"] == pytest.approx(error, rel=1e-12)


def test_a_proportion_of_text_is_the_mean_of_its_indicator(
    people: pa.Table, design: Design
) -> None:
    share = one(people, design, proportion("trust", "high"))
    indicator = one(
        people, design, mean("case when trust is null then null else trust = 'high' end")
    )
    assert share["estimate"] == indicator["estimate"]
    assert share["standard_error"] == indicator["standard_error"]
    assert (share["interval_method"], indicator["interval_method"]) == ("logit", "wald")


def test_several_values_count_together(people: pa.Table, design: Design) -> None:
    both = one(people, design, proportion("trust", ["high", "low"]))
    assert both["estimate"] == 1.0


def test_groups_stand_in_number_order_and_text_by_code_point(design: Design) -> None:
    rows = pa.table(
        {
            "weight": [1.0] * 6,
            "stratum": ["a"] * 6,
            "psu": range(6),
            "y": [1, 0, 1, 1, 0, 1],
            "number": [10, 9, 2, 10, 9, 2],
            "text": ["b", "a", "B", "é", "A", "z"],
        }
    )
    by_number = estimate(rows, design, mean("y"), by="number")
    assert by_number.column("number").to_pylist() == [2, 9, 10]
    by_text = estimate(rows, design, mean("y"), by="text")
    assert by_text.column("text").to_pylist() == ["A", "B", "a", "b", "z", "é"]


class Labelled:
    """A reader's table with value labels and a user-missing code."""

    def __init__(self) -> None:
        self.name, self.digest = "invented.sav", "0" * 64
        self.labels = {"answer": {3: "often", 1: "never"}}
        self.titles: dict[str, str] = {}
        self.missing = {"answer": frozenset({9})}
        self.rows = pa.table(
            {
                "weight": [1.0] * 6,
                "stratum": ["a"] * 6,
                "psu": range(6),
                "answer": [1.0, 3.0, 9.0, 2.0, 1.0, 3.0],
            }
        )
        self.columns = tuple(self.rows.column_names)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.rows.__arrow_c_stream__(requested_schema)


def test_groups_stand_in_the_order_of_the_files_labels(design: Design) -> None:
    table = estimate(Labelled(), design, total("1"), by="answer")
    assert table.column("answer").to_pylist() == [3, 1, 2]
    assert table.column("base").to_pylist() == [2, 2, 1]
    assert table.schema.field("answer").metadata[b"label:3"] == b"often"
    by_label = one(Labelled(), design, proportion("answer", "often"))
    assert (by_label["estimate"], by_label["base"]) == (0.4, 5)


def test_whole_numbers_group_alike_however_they_are_stored(
    people: pa.Table, design: Design
) -> None:
    floats = people.set_column(
        people.column_names.index("sex"), "sex", people.column("sex").cast(pa.float64())
    )
    assert estimate(floats, design, ALL, by="sex").equals(estimate(people, design, ALL, by="sex"))


def test_nothing_impossible_is_a_nan(people: pa.Table, design: Design) -> None:
    nobody = estimate(people, design, ALL, where="age > 200")
    assert nobody.column("base").to_pylist() == [0] * len(ALL)
    alone = people.slice(0, 1)
    for table in (nobody, estimate(alone, Design(weight="weight", lonely_psu="remove"), ALL)):
        for name in CONTRACT[2:]:
            values = table.column(name).to_pylist()
            assert not any(isinstance(v, float) and math.isnan(v) for v in values), name
    assert estimate(people, design, ALL, by="sex", where="age > 200").num_rows == 0


def test_nan_in_the_data_is_not_answered(people: pa.Table, design: Design) -> None:
    values = [math.nan if v is None else float(v) for v in people.column("income").to_pylist()]
    with_nan = people.append_column("amount", pa.array(values))
    left, right = one(with_nan, design, mean("amount")), one(people, design, mean("income"))
    assert left["estimate"] == right["estimate"]
    assert left["base"] == right["base"]


def test_a_subpopulation_keeps_the_whole_design_and_a_filtered_file_does_not(
    people: pa.Table, design: Design
) -> None:
    where = "stratum = 'n' and psu < 3 or stratum = 'm'"
    kept = one(people, design, mean("income"), where=where)
    mask = pc.or_(
        pc.and_(pc.equal(people["stratum"], "n"), pc.less(people["psu"], 3)),
        pc.equal(people["stratum"], "m"),
    )
    filtered = one(people.filter(mask), design, mean("income"))
    assert kept["estimate"] == pytest.approx(filtered["estimate"])
    assert kept["standard_error"] != pytest.approx(filtered["standard_error"], rel=1e-3)


@pytest.mark.parametrize(
    "where", ["old", "age >= 65", {"old": True}, {"age": list(range(65, 91))}, "old = true"]
)
def test_a_subpopulation_can_be_written_in_several_ways(
    people: pa.Table, design: Design, where: Any
) -> None:
    ours = one(people, design, mean("income"), where=where)
    value, error = twin(people.to_pylist(), "income", lambda row: row["age"] >= 65)
    assert ours["estimate"] == pytest.approx(value, rel=1e-12)
    assert ours["standard_error"] == pytest.approx(error, rel=1e-12)


def test_a_group_is_estimated_as_its_own_subpopulation(people: pa.Table, design: Design) -> None:
    grouped = estimate(people, design, ALL, by="sex").to_pylist()
    single = estimate(people, design, ALL, where={"sex": 2}).to_pylist()
    for left, right in zip(grouped[len(ALL) :], single, strict=True):
        for name, value in right.items():
            same = pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
            assert left[name] == same, name


def test_rows_without_a_group_are_in_no_group(people: pa.Table, design: Design) -> None:
    table = estimate(people, design, total("1"), by="trust")
    assert table.column("trust").to_pylist() == ["high", "low"]
    known = people.num_rows - people.column("trust").null_count
    assert sum(table.column("base").to_pylist()) == known


def test_the_order_of_rows_does_not_matter(people: pa.Table, design: Design) -> None:
    order = list(range(people.num_rows))
    random.Random(7).shuffle(order)
    first = estimate(people, design, ALL, by=["sex", "trust"]).to_pylist()
    second = estimate(people.take(order), design, ALL, by=["sex", "trust"]).to_pylist()
    for left, right in zip(first, second, strict=True):
        for name, value in left.items():
            if isinstance(value, float):
                assert right[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name
            else:
                assert right[name] == value, name


def test_the_scale_of_the_weights_moves_totals_alone(people: pa.Table, design: Design) -> None:
    heavier = people.set_column(
        people.column_names.index("weight"), "weight", pc.multiply(people["weight"], 16.0)
    )
    for statistic in (proportion("happy"), mean("income"), ratio("income", "age")):
        left, right = one(people, design, statistic), one(heavier, design, statistic)
        for name in ("estimate", "standard_error", "lower", "upper"):
            assert right[name] == pytest.approx(left[name], rel=1e-12)
    left, right = one(people, design, total("income")), one(heavier, design, total("income"))
    assert right["standard_error"] == pytest.approx(16 * left["standard_error"], rel=1e-12)


def test_degrees_of_freedom_are_units_less_strata_with_a_weight_in_the_domain(
    people: pa.Table, design: Design
) -> None:
    assert one(people, design, mean("income"))["degrees_of_freedom"] == 12 - 3
    part = one(people, design, mean("income"), where="stratum = 'n' and psu < 4")
    assert part["degrees_of_freedom"] == 3 - 1
    given = one(people, design, mean("income"), degrees_of_freedom=4)
    assert given["degrees_of_freedom"] == 4
    assert given["upper"] > one(people, design, mean("income"))["upper"]


def test_weight_zero_leaves_the_base_but_stays_in_the_design(design: Design) -> None:
    rows = pa.table(
        {
            "weight": [1.0, 1.0, 0.0, 2.0],
            "stratum": ["a"] * 4,
            "psu": [1, 2, 3, 4],
            "y": [1, 0, 1, 1],
        }
    )
    found = one(rows, design, mean("y"))
    assert found["base"] == 3
    value, error = twin(rows.to_pylist(), "y", lambda _: True)
    assert found["standard_error"] == pytest.approx(error, rel=1e-12)
    assert found["estimate"] == value


def test_a_share_of_exactly_one_has_a_lower_limit_below_one(
    people: pa.Table, design: Design
) -> None:
    exact = one(people, design, proportion("happy"), where="happy = 1")
    assert exact["interval_method"] == "beta"
    assert 0.8 < exact["lower"] < 0.99
    as_r = one(people, design, proportion("happy", exact_at_edges=False), where="happy = 1")
    assert (as_r["lower"], as_r["upper"], as_r["interval_method"]) == (1.0, 1.0, "logit")


@pytest.mark.parametrize("interval", ["logit", "xlogit", "beta", "wilson", "asin", "likelihood"])
def test_every_interval_of_a_proportion_names_itself_and_holds_the_estimate(
    people: pa.Table, design: Design, interval: str
) -> None:
    found = one(people, design, proportion("happy", 1, interval))
    assert found["interval_method"] == interval
    assert 0 < found["lower"] < found["estimate"] < found["upper"] < 1


def test_a_wider_level_is_a_wider_interval(people: pa.Table, design: Design) -> None:
    narrow, wide = (one(people, design, mean("income"), level=level) for level in (0.8, 0.99))
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]
    assert (narrow["level"], wide["level"]) == (0.8, 0.99)


def test_effective_base_is_base_over_design_effect(people: pa.Table, design: Design) -> None:
    found = one(people, design, proportion("happy"))
    assert found["effective_base"] == pytest.approx(found["base"] / found["design_effect"])


def test_two_statistics_of_one_variable_are_told_apart(people: pa.Table, design: Design) -> None:
    asked = [quantile("income", 0.25), quantile("income", 0.75), mean("income")]
    names = estimate(people, design, asked).column("variable").to_pylist()
    assert names == ["income@0.25", "income@0.75", "income"]


def test_a_median_lies_between_its_limits_and_is_an_answer(
    people: pa.Table, design: Design
) -> None:
    found = one(people, design, quantile("income", 0.5))
    assert found["estimate"] in people.column("income").to_pylist()
    assert found["lower"] <= found["estimate"] <= found["upper"]
    assert found["interval_method"] == "woodruff_mean"
    assert found["design_effect"] is None


def test_replicate_weights_give_the_spread_of_the_replicates(people: pa.Table) -> None:
    base = np.asarray(people["weight"])
    units = [
        f"{s}{p}"
        for s, p in zip(people["stratum"].to_pylist(), people["psu"].to_pylist(), strict=True)
    ]
    table = people
    names = sorted(set(units))
    for number, unit in enumerate(names, start=1):
        kept = np.array([u != unit for u in units])
        table = table.append_column(f"rw{number:02d}", pa.array(base * kept * 12 / 11))
    jackknife = Design(weight="weight", replicates="rw[01-12]", replicate_method="jk1")
    found = one(table, jackknife, mean("age"))
    age = np.asarray(people["age"])
    values = [
        np.average(age, weights=np.asarray(table[f"rw{number:02d}"])) for number in range(1, 13)
    ]
    variance = 11 / 12 * sum((v - np.mean(values)) ** 2 for v in values)
    assert found["standard_error"] == pytest.approx(math.sqrt(variance), rel=1e-12)
    assert found["degrees_of_freedom"] == 11
    spelt = Design(
        weight="weight",
        replicates=[f"rw{number:02d}" for number in range(1, 13)],
        replicate_method="jk1",
    )
    assert one(table, spelt, mean("age")) == found


def test_finite_populations_imply_weights_and_shrink_the_error() -> None:
    rows = pa.table({"y": [1.0, 2.0, 4.0, 8.0], "size": [10, 10, 10, 10]})
    found = one(rows, Design(fpc="size"), total("y"))
    assert found["estimate"] == pytest.approx(15 * 10 / 4)
    variance = np.var([1, 2, 4, 8], ddof=1)
    assert found["standard_error"] == pytest.approx(math.sqrt(100 / 4 * variance * (1 - 4 / 10)))


def test_two_stages_add_their_variances() -> None:
    rows = {"p": [1, 1, 2, 2], "s": [1, 2, 1, 2], "n1": [4] * 4, "n2": [6] * 4, "y": [1.0, 3, 2, 8]}
    design = Design(psu="p", ssu="s", fpc=["n1", "n2"])
    found = one(pa.table(rows), design, total("y"))
    weight = 4 / 2 * 6 / 2
    units = [weight * 4, weight * 10]
    first = (1 - 2 / 4) * 2 * np.var(units, ddof=1)
    second = sum((2 / 4) * (1 - 2 / 6) * 2 * np.var(v, ddof=1) for v in ([6, 18], [12, 48]))
    assert found["standard_error"] == pytest.approx(math.sqrt(first + second))


@pytest.mark.parametrize("method", ["post_stratify", "rake"])
def test_calibrated_weights_meet_their_totals_without_error(
    people: pa.Table, design: Design, method: str
) -> None:
    known = Calibration(method=method, margins={"sex": {"1": 500.0, "2": 700.0}})
    calibrated = Design(weight="weight", strata="stratum", psu="psu", calibration=known)
    table = estimate(people, calibrated, total("1"), by="sex")
    assert table.column("estimate").to_pylist() == pytest.approx([500, 700])
    assert table.column("standard_error").to_pylist() == pytest.approx([0, 0], abs=1e-9)
    # Known totals explain part of the answers, so a total is known relatively better.
    alone, known_better = (one(people, each, total("age")) for each in (design, calibrated))
    assert (
        known_better["standard_error"] / known_better["estimate"]
        < alone["standard_error"] / alone["estimate"]
    )


def test_a_regression_estimator_meets_its_totals(people: pa.Table) -> None:
    known = Calibration(
        method="greg", totals={"(Intercept)": 1200.0, "age": 60_000.0, "sex=2": 650}
    )
    design = Design(weight="weight", strata="stratum", psu="psu", calibration=known)
    age, women = estimate(people, design, [total("age"), total("sex = 2")]).to_pylist()
    assert (age["estimate"], women["estimate"]) == pytest.approx((60_000, 650))
    assert (age["standard_error"], women["standard_error"]) == pytest.approx((0, 0), abs=1e-6)


def test_replicates_are_calibrated_each_on_its_own(people: pa.Table) -> None:
    draw = random.Random(3)
    table = people
    for number in range(1, 7):
        factors = [draw.choice([0.5, 1.5]) for _ in range(people.num_rows)]
        table = table.append_column(f"r{number}", pc.multiply(people["weight"], pa.array(factors)))
    known = Calibration(method="post_stratify", margins={"sex": {"1": 500.0, "2": 700.0}})
    design = Design(weight="weight", replicates="r[1-6]", replicate_method="brr", calibration=known)
    found = estimate(table, design, total("1"), by="sex")
    assert found.column("estimate").to_pylist() == pytest.approx([500, 700])
    assert found.column("standard_error").to_pylist() == pytest.approx([0, 0], abs=1e-9)


def test_the_same_answers_come_from_a_path_and_from_a_stream(
    people: pa.Table, design: Design, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    lines = [",".join(people.column_names)]
    lines += [
        ",".join("" if v is None else str(v) for v in row.values()) for row in people.to_pylist()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    from_path = estimate(path, design, ALL, by="sex")
    reader = pa.RecordBatchReader.from_stream(people)
    assert estimate(str(path), design, ALL, by="sex").equals(from_path)
    assert estimate(reader, design, ALL, by="sex").equals(from_path)


def broken(people: pa.Table, name: str, values: list[Any]) -> pa.Table:
    kept = people.column(name).to_pylist()[len(values) :]
    if isinstance(values[0], str):
        kept = [str(v) for v in kept]
    elif isinstance(values[0], float):
        kept = [None if v is None else float(v) for v in kept]
    return people.set_column(people.column_names.index(name), name, pa.array([*values, *kept]))


@pytest.mark.parametrize(
    ("name", "values", "fault", "words"),
    [
        ("weight", [None, None], DesignError, "2 have no weight"),
        ("weight", [-1.0], DesignError, "1 a negative one"),
        ("weight", ["12 kg"], DataError, "'weight' holds text"),
        ("weight", [math.inf], DataError, "'weight' is infinite in 1 of"),
        ("income", [math.inf], DataError, "'income' is infinite in 1 of"),
        ("psu", [None], DesignError, r"1 of \d+ rows have no value in 'psu'"),
        ("stratum", [None, None, None], DesignError, r"3 of \d+ rows have no value in 'stratum'"),
    ],
)
def test_a_design_column_that_cannot_be_used_is_refused_with_its_count(
    people: pa.Table,
    design: Design,
    name: str,
    values: list[Any],
    fault: type[EvidenceError],
    words: str,
) -> None:
    with pytest.raises(fault, match=words):
        estimate(broken(people, name, values), design, mean("income"))


def test_a_lonely_unit_stops_the_estimate_unless_a_rule_is_named(people: pa.Table) -> None:
    lonely = Design(weight="weight", strata="age", psu="psu")
    with pytest.raises(DesignError, match="single"):
        estimate(people, lonely, mean("happy"))
    rule = Design(weight="weight", strata="age", psu="psu", lonely_psu="adjust")
    assert one(people, rule, mean("happy"))["standard_error"] > 0


@pytest.mark.parametrize(
    ("options", "fault", "words"),
    [
        ({"statistics": mean("incom")}, DataError, "nearest is 'income'"),
        ({"statistics": mean("Income")}, DataError, "nearest is 'income'"),
        ({"statistics": mean("in come")}, DataError, "nearest is 'income'"),
        ({"statistics": mean("age"), "by": "sexx"}, DataError, "nearest is 'sex'"),
        ({"statistics": mean("age"), "where": {"sx": 1}}, DataError, "nearest is 'sex'"),
        ({"statistics": mean("age"), "where": "aeg > 3"}, DataError, "nearest is 'age'"),
        ({"statistics": mean("trust")}, DataError, "holds text"),
        ({"statistics": mean("age / (sex - 1)")}, DataError, "division by zero"),
        ({"statistics": mean("cast(trust as double)")}, DataError, "cannot be computed"),
        ({"statistics": proportion("trust", "hihg")}, DataError, "nearest is 'high'"),
        ({"statistics": mean("age"), "where": "age"}, DataError, "mark a subpopulation"),
        ({"statistics": mean("age"), "level": 95}, DefinitionError, "between 0 and 1"),
        ({"statistics": mean("age"), "by": ["sex", "sex"]}, DefinitionError, "twice"),
        ({"statistics": []}, DefinitionError, "at least one"),
        ({"statistics": mean("(select 1)")}, DefinitionError, "not allowed"),
        ({"statistics": mean("read_csv('x')")}, DefinitionError, "read_csv"),
        ({"statistics": mean("age"), "where": "1; drop table x"}, DefinitionError, "variable"),
        ({"statistics": mean("")}, DefinitionError, "empty"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    people: pa.Table,
    design: Design,
    options: dict[str, Any],
    fault: type[EvidenceError],
    words: str,
) -> None:
    with pytest.raises(fault, match=words):
        estimate(people, design, **options)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"weight": "wieght"}, "nearest is 'weight'"),
        ({"fpc": "sice"}, "The design needs it"),
        ({"replicates": ["r1"], "replicate_method": "brr"}, "no column 'r1'"),
        ({"replicates": "r[9-1]", "replicate_method": "brr"}, "not a run"),
    ],
)
def test_a_column_that_the_design_lacks_is_a_fault_of_the_design(
    people: pa.Table, changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        estimate(people, Design(**{"weight": "weight", **changed}), mean("age"))


def test_replicates_without_the_full_weight_are_refused(people: pa.Table) -> None:
    with pytest.raises(DesignError, match="full-sample weight"):
        estimate(people, Design(replicates=["age", "sex"], replicate_method="brr"), mean("age"))


@pytest.mark.parametrize(
    ("calibration", "words"),
    [
        (Calibration(method="rake"), "0 margins"),
        (Calibration(method="greg"), "needs totals"),
        (Calibration(method="rake", margins={"sex": {"1": 5.0}}), "no population total"),
        (Calibration(method="rake", margins={"trust": {"low": 5.0, "high": 1.0}}), "no value in"),
        (Calibration(method="rake", margins={"sexx": {"1": 5.0}}), "nearest is 'sex'"),
    ],
)
def test_a_calibration_that_does_not_fit_the_file_is_refused(
    people: pa.Table, calibration: Calibration, words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        estimate(people, Design(weight="weight", calibration=calibration), mean("age"))


def test_a_column_called_twice_is_refused(design: Design) -> None:
    rows = pa.Table.from_arrays([pa.array([1.0]), pa.array([2.0])], names=["weight", "weight"])
    with pytest.raises(DataError, match="2 columns are called 'weight'"):
        estimate(rows, Design(weight="weight"), total("1"))


def test_a_file_without_rows_or_without_weight_is_refused(people: pa.Table, design: Design) -> None:
    with pytest.raises(DataError, match="no rows"):
        estimate(people.slice(0, 0), design, mean("age"))
    nothing = people.append_column("zero", pa.array([0.0] * people.num_rows))
    with pytest.raises(DesignError, match="weights are 0"):
        estimate(nothing, Design(weight="zero"), mean("age"))


def test_a_design_or_condition_of_another_kind_is_refused(people: pa.Table, design: Design) -> None:
    with pytest.raises(DesignError, match="design is a dict"):
        estimate(people, {"weight": "weight"}, mean("age"))  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="where is a int"):
        estimate(people, design, mean("age"), where=5)  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="no value of 'sex' is named"):
        proportion("sex", [])


def test_what_is_no_table_is_refused(design: Design) -> None:
    with pytest.raises(DataError, match="Arrow C stream"):
        estimate([1, 2, 3], design, mean("y"))  # type: ignore[arg-type]


def test_the_package_offers_the_questions_of_the_contract() -> None:
    for name in ("Design", "estimate", "difference", "chi_squared", "mean", "proportion"):
        assert name in dir(social_evidence)
        assert callable(getattr(social_evidence, name))
    with pytest.raises(AttributeError, match="nothing"):
        social_evidence.nothing  # noqa: B018
