"""A small sound evidence base, and ways to spoil one thing in it."""

from __future__ import annotations

import csv
import importlib.resources
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Prepare = Callable[[Path], None]
Row = dict[str, object]

DISTRICTS = ("Northbank", "Easthill", "Southmoor", "Westferry")
PRIVATE = "private4711"
"""Stands in cells that no message may repeat."""
SERIAL = 88_471_100
"""Serial numbers begin here, so that a message which repeats a row is found out."""


def sound(folder: Path) -> None:
    """Write a catalogue and its two source files: everything in them is in order."""
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as catalogue:
        shutil.copytree(catalogue, folder / "catalogue")
    (folder / "sources").mkdir()
    write(folder / "sources/survey.csv", people())
    write(folder / "sources/register.csv", register())


def people() -> list[Row]:
    """Three sampling points of twelve people in each of four districts."""
    return [
        {
            "serial": SERIAL + number,
            "district": DISTRICTS[number // 36],
            "point": 1 + number // 12 % 3,
            "weight": 1.5 + number % 4,
            "sex": 1 + number % 2,
            "age": 18 + number * 7 % 70,
            "trust": 1 + number * 5 % 7 % 5,
            "satisfaction": number * 3 % 11,
        }
        for number in range(144)
    ]


def register() -> list[Row]:
    """One year of electors and adults by district."""
    return [
        {"year": 2025, "area": name, "electors": 900 + place, "adults": 1000}
        for place, name in enumerate(DISTRICTS)
    ]


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as delimited text."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def survey(change: Mapping[int, Row] | None = None, *, without: Sequence[str] = ()) -> Prepare:
    """Change cells of the survey by row (0 is the first), or leave columns out."""
    return _changed("sources/survey.csv", people, change or {}, without)


def counts(change: Mapping[int, Row] | None = None, *, without: Sequence[str] = ()) -> Prepare:
    """Change cells of the register by row, or leave columns out."""
    return _changed("sources/register.csv", register, change or {}, without)


def _changed(
    name: str, make: Callable[[], list[Row]], change: Mapping[int, Row], without: Sequence[str]
) -> Prepare:
    def prepare(folder: Path) -> None:
        rows = make()
        for place, cells in change.items():
            rows[place] = {**rows[place], **cells}
        write(folder / name, [{k: v for k, v in r.items() if k not in without} for r in rows])

    return prepare


def replaced(name: str, old: str, new: str) -> Prepare:
    """Replace text that a file holds exactly once."""

    def prepare(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return prepare


def appended(name: str, text: str) -> Prepare:
    """Add text to the end of a file."""

    def prepare(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return prepare


def written(name: str, content: bytes) -> Prepare:
    """Write a file, whatever was there."""

    def prepare(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return prepare


def removed(name: str) -> Prepare:
    """Remove a file or a folder."""

    def prepare(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return prepare


def both(*steps: Prepare) -> Prepare:
    """Do one thing after the other."""

    def prepare(folder: Path) -> None:
        for step in steps:
            step(folder)

    return prepare
