"""The worked example of the page on comparisons, from the demonstration built anew."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from social_evidence.app.demo import demonstrate
from social_evidence.model.comparison import KINDS, Comparison
from social_evidence.wording.verdicts import verdict_sentence

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-we-compare.md").read_text(encoding="utf-8")
LABELS = {"18 to 34": "age_18_34", "35 to 64": "age_35_64", "65 and over": "age_65_over"}
FAMILY = "demo_neighbours_trusted|all|demo_survey|group|2025|age_band|X1"


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Comparison]:
    made = demonstrate(tmp_path_factory.mktemp("compare"), as_of=dt.date(2026, 11, 22))
    table = pq.read_table(made.release / "comparisons.parquet").to_pylist()
    return {row["group_to"]: Comparison(**row) for row in table if row["family"] == FAMILY}


def test_the_table_of_the_page_is_the_demonstrations(rows: dict[str, Comparison]) -> None:
    assert set(rows) == set(LABELS.values())
    for label, group in LABELS.items():
        (line,) = re.findall(rf"^\| {label} \| (.+) \|$", PAGE, re.MULTILINE)
        *numbers, verdict = line.split(" | ")
        row = rows[group]
        told = (row.difference, row.lower, row.upper, row.p_value, row.p_adjusted)
        assert [float(number) for number in numbers] == list(told)
        assert verdict == row.verdict


def test_the_sums_of_the_page_give_its_adjusted_p(rows: dict[str, Comparison]) -> None:
    sums = re.findall(r"(0\.\d+) × (\d) / (\d) is (0\.\d+)", PAGE)
    assert len(sums) == 2
    known = {row.p_value: row.p_adjusted for row in rows.values()}
    for p, count, rank, adjusted in sums:
        assert known[float(p)] == float(adjusted)
        assert float(p) * int(count) / int(rank) == pytest.approx(float(adjusted), rel=2e-3)


def test_the_sentences_of_the_page_are_those_of_the_rows(rows: dict[str, Comparison]) -> None:
    for label in ("35 to 64", "65 and over"):
        told = verdict_sentence(rows[LABELS[label]], "share", side=label, other="everybody")
        assert f"> {told}\n" in PAGE


def test_the_page_names_every_kind() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [
        *("gap", "group", "area", "comparator", "change", "pair", "wave")
    ]
    assert set(KINDS) == set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
