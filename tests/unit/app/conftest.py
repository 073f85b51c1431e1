"""A small invented survey: strata, units, weights, replicate weights, items with gaps."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from social_evidence import Design


@pytest.fixture(scope="session")
def people() -> pa.Table:
    draw = random.Random(20261122)
    rows = []
    for stratum in ("n", "m", "s"):
        for psu in range(1, 5):
            for _ in range(draw.randint(4, 9)):
                age = draw.randint(16, 90)
                rows.append(
                    {
                        "stratum": stratum,
                        "psu": psu,
                        "weight": draw.randint(4, 40) / 8,
                        "age": age,
                        "income": draw.choice([None, draw.randint(50, 900)]),
                        "happy": draw.choice([0, 1, 1, None]),
                        "trust": draw.choice(["high", "low", "low", None]),
                        "sex": draw.choice([1, 2]),
                        "wave": draw.choice([2024, 2025]),
                        "old": age >= 65,
                    }
                )
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="session")
def design() -> Design:
    return Design(weight="weight", strata="stratum", psu="psu")
