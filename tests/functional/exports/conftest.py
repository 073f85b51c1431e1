"""A publication, and the release it must agree with, read by Arrow and nothing of ours.

Every test runs on the packaged demonstration with hostile names; with `-m slow` also on a whole
synthetic London, or on the release that EXPORTS_RELEASE names.
"""

from __future__ import annotations

import importlib.resources
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.demo_london import demonstrate_london
from social_evidence.app.publish import publish
from social_evidence.synthetic import city

Row = Mapping[str, object]
Key = tuple[object, ...]

KEY = (
    *("population", "measure", "part", "series", "period", "area", "breakdown", "group"),
    "statistic",
)
COMPARISON_KEY = (
    *("population", "measure", "part", "series", "kind", "breakdown", "group_from", "group_to"),
    *("area_from", "area_to", "period_from", "period_to", "statistic"),
)
KEYS = {"estimates": KEY, "comparisons": COMPARISON_KEY}

NASTY = {
    "Example City": '=HYPERLINK("http://bad.example/","City")',
    "Northbank": "+1 Northbank",
    "Easthill": "@SUM(A1:A9)",
    "Southmoor": "-2+3+cmd|' /C calc'!A0",
    "Westferry": "עברית, “Westferry”",
    "Women": "=1+1",
    "18 to 34": 'tab "18", 34; semicolon',
    "People who agree that neighbours can be trusted": "=People who, agree",
}
"""Names in the demonstration's catalogue, and what they are changed to."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """A publication and what it must hold, column by column as the release has it."""

    folder: Path
    release: Path
    name: str
    tables: Mapping[str, Mapping[Key, Row]]

    def file(self, path: str) -> Path:
        found = self.folder / path
        assert found.is_file(), f"{path} was not published"
        return found


def stored(release: Path) -> dict[str, dict[Key, Row]]:
    tables = {}
    for name, key in KEYS.items():
        rows = pq.read_table(release / f"{name}.parquet").to_pylist()
        tables[name] = {tuple(row[part] for part in key): row for row in rows}
        assert len(tables[name]) == len(rows)
    return tables


def nasty_catalogue(folder: Path) -> Path:
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as there:
        shutil.copytree(there, folder)
    for path in sorted(folder.rglob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for plain, nasty in NASTY.items():
            # The files know the places by their old names.
            text = text.replace(f'name = "{plain}"', f'name = "{plain}"\naliases = ["\0"]')
            text = text.replace(f'"{plain}"', f"'''{nasty}'''").replace("\0", plain)
        path.write_text(text, encoding="utf-8")
    return folder


def nasty_release(folder: Path) -> Path:
    city.write_sources(folder / "sources")
    catalogue = nasty_catalogue(folder / "catalogue")
    day = date(2026, 11, 22)
    release = build([catalogue], [folder / "sources"], folder, as_of=day)
    approve(folder, release.name, by="demo", checked="Nothing: made up.", as_of=day)
    return release


def london_release(folder: Path) -> Path:
    if given := os.environ.get("EXPORTS_RELEASE"):
        return Path(given)
    return demonstrate_london(folder, is_small=True, as_of=date(2026, 11, 22)).releases[-1]


@pytest.fixture(scope="session", params=["town", pytest.param("london", marks=pytest.mark.slow)])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Published:
    folder = tmp_path_factory.mktemp(f"exports-{request.param}")
    release = (nasty_release if request.param == "town" else london_release)(folder)
    draft = "EXPORTS_RELEASE" in os.environ
    made = publish(release, folder / "public", today=date(2026, 11, 23), draft=draft)
    return Published(
        folder=made.folder, release=release, name=request.param, tables=stored(release)
    )


def differs(stored_value: object, read: object) -> bool:
    """Numbers are equal as numbers, all else as text; None and nothing are one."""
    if stored_value is None or read is None:
        return not (stored_value is None and read is None)
    if isinstance(stored_value, float):
        return not (isinstance(read, int | float) and math.isclose(stored_value, read, rel_tol=0))
    if isinstance(stored_value, int):
        return stored_value != read
    return str(stored_value) != str(read)


Compare = Callable[..., None]


@pytest.fixture
def agree(published: Published) -> Compare:
    """Compare what was read with the release, every row and column: zero mismatches."""

    def check(table: str, rows: Iterable[Row], columns: Sequence[str] | None = None) -> None:
        truth, key = published.tables[table], KEYS[table]
        seen: set[Key] = set()
        wrong: list[str] = []
        for row in rows:
            address = tuple(row[part] for part in key)
            assert address in truth, f"{table}: {address} is not in the release"
            assert address not in seen, f"{table}: {address} stands there twice"
            seen.add(address)
            wrong += [
                f"{address} {name}: {truth[address][name]!r} != {row[name]!r}"
                for name in columns or truth[address]
                if differs(truth[address][name], row[name])
            ]
        assert wrong == [], f"{len(wrong)} mismatches, such as {wrong[:5]}"
        assert seen == set(truth), f"{len(set(truth) - seen)} rows of {table} are missing"

    return check


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Find a program; without it a test is skipped, and fails where REQUIRE_TOOLS=1."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if found is None:
            reason = f"no program {name}: install it to have its reading compared"
            if os.environ.get("REQUIRE_TOOLS") == "1":
                pytest.fail(f"{reason} (REQUIRE_TOOLS=1)")
            pytest.skip(reason)
        return found

    return find


@pytest.fixture(scope="session")
def office(program: Callable[[str], str]) -> Callable[[Path, Path], dict[str, Path]]:
    """Let LibreOffice read a workbook and write each sheet as CSV: sheet -> file."""

    def convert(workbook: Path, folder: Path) -> dict[str, Path]:
        soffice = program("soffice")
        # All sheets, every text in quotes, numbers in full and not as shown.
        form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"
        home = folder / "profile"
        command = [soffice, f"-env:UserInstallation={home.as_uri()}", "--headless"]
        command += ["--convert-to", form, "--outdir", str(folder), str(workbook)]
        subprocess.run(command, check=True, capture_output=True, timeout=900)
        start = f"{workbook.stem}-"
        return {path.stem.removeprefix(start): path for path in folder.glob(f"{start}*.csv")}

    return convert
