"""`chi_squared`: independence of two variables, allowing for the design."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy import stats

from social_evidence import Design, chi_squared
from social_evidence.errors import DataError, DefinitionError


def one(*arguments: Any, **options: Any) -> dict[str, Any]:
    (row,) = chi_squared(*arguments, **options).to_pylist()
    return dict(row)


def test_the_row_names_everything_about_the_test(people: pa.Table, design: Design) -> None:
    found = one(people, design, "sex", "trust")
    assert list(found) == [
        "rows",
        "columns",
        "statistic",
        "value",
        "numerator_degrees_of_freedom",
        "denominator_degrees_of_freedom",
        "p_value",
        "base",
    ]
    assert found["base"] == people.num_rows - people.column("trust").null_count
    assert found["p_value"] == pytest.approx(
        stats.f.sf(
            found["value"],
            found["numerator_degrees_of_freedom"],
            found["denominator_degrees_of_freedom"],
        )
    )


def test_without_a_design_it_is_pearsons(people: pa.Table) -> None:
    """Each row its own unit and all weights 1: only the n/(n-1) of the sample is left."""
    known = people.filter(pc.is_valid(people["trust"]))
    found = one(known, Design(), "sex", "trust", statistic="Chisq")
    table = [
        [
            sum(1 for row in known.to_pylist() if row["sex"] == s and row["trust"] == t)
            for t in ("high", "low")
        ]
        for s in (1, 2)
    ]
    pearson = stats.chi2_contingency(table, correction=False)
    assert found["value"] == pytest.approx(pearson.statistic)
    n = known.num_rows
    assert found["p_value"] == pytest.approx(
        stats.chi2.sf(pearson.statistic * (n - 1) / n, 1), rel=1e-6
    )


def test_swapping_rows_and_columns_changes_nothing(people: pa.Table, design: Design) -> None:
    there, back = one(people, design, "wave", "trust"), one(people, design, "trust", "wave")
    for name in ("value", "p_value", "base", "numerator_degrees_of_freedom"):
        assert there[name] == pytest.approx(back[name])


@pytest.mark.parametrize("statistic", ["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"])
def test_every_test_finds_a_strong_association_and_names_itself(
    people: pa.Table, design: Design, statistic: str
) -> None:
    ages = np.asarray(people["age"])
    odd = np.arange(ages.size) % 9 == 0
    young = pa.array(((ages < 50) != odd).astype(int))
    found = one(people.append_column("young", young), design, "old", "young", statistic)
    assert found["statistic"] == statistic
    assert 0 <= found["p_value"] < 0.05
    assert found["value"] > 1


def test_a_subpopulation_is_tested_alone(people: pa.Table, design: Design) -> None:
    part = one(people, design, "sex", "trust", where="age < 50")
    rows = [r for r in people.to_pylist() if r["age"] < 50 and r["trust"] is not None]
    assert part["base"] == len(rows)


def test_replicate_weights_are_tested_too(people: pa.Table) -> None:
    table, draw = people, np.random.default_rng(6)
    for number in range(1, 13):
        factors = draw.choice([0.5, 1.5], people.num_rows)
        table = table.append_column(f"r{number}", pa.array(np.asarray(people["weight"]) * factors))
    design = Design(weight="weight", replicates="r[1-12]", replicate_method="fay", fay=0.5)
    found = one(table, design, "sex", "trust")
    assert 0 < found["p_value"] <= 1


@pytest.mark.parametrize(
    ("arguments", "options", "fault", "words"),
    [
        (("sex", "trust", "G"), {}, DefinitionError, "Say one of F"),
        (("sex", "trust", "wald"), {}, DefinitionError, "nearest is 'Wald'"),
        (("sex", "tust"), {}, DataError, "nearest is 'trust'"),
        (("sex", "trust"), {"where": {"sex": 1}}, DataError, "has 1 different values"),
        (("sex", "sex"), {}, DefinitionError, "twice"),
    ],
)
def test_a_test_that_cannot_be_made_is_refused(
    people: pa.Table,
    design: Design,
    arguments: tuple[str, ...],
    options: dict[str, Any],
    fault: type[Exception],
    words: str,
) -> None:
    with pytest.raises(fault, match=words):
        chi_squared(people, design, *arguments, **options)
