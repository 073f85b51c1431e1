"""How two numbers of a golden set are compared, and where the set lies."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

HERE = Path(__file__).parent
SET = "r-survey"

CLOSED_FORM = 1e-9
STANDARD_ERROR = 1e-8
ITERATED = 1e-6
FLOOR = 1e-12


@dataclass
class Comparison:
    """Values compared with R's, and the disagreements, each as one line."""

    compared: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def skip(self, number: int, reason: str) -> None:
        self.skipped[reason] = self.skipped.get(reason, 0) + number

    def values(
        self, what: str, expected: str, ours: float | None, tolerance: float, size: float = 1.0
    ) -> None:
        """Compare one number; empty is R's NA, `NaN` is no number, and ours is then null."""
        if expected == "":
            return
        self.compared += 1
        theirs = float(expected)
        if math.isnan(theirs):
            agrees = ours is None
        else:
            # A standard error that is 0 in theory comes out at rounding error of the estimate.
            floor = max(FLOOR * max(1.0, abs(size)), tolerance if tolerance == ITERATED else 0.0)
            agrees = ours is not None and math.isclose(
                ours, theirs, rel_tol=tolerance, abs_tol=floor
            )
        if not agrees:
            self.misses.append(f"{what}: R {expected}, ours {ours}")


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def r_language() -> ModuleType:
    """The reader of R expressions."""
    return module_at(HERE / "r_language.py")


@pytest.fixture(scope="session")
def r_designs() -> ModuleType:
    """The maker of our designs from R calls."""
    return module_at(HERE / "r_designs.py")


@pytest.fixture(scope="session")
def r_calls() -> ModuleType:
    """The maker of our calls from R calls."""
    return module_at(HERE / "r_calls.py")


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Path], list[dict[str, str]]]:
    return read_rows


@pytest.fixture
def comparison(golden_tally: object, request: pytest.FixtureRequest) -> Comparison:
    return Comparison()


@pytest.fixture(scope="session")
def part_of(golden_folder: Callable[[str], Path], golden_tally: object) -> Callable[[str], Path]:
    """Return a part of the set, or skip with a printed reason where the folder lacks it."""

    def find(part: str) -> Path:
        path = golden_folder(SET) / part
        if not path.exists():
            reason = f"{SET} has no {part}"
            golden_tally.skipped(SET, 0, reason)
            pytest.skip(reason)
        return path

    return find


@pytest.fixture(scope="session")
def tolerances() -> dict[str, float]:
    """Relative tolerances of the set's README."""
    return {"closed": CLOSED_FORM, "se": STANDARD_ERROR, "iterated": ITERATED}
