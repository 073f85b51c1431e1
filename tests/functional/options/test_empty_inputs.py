"""Files that can be read and yet say nothing stop a build, instead of emptying its figures."""

from __future__ import annotations

import pytest

from social_evidence.errors import DataError


def rewrite(path, column, make):
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index(column)
    changed = [lines[0]]
    for number, line in enumerate(lines[1:]):
        cells = line.split(",")
        cells[at] = make(number)
        changed.append(",".join(cells))
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


@pytest.mark.parametrize("weight", ["0", ""])
def test_a_wave_in_which_nobody_has_a_weight_is_refused(town, weight):
    made = town()
    rewrite(made.sources / "survey_2019.csv", "w", lambda _: weight)
    with pytest.raises(DataError, match=r"survey_2019\.csv.*'w'"):
        made.build(measures=["belonging"])


def test_a_file_in_which_nobody_is_found_is_refused(town):
    made = town()
    survey = made.catalogue / "sources" / "survey.toml"
    text = survey.read_text(encoding="utf-8").replace('"sex"\ngroups', '"sex_known"\ngroups')
    homes = '[[files]]\npath = "homes.csv"\nwave = "*"\njoin = ["person"]\n'
    survey.write_text(text.replace("[design]", homes + "[design]", 1), encoding="utf-8")
    (made.sources / "homes.csv").write_text("person,sex_known\n999999,1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"homes\.csv: none of the 120 rows"):
        made.build(measures=["belonging"])


@pytest.mark.parametrize("numbers", [["40"], ["40", "40", "40", "60"]])
def test_parts_in_which_nobody_would_be_are_refused(town, numbers):
    made = town()
    survey = made.catalogue / "sources" / "survey.toml"
    text = survey.read_text(encoding="utf-8")
    parts = "bands = { young = [16, 39], old = [40, 99] }"
    assert parts in text
    survey.write_text(text.replace(parts, 'equal_parts = ["young", "old"]'), encoding="utf-8")
    path = made.sources / "survey_2019.csv"
    rewrite(path, "age", lambda number: numbers[number % len(numbers)])
    if len(numbers) > 1:  # uneven, and yet each part has somebody in it
        made.build(measures=["belonging"])
        return
    with pytest.raises(DataError, match="a part would have nobody in it"):
        made.build(measures=["belonging"])
