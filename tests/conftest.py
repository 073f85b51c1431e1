"""Folders that may be absent, and the closing table that says what was skipped and why."""

from __future__ import annotations

import importlib
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

# No test is timed: a busy machine must not fail one.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]
WITH_ANSWERS = {"london_family_fund", "mi_wifi", "ceremonies_pilot"}
"""Of several projects with a second reading, by lottery, and asked again months later."""


def _folder(variable: str, usual: str) -> Path:
    return Path(os.environ.get(variable) or ROOT / usual).resolve()


def _given(variable: str, usual: str) -> Path:
    folder = _folder(variable, usual)
    if not folder.is_dir():
        reason = f"no folder for {variable}: set it to where the files are"
        if os.environ.get("REQUIRE_DATA") == "1":
            pytest.fail(f"{reason} (REQUIRE_DATA=1)")
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Real published files; a test that needs them is skipped, with its reason, without them."""
    return _given("DATA_ROOT", "../shared/data")


@pytest.fixture(scope="session")
def reference_root() -> Path:
    """Golden values."""
    return _given("REFERENCE_ROOT", "../shared/reference")


@pytest.fixture(scope="session")
def initiatives_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evidence base whose release has initiatives: to be read and not written to.

    Synthetic London's files of one measure, and records of initiatives with the answers of three:
    ten seconds where all would take a minute. The other initiatives say that no answers came.
    """
    folder = tmp_path_factory.mktemp("initiatives")
    made = importlib.import_module("social_evidence.app.demo_london")
    catalogue = made.catalogue_folders([Path(made.LONDON)])
    definitions = made.load(catalogue)
    chosen = made.chosen(definitions, ["offline"])
    waves: dict[str, list[str]] = {}
    for missing in made.gather(definitions, chosen, [], 1).missing:
        waves.setdefault(missing.source.id, []).append(missing.file.wave)
    sources = folder / "sources"
    made.write_sources(sources, made.SMALL, waves=waves, also=made.write_initiatives)
    for path in (sources / "initiatives" / "answers").iterdir():
        if path.stem.rpartition("_")[0] not in WITH_ANSWERS:
            path.unlink()
    made.fill_office(folder, definitions)
    release = made.build(
        catalogue, [sources], folder, as_of=date(2026, 1, 2), measures=["offline"], latest=1
    )
    made.approve(folder, release.name, by="test", as_of=date(2026, 1, 3))
    return folder


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the microdata cache of the tests away from the user's own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one closing table of what was skipped, by reason."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    terminalreporter.section("skipped, and why")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count:5d}  {reason}")
    if not reasons:
        terminalreporter.write_line("    0  nothing was skipped")
