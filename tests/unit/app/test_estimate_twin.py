"""Whatever the survey, a figure is the textbook's and `by` is many `where`s."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence import Design, estimate, mean, ratio, total

DESIGN = Design(weight="weight", strata="stratum", psu="psu", lonely_psu="certainty")
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "stratum": st.sampled_from(["n", "s"]),
            "psu": st.integers(1, 3),
            "weight": st.integers(0, 24).map(lambda eighths: eighths / 8),
            "y": st.one_of(st.none(), st.integers(-3, 9)),
            "x": st.one_of(st.none(), st.integers(1, 5)),
            "g": st.sampled_from(["a", "b", "c", None]),
        }
    ),
    min_size=2,
    max_size=25,
).filter(lambda rows: any(row["weight"] > 0 for row in rows))


def table(rows: list[dict[str, Any]]) -> pa.Table:
    kinds = [("stratum", pa.string()), ("psu", pa.int64()), ("weight", pa.float64())]
    kinds += [("y", pa.int64()), ("x", pa.int64()), ("g", pa.string())]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def variance(rows: list[dict[str, Any]], moved: list[float]) -> float:
    """Squares of unit sums about their stratum's mean; a stratum with one unit is certain."""
    whole = 0.0
    for stratum in {row["stratum"] for row in rows}:
        units = sorted({row["psu"] for row in rows if row["stratum"] == stratum})
        sums = [
            math.fsum(
                value
                for row, value in zip(rows, moved, strict=True)
                if (row["stratum"], row["psu"]) == (stratum, unit)
            )
            for unit in units
        ]
        if len(units) > 1:
            centre = math.fsum(sums) / len(units)
            spread = math.fsum((z - centre) ** 2 for z in sums)
            whole += len(units) / (len(units) - 1) * spread
    return whole


def twin(rows: list[dict[str, Any]], group: str) -> tuple[float, float, int] | None:
    """Ratio of y to x in a group: value, standard error, base; None where x adds up to 0."""
    counted = [r["g"] == group and None not in {r["y"], r["x"]} for r in rows]
    below = math.fsum(r["weight"] * r["x"] for r, c in zip(rows, counted, strict=True) if c)
    above = math.fsum(r["weight"] * r["y"] for r, c in zip(rows, counted, strict=True) if c)
    if below == 0:
        return None
    value = above / below
    moved = [
        r["weight"] * (r["y"] - value * r["x"]) / below if c else 0.0
        for r, c in zip(rows, counted, strict=True)
    ]
    base = sum(1 for r, c in zip(rows, counted, strict=True) if c and r["weight"] > 0)
    return value, math.sqrt(variance(rows, moved)), base


@settings(max_examples=40, deadline=None, derandomize=True)
@given(PEOPLE)
def test_a_ratio_by_group_is_the_textbooks(rows: list[dict[str, Any]]) -> None:
    found = estimate(table(rows), DESIGN, ratio("y", "x"), by="g").to_pylist()
    assert [row["g"] for row in found] == sorted({r["g"] for r in rows if r["g"] is not None})
    for row in found:
        expected = twin(rows, row["g"])
        if expected is None:
            assert (row["estimate"], row["base"]) == (None, 0)
            continue
        assert row["estimate"] == pytest.approx(expected[0], rel=1e-10, abs=1e-12)
        assert row["standard_error"] == pytest.approx(expected[1], rel=1e-9, abs=1e-12)
        assert row["base"] == expected[2]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(PEOPLE)
def test_totals_of_groups_add_up_to_the_whole(rows: list[dict[str, Any]]) -> None:
    known = [row for row in rows if row["g"] is not None]
    parts = estimate(table(rows), DESIGN, total("y"), by="g").column("estimate").to_pylist()
    (whole,) = estimate(table(rows), DESIGN, total("y"), where="g is not null").to_pylist()
    summed = math.fsum(part for part in parts if part is not None)
    expected = math.fsum(r["weight"] * r["y"] for r in known if r["y"] is not None)
    assert summed == pytest.approx(expected, abs=1e-12)
    assert (whole["estimate"] or 0.0) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(PEOPLE, st.floats(0.01, 100), st.floats(-5, 5))
def test_a_mean_moves_with_the_scale_and_origin_of_its_item(
    rows: list[dict[str, Any]], scale: float, shift: float
) -> None:
    plain, moved = estimate(
        table(rows), DESIGN, [mean("y"), mean(f"y * {scale!r} + {shift!r}")]
    ).to_pylist()
    assert plain["base"] == moved["base"]
    if plain["estimate"] is not None:
        assert moved["estimate"] == pytest.approx(plain["estimate"] * scale + shift, abs=1e-9)
        expected = plain["standard_error"] * scale
        assert moved["standard_error"] == pytest.approx(expected, rel=1e-6, abs=1e-9)
