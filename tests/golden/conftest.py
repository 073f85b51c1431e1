"""Where golden values lie, and the count of how many of them a run compared and skipped."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OWNED_SETS = HERE / "sets"


class GoldenTally:
    """What a run compared with golden values, and what it left out and why, by set."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.left_out: dict[str, Counter[str]] = {}
        self.folders: dict[str, Path] = {}

    def compared(self, set_name: str, number: int) -> None:
        """Count values that were compared, whether or not they agreed."""
        self.counts[set_name] += number

    def skipped(self, set_name: str, number: int, reason: str) -> None:
        """Count values that were not compared, with the reason a reader is told."""
        self.left_out.setdefault(set_name, Counter())[reason] += number

    def lines(self) -> list[str]:
        """Return one line a set: compared, skipped and why, and the folder it came from."""
        names = sorted({*self.counts, *self.left_out, *self.folders})
        return [self._line(name) for name in names]

    def _line(self, name: str) -> str:
        reasons = self.left_out.get(name, Counter())
        told = "; ".join(f"{n} {why}" for why, n in sorted(reasons.items()))
        skipped = f"{sum(reasons.values())} ({told})" if reasons else "0"
        place = f" [{self.folders[name]}]" if name in self.folders else ""
        return f"golden {name}: compared {self.counts[name]}, skipped {skipped}{place}"


TALLY = pytest.StashKey[GoldenTally]()


@pytest.fixture(scope="session")
def golden_tally(pytestconfig: pytest.Config) -> GoldenTally:
    return pytestconfig.stash.setdefault(TALLY, GoldenTally())


@pytest.fixture(scope="session")
def golden_folder(pytestconfig: pytest.Config, golden_tally: GoldenTally) -> Callable[[str], Path]:
    """Return the folder of a set: of $REFERENCE_ROOT, else the one this project owns."""
    root = Path(
        os.environ.get("REFERENCE_ROOT", pytestconfig.rootpath.parent / "shared" / "reference")
    )

    def find(set_name: str) -> Path:
        for folder in (root / set_name, OWNED_SETS / set_name):
            if folder.is_dir():
                golden_tally.folders[set_name] = folder
                return folder
        reason = f"no golden set {set_name!r}, neither in $REFERENCE_ROOT nor in tests/golden/sets"
        golden_tally.skipped(set_name, 0, reason)
        return pytest.skip(reason)

    return find


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    tally = config.stash.get(TALLY, None)
    if tally is not None and tally.lines():
        terminalreporter.section("golden values")
        for line in tally.lines():
            terminalreporter.write_line(line)
