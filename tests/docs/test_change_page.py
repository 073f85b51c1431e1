"""The table of the page on how a number changes says what its code blocks work out and assert."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-a-number-changes.md").read_text("utf-8")
ROW = re.compile(r"^\| (Example City|Northbank) \| (.+) \| (.+) \|$", re.MULTILINE)


def shares(cell: str) -> list[Decimal]:
    return [Decimal(number) / 100 for number in re.findall(r"([\d.]+)%", cell)]


def asserted(what: str) -> list[Decimal]:
    (told,) = re.findall(rf"^assert \({re.escape(what)}\) == \((.+)\)$", PAGE, re.MULTILINE)
    return [Decimal(number) for number in told.split(", ")]


def test_the_table_has_the_shares_that_are_worked_out_again() -> None:
    rows = {name: (shares(before), shares(after)) for name, before, after in ROW.findall(PAGE)}
    city, north = rows["Example City"], rows["Northbank"]
    assert [city[0][0], city[1][0]] == asserted("share(before), share(now)")
    in_north = "share([one for one in before if one in north]), share(north)"
    assert [north[0][0], north[1][0]] == asserted(in_north)
    assert north[1] == asserted('row["estimate"], row["lower"], row["upper"]')


def test_the_move_is_set_against_half_of_the_first_interval() -> None:
    _, before, after = next(found for found in ROW.findall(PAGE) if found[0] == "Northbank")
    (old, low, high), (new, *_) = shares(before), shares(after)
    assert f"moved by {100 * (new - old):.1f} points" in PAGE
    assert f"Half of its first interval is {100 * (high - low) / 2:.1f} points" in PAGE
