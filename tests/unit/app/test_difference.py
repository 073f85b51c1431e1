"""`difference`: groups, waves and named weights with the full covariance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from social_evidence import Design, difference, estimate, mean, proportion, quantile, ratio, total
from social_evidence.errors import DataError, DefinitionError, EvidenceError


def one(*arguments: Any, **options: Any) -> dict[str, Any]:
    (row,) = difference(*arguments, **options).to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    "statistic", [proportion("happy"), mean("income"), total("income"), ratio("income", "age")]
)
def test_it_is_the_difference_of_the_estimates(
    people: pa.Table, design: Design, statistic: Any
) -> None:
    found = one(people, design, statistic, "sex", 1, 2)
    left, right = estimate(people, design, statistic, by="sex").to_pylist()
    assert found["estimate"] == pytest.approx(left["estimate"] - right["estimate"], rel=1e-12)
    assert (found["statistic"], found["left"], found["right"]) == ("difference", "1", "2")
    assert found["base"] is None


def test_swapping_the_sides_turns_the_sign_alone(people: pa.Table, design: Design) -> None:
    there = one(people, design, mean("income"), "wave", 2025, 2024)
    back = one(people, design, mean("income"), "wave", 2024, 2025)
    assert back["estimate"] == -there["estimate"]
    assert (back["lower"], back["upper"]) == pytest.approx((-there["upper"], -there["lower"]))
    assert back["p_value"] == pytest.approx(there["p_value"])


def test_a_difference_is_the_total_of_one_signed_item(people: pa.Table, design: Design) -> None:
    """Covariance checked without a covariance: the difference of totals is a total."""
    found = one(people, design, total("age"), "sex", 1, 2)
    signed = estimate(people, design, total("case when sex = 1 then age else -age end")).to_pylist()
    assert found["estimate"] == pytest.approx(signed[0]["estimate"], rel=1e-12)
    assert found["standard_error"] == pytest.approx(signed[0]["standard_error"], rel=1e-12)


def test_waves_that_share_units_are_not_taken_for_independent() -> None:
    """The same units in both waves, each moved by one: the change is known without error."""
    values = [1.0, 4.0, 2.0, 7.0]
    rows = pa.table(
        {
            "psu": [1, 2, 3, 4] * 2,
            "wave": ["before"] * 4 + ["after"] * 4,
            "y": values + [v + 1 for v in values],
        }
    )
    change = one(rows, Design(psu="psu"), mean("y"), "wave", "after", "before")
    assert change["estimate"] == pytest.approx(1)
    assert change["standard_error"] == pytest.approx(0, abs=1e-12)
    assert change["degrees_of_freedom"] == 3


def test_weights_over_several_groups(people: pa.Table, design: Design) -> None:
    weights = {"n": 1.0, "m": -0.5, "s": -0.5}
    found = one(people, design, mean("income"), "stratum", weights=weights)
    rows = estimate(people, design, mean("income"), by="stratum").to_pylist()
    value = sum(weights[row["stratum"]] * row["estimate"] for row in rows)
    # Strata are drawn apart, so here the variances do add up.
    error = np.sqrt(sum((weights[r["stratum"]] * r["standard_error"]) ** 2 for r in rows))
    assert found["estimate"] == pytest.approx(value)
    assert found["standard_error"] == pytest.approx(error)
    assert found["left"] is None
    assert found["contrast"] == "+1 × (n) -0.5 × (m) -0.5 × (s)"


def test_weights_of_two_groups_are_left_minus_right(people: pa.Table, design: Design) -> None:
    plain = one(people, design, mean("income"), "sex", 2, 1)
    named = one(people, design, mean("income"), "sex", weights={2: 1, 1: -1})
    assert [plain[name] for name in ("estimate", "standard_error", "lower")] == [
        named[name] for name in ("estimate", "standard_error", "lower")
    ]


def test_crossed_groups_are_tuples(people: pa.Table, design: Design) -> None:
    found = one(people, design, mean("income"), ["sex", "wave"], (1, 2025), (2, 2025))
    same = one(people, design, mean("income"), "sex", 1, 2, where={"wave": 2025})
    assert found["estimate"] == pytest.approx(same["estimate"])
    assert found["standard_error"] == pytest.approx(same["standard_error"])
    assert found["left"] == "1 * 2025"


def test_degrees_of_freedom_are_those_of_both_groups_together(
    people: pa.Table, design: Design
) -> None:
    found = one(people, design, mean("age"), "stratum", "n", "m")
    assert found["degrees_of_freedom"] == 8 - 2
    given = one(people, design, mean("age"), "stratum", "n", "m", degrees_of_freedom=2)
    assert given["upper"] > found["upper"]


def test_replicates_carry_the_covariance(people: pa.Table) -> None:
    table, draw = people, np.random.default_rng(5)
    for number in range(1, 9):
        factors = draw.choice([0.5, 1.5], people.num_rows)
        table = table.append_column(f"r{number}", pa.array(np.asarray(people["weight"]) * factors))
    design = Design(weight="weight", replicates="r[1-8]", replicate_method="fay", fay=0.5)
    found = one(table, design, mean("age"), "sex", 1, 2)
    age, sex = np.asarray(table["age"]), np.asarray(table["sex"])
    gaps = []
    for number in range(1, 9):
        w = np.asarray(table[f"r{number}"])
        one_, two = (np.average(age[sex == s], weights=w[sex == s]) for s in (1, 2))
        gaps.append(one_ - two)
    variance = np.sum((np.array(gaps) - np.mean(gaps)) ** 2) / (8 * 0.25)
    assert found["standard_error"] == pytest.approx(np.sqrt(variance))


@pytest.mark.parametrize(
    ("arguments", "options", "fault", "words"),
    [
        ((mean("age"), "sex", 1, 3), {}, DataError, "nobody of those asked for"),
        ((mean("age"), "trust", "high", "lwo"), {}, DataError, "nearest is 'low'"),
        ((mean("age"), "sex", 1), {}, DefinitionError, "both left and right"),
        ((mean("age"), "sex", 1, 2), {"weights": {1: 1}}, DefinitionError, "not both"),
        ((mean("age"), "sex", 1, 1), {}, DefinitionError, "same group"),
        ((mean("age"), "sex"), {"weights": {1: 0}}, DefinitionError, "at least one group"),
        ((mean("age"), (), 1, 2), {}, DefinitionError, "names no variable"),
        ((mean("age"), ["sex", "wave"], 1, 2), {}, DefinitionError, "needs 2 values"),
        ((quantile("age"), "sex", 1, 2), {}, DefinitionError, "quantiles have no covariance"),
        ((mean("age"), "sex", 1, 2), {"level": 0}, DefinitionError, "between 0 and 1"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(
    people: pa.Table,
    design: Design,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
    fault: type[EvidenceError],
    words: str,
) -> None:
    with pytest.raises(fault, match=words):
        difference(people, design, *arguments, **options)
