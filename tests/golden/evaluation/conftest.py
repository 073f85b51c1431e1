"""The evaluation set: where it is, its tables, and how its numbers are compared."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest


@dataclass(frozen=True)
class EvaluationSet:
    """A folder of the evaluation set's shape; parts of it may be missing."""

    folder: Path

    def rows(self, name):
        path = self.folder / name
        if not path.is_file():
            pytest.skip(f"the evaluation set has no {name}")
        with path.open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    def columns(self, name, *wanted):
        """Numbers of some columns; an empty cell is NaN."""
        rows = self.rows(name)
        found = [[float(r[c]) if r[c] else np.nan for r in rows] for c in wanted]
        return [np.array(column) for column in found]

    def json(self, name):
        path = self.folder / name
        if not path.is_file():
            pytest.skip(f"the evaluation set has no {name}")
        return json.loads(path.read_text(encoding="utf-8"))


def leaves(value, path=""):
    """Every number of nested blocks, with where it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{at}]")
    else:
        yield path, value


def is_near(found, expected):
    """Within 1e-6 of the larger of 1 and the value; tiny p values within 1e-4 of themselves."""
    if expected is None or found is None:
        return found is expected
    if 0 < abs(expected) < 1e-6:
        return math.isclose(found, expected, rel_tol=1e-4, abs_tol=1e-12)
    return abs(found - expected) <= 1e-6 * max(1.0, abs(expected))


@pytest.fixture(scope="session")
def evaluation_set(golden_folder) -> EvaluationSet:
    return EvaluationSet(golden_folder("evaluation"))


@pytest.fixture
def agrees(evaluation_set, golden_tally):
    """Compare a block of expected.json, every number of it, with what was computed."""

    def compare(block, found):
        every = evaluation_set.json("expected.json")
        if block not in every:
            pytest.skip(f"expected.json has no block {block}")
        expected = dict(leaves(every[block]))
        own = dict(leaves(found))
        golden_tally.compared("evaluation", len(expected))
        missing = sorted(set(expected) - set(own))
        assert not missing, f"not computed: {missing}"
        away = {
            name: (own[name], value)
            for name, value in expected.items()
            if not is_near(own[name], value)
        }
        assert not away

    return compare
