"""Anything missing stops a build with what it costs; on request the rest is built without it."""

from __future__ import annotations

import json
import sys

import pytest

from social_evidence.cli.main import entrypoint
from social_evidence.errors import DataError

FILES = {
    "survey_2017.csv": {"belonging", "satisfaction"},
    "survey_2018.csv": {"belonging", "satisfaction"},
    "survey_2019.csv": {"belonging", "satisfaction"},
    "survey_2020.csv": {"belonging", "satisfaction"},
    "register_2018.csv": {"event_rate"},
    "register_2019.csv": {"event_rate"},
    "register_2020.csv": {"event_rate"},
    "population.csv": {"event_rate"},
}
KEY = ("measure", "period", "area", "breakdown", "group", "statistic")
MEASURES = {"belonging", "satisfaction", "event_rate"}


def keyed(rows):
    return {tuple(row[name] for name in KEY): row for row in rows}


def lost_of(release):
    text = (release.stored.folder / "quality.json").read_text(encoding="utf-8")
    return json.loads(text)["lost"]


def rename(path, column, name):
    text = path.read_text(encoding="utf-8")
    header, rest = text.split("\n", 1)
    cells = [name if cell == column else cell for cell in header.strip().split(",")]
    path.write_text(",".join(cells) + "\n" + rest, encoding="utf-8")


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_with_the_measures_it_costs(town, file):
    made = town()
    (made.sources / file).unlink()

    with pytest.raises(DataError) as fault:
        made.build()
    told = str(fault.value)
    assert file in told
    assert "Ask the" in told
    assert {measure for measure in MEASURES if measure in told} == FILES[file]


def test_all_missing_files_are_named_at_once(town):
    made = town()
    for file in FILES:
        (made.sources / file).unlink()

    with pytest.raises(DataError) as fault:
        made.build()
    assert all(file in str(fault.value) for file in FILES)


@pytest.mark.parametrize("file", FILES)
def test_the_rest_is_built_and_what_is_lost_is_not_available(town, file):
    made = town()
    whole = keyed(made.rows())
    (made.sources / file).unlink()
    release = made.release(allow_missing=True)
    rows = keyed(release.estimates.to_pylist())

    wave = "" if file == "population.csv" else file[-8:-4]
    for key, row in whole.items():
        is_lost = row["measure"] in FILES[file] and wave in {"", row["period"]}
        if key not in rows:
            assert is_lost
            assert row["group"].startswith("unknown") or row["statistic"] == "difference"
        elif is_lost:
            assert (rows[key]["status"], rows[key]["estimate"]) == ("not_available", None)
        else:
            assert rows[key]["estimate"] == row["estimate"]
            assert rows[key]["status"] == row["status"]
    (lost,) = lost_of(release)
    assert (lost["file"], set(lost["measures"])) == (file, FILES[file])


def test_a_survey_without_any_file_keeps_the_city_it_would_have_given(town):
    made = town()
    for wave in made.waves:
        (made.sources / f"survey_{wave}.csv").unlink()
    rows = made.rows(allow_missing=True, measures=["belonging"])

    assert {row["status"] for row in rows} == {"not_available"}
    assert {row["area"] for row in rows} == {"T"}
    assert {row["period"] for row in rows} == set(made.waves)


COLUMNS = {
    "belong": ({"belonging"}, set()),
    "score": ({"satisfaction"}, set()),
    "sex": (set(), {"sex"}),
    "age": (set(), {"age"}),
    "w": ({"belonging", "satisfaction"}, set()),
    "place": ({"belonging", "satisfaction"}, set()),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_costs_what_needs_it_in_that_wave_only(town, column):
    made = town()
    whole = keyed(made.rows(measures=["belonging", "satisfaction"]))
    rename(made.sources / "survey_2019.csv", column, "renamed")
    with pytest.raises(DataError, match=column):
        made.build(measures=["belonging", "satisfaction"])
    release = made.release(allow_missing=True, measures=["belonging", "satisfaction"])
    rows = keyed(release.estimates.to_pylist())

    measures, breakdowns = COLUMNS[column]
    for key, row in rows.items():
        is_lost = row["period"] == "2019" and (
            row["measure"] in measures or breakdowns & set(row["breakdown"].split("*"))
        )
        if is_lost:
            assert (row["status"], row["estimate"]) == ("not_available", None)
        else:
            assert row["estimate"] == whole[key]["estimate"]
    (lost,) = lost_of(release)
    assert lost["columns"] == [column]
    assert (set(lost["measures"]), set(lost["breakdowns"])) == (measures, breakdowns)


def test_a_missing_column_of_a_counted_file_costs_its_wave(town):
    made = town()
    whole = keyed(made.rows(measures=["event_rate"]))
    rename(made.sources / "register_2019.csv", "events", "incidents")
    with pytest.raises(DataError, match="events"):
        made.build(measures=["event_rate"])
    rows = keyed(made.rows(allow_missing=True, measures=["event_rate"]))

    assert {key for key, row in rows.items() if row["status"] == "not_available"} == {
        key for key in whole if key[1] == "2019"
    }


def test_a_pool_that_lacks_a_wave_is_not_available(town):
    made = town(more='[pool]\nwaves = 2\nareas = ["borough"]\n')
    (made.sources / "survey_2018.csv").unlink()
    rows = made.rows(allow_missing=True, measures=["belonging"])

    borough = {(row["period"], row["status"]) for row in rows if row["area"] == "N"}
    assert {period for period, status in borough if status == "not_available"} == {"p2017-2018"}
    assert ("p2019-2020", "shown") in borough


def test_a_breakdown_one_wave_cannot_tell_is_lost_to_its_pool(town):
    made = town(more='[pool]\nwaves = 2\nareas = ["borough"]\n')
    rename(made.sources / "survey_2019.csv", "sex", "gender")
    rows = made.rows(allow_missing=True, measures=["satisfaction"])
    pool = [row for row in rows if row["period"] == "p2019-2020"]

    assert {row["status"] for row in pool if row["breakdown"] == "sex"} == {"not_available"}
    assert {row["status"] for row in pool if row["breakdown"] == "all"} == {"shown"}


def test_a_build_that_may_miss_things_and_misses_none_is_the_usual_one(town):
    made = town()
    usual, lenient = made.release(), made.release(allow_missing=True)

    assert lenient.manifest.version == usual.manifest.version


def test_a_missing_column_of_the_only_file_of_a_quantity_costs_the_measure(town):
    made = town()
    rename(made.sources / "population.csv", "people", "residents")
    release = made.release(allow_missing=True, measures=["event_rate"])

    rows = release.estimates.to_pylist()
    assert {row["period"] for row in rows} == {"2018", "2019", "2020"}
    assert {row["status"] for row in rows} == {"not_available"}
    (lost,) = lost_of(release)
    assert lost["columns"] == ["people"]
    assert lost["measures"] == ["event_rate"]


def test_a_missing_key_costs_what_would_be_found_by_it(town):
    made = town()
    survey = made.catalogue / "sources" / "survey.toml"
    text = survey.read_text(encoding="utf-8")
    homes = '[[files]]\npath = "homes.csv"\nwave = "*"\njoin = ["person"]\n'
    survey.write_text(text.replace("[design]", homes + "[design]", 1), encoding="utf-8")
    numbers = {10 * place for place in range(360)}
    lines = "\n".join(f"{number},{1 + number // 10 % 2}" for number in sorted(numbers))
    (made.sources / "homes.csv").write_text(f"person,sex\n{lines}\n", encoding="utf-8")
    for wave in made.waves:
        rename(made.sources / f"survey_{wave}.csv", "sex", "sex_as_told")
    whole = keyed(made.rows(measures=["satisfaction"]))
    assert {row["status"] for row in whole.values()} == {"shown"}
    rename(made.sources / "homes.csv", "person", "nobody")

    with pytest.raises(DataError, match=r"'person' is not in the file.*'sex'.*satisfaction"):
        made.build(measures=["satisfaction"])
    rows = keyed(made.rows(allow_missing=True, measures=["satisfaction"]))
    told = {(row["breakdown"], row["status"]) for row in rows.values()}
    assert told == {("all", "shown"), ("sex", "not_available")}


@pytest.mark.parametrize("as_json", [False, True])
def test_the_program_says_what_it_went_without(town, monkeypatch, capsys, as_json):
    made = town()
    (made.sources / "population.csv").unlink()
    words = f"build --catalogue {made.catalogue} --sources {made.sources} --out {made.folder}/out"
    more = ["--allow-missing", "--measure", "event_rate", *(["--json"] if as_json else [])]
    monkeypatch.setattr(sys, "argv", ["social-evidence", *words.split(), *more])
    with pytest.raises(SystemExit):
        entrypoint()
    told = capsys.readouterr().out
    if as_json:
        assert [one["file"] for one in json.loads(told)["lost"]] == ["population.csv"]
    else:
        assert "Without population.csv: costs event_rate" in told
