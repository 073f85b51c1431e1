"""Counted tables whose publisher renames columns from one edition to the next."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from small_town import AREAS
from social_evidence.app.build import build
from social_evidence.app.release import load_release
from social_evidence.errors import DataError

CRIME = """
kind = "counts"
title = "Crime"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
combine = "rows"
case = "lower"
trim = true
aliases = { place = ["area name", "borough*"], count = ["offences"] }
rows = { type = ["hate crime"] }
to_confirm = { "quantities.crimes.column" = "Is it Count or Offences?" }
[[files]]
path = "old.csv"
[[files]]
path = "new.csv"
[areas]
columns = ["place"]
sums = ["T"]
[period]
column = "year"
form = "year"
[quantities.crimes]
title = "hate crimes"
column = "count"
"""

PEOPLE = """
kind = "counts"
title = "People"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
combine = "columns"
key = ["place", "year"]
aliases = { place = ["Place"], first = ["Age 0"] }
[[files]]
path = "young.csv"
[[files]]
path = "old_people.csv"
columns = { place = "name" }
[areas]
columns = ["place"]
sums = ["T"]
[period]
column = "year"
form = "year"
[quantities.people]
title = "people"
spans = [["first", "Age 2"], ["Age 3", "Age 4"]]
"""

MEASURE = """
version = 1
title = "Hate crime"
domain = "outcomes"
theme = "Safety"
rationale = "It matters."
direction = "lower_is_better"
unit = "per_1000"
statistic = "rate"
areas = ["city", "borough"]
[[series]]
source = "crime"
numerator_quantity = "crimes"
denominator_quantity = "people"
denominator_source = "people"
"""

FILES = {
    "old.csv": "Year,Area name,Type,Count\n2020,North,Hate Crime,4\n2020,South,hate crime ,6\n"
    "2020,South,Theft,9\n",
    "new.csv": "YEAR,BOROUGH_SNT,TYPE,Offences\n2021,North,HATE CRIME,8\n2021,South,Hate crime,2\n",
    "young.csv": "Place,year,Age 0,Age 1,Age 2\nNorth,2020,100,200,200\nSouth,2020,300,300,400\n"
    "North,2021,100,200,200\nSouth,2021,300,300,400\n",
    "old_people.csv": "name,year,Age 3,Age 4\nSouth,2020,500,500\nNorth,2020,0,0\n"
    "South,2021,500,500\nNorth,2021,0,0\n",
}


def built(folder, **changed):
    catalogue, sources = folder / "catalogue", folder / "sources"
    texts = {
        "catalogue.toml": 'title = "Town"\n',
        "areas.toml": AREAS,
        "sources/crime.toml": CRIME,
        "sources/people.toml": PEOPLE,
        "measures/hate_crime.toml": MEASURE,
    }
    for name, text in texts.items():
        path = catalogue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sources.mkdir()
    for name, text in {**FILES, **changed}.items():
        (sources / name).write_text(text, encoding="utf-8")
    return build([catalogue], [sources], folder / "out", as_of=dt.date(2026, 11, 22))


def test_editions_with_other_names_and_capitals_give_one_series(tmp_path):
    rows = load_release(built(tmp_path)).estimates.to_pylist()
    rates = {(r["period"], r["area"]): r["estimate"] for r in rows if r["status"] == "shown"}
    assert rates == {
        ("2020", "N"): 8.0,
        ("2020", "S"): 3.0,
        ("2020", "T"): 4.0,
        ("2021", "N"): 16.0,
        ("2021", "S"): 1.0,
        ("2021", "T"): 4.0,
    }


def test_a_column_under_no_known_name_says_what_was_tried_and_what_it_costs(tmp_path):
    line = CRIME.splitlines().index('column = "count"') + 1
    lost = "YEAR,BOROUGH_SNT,TYPE,Counted\n2021,North,HATE CRIME,8\n"
    with pytest.raises(DataError) as told:
        built(tmp_path, **{"new.csv": lost})
    for words in (
        "new.csv: column 'count' is not in the file, where it is looked for as 'count', 'offences'",
        "the nearest is 'Counted'",
        "Needed by hate_crime.",
        f"(quantities.crimes.column, in sources/crime.toml, line {line}): Is it Count or Offences?",
    ):
        assert words in str(told.value)
    assert told.value.columns == ("count",)


def test_two_columns_that_fit_a_pattern_are_refused(tmp_path):
    both = "YEAR,BOROUGH_SNT,Borough,TYPE,Offences\n2021,North,North,HATE CRIME,8\n"
    with pytest.raises(DataError, match=r"new\.csv: 2 columns fit 'borough\*'"):
        built(tmp_path, **{"new.csv": both})


@pytest.mark.parametrize("file", ["old.csv", "young.csv"])
def test_a_mark_in_a_file_of_either_side_of_a_rate_marks_it(tmp_path, file):
    lines = FILES[file].splitlines()
    marked = "\n".join([f"{lines[0]},SYNTHETIC", *(f"{line},1" for line in lines[1:])])
    release = built(tmp_path, **{file: marked + "\n"})
    rows = load_release(release).estimates.to_pylist()
    assert all("synthetic" in row["flags"].split(";") for row in rows)
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] is True
