"""`social-evidence status`: found, missing, what each unlocks and how to get it."""

from __future__ import annotations

import json

import pytest


def _write(folder, **files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def asked(run, town):
    """Ask for the status as JSON; sources by their ids."""

    def status(folder, *more):
        done = run("status", "--catalogue", town, "--sources", folder, "--json", *more)
        told = json.loads(done.stdout)
        return done, told, {source["id"]: source for source in told["sources"]}

    return status


def test_without_files_every_source_is_missing_and_says_how_to_get_it(run, town, tmp_path):
    done = run("status", "--catalogue", town, "--sources", tmp_path / "none")
    assert done.returncode == 0
    assert "of 2 sources 0 found, 0 found in part, 2 missing" in done.stdout
    assert "0 of 2 measures can be built" in done.stdout
    assert f"There is no folder {tmp_path / 'none'}" in done.stdout
    assert "panel: Town panel (SN 1234)" in done.stdout
    assert "how to get it: Apply to the archive." in done.stdout
    assert "page: Town panel, waves 1 to 2, https://archive.example" in done.stdout
    assert "licence: End User Licence" in done.stdout
    assert "open to all: social-evidence fetch register" in done.stdout
    assert "ended: The panel closed in 2021. Its successor is register." in done.stdout


def test_a_source_is_found_in_part_by_the_waves_all_of_whose_files_are_there(asked, tmp_path):
    files = {"panel/a.tab": "Q1\tweight\n", "panel/fixed.csv": "person\n"}
    _, told, sources = asked(_write(tmp_path / "sources", **files))
    assert sources["panel"]["state"] == "partly"
    assert sources["panel"]["waves"] == ["2020"]
    assert sources["panel"]["waves_missing"] == ["2021"]
    assert [file["found"] for file in sources["panel"]["files"]] == [
        "panel/a.tab",
        "",
        "panel/fixed.csv",
    ], "the edition is told by the name it was found under"
    assert told["ready"] == ["trusting"]


def test_a_file_looked_up_in_every_wave_is_needed_by_every_wave(asked, tmp_path):
    files = {"panel/a.dta": "", "panel/b.dta": ""}
    _, told, sources = asked(_write(tmp_path / "sources", **files))
    assert sources["panel"]["waves"] == []
    assert sources["panel"]["state"] == "partly"
    assert told["ready"] == []


def test_what_a_source_unlocks_are_the_measures_that_take_figures_from_it(asked, tmp_path):
    _, told, sources = asked(_write(tmp_path / "sources", **{"register.csv": "Area,Year,Voters\n"}))
    assert sources["register"]["unlocks"] == ["voters"]
    assert sources["register"]["state"] == "found"
    assert told["ready"] == ["voters"]


def test_best_guesses_are_counted_and_asked_on_request(run, town, tmp_path):
    arguments = ("status", "--catalogue", town, "--sources", tmp_path)
    short, long = run(*arguments).stdout, run(*arguments, "--verbose").stdout
    assert "2 names to confirm before the real panel file will load" in short
    assert "Which weight goes with it?" not in short
    assert "? design.weight: Which weight goes with it?" in long
    assert "- panel/b.dta: missing" in long


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("register.csv", "Area,Year,Voters,SYNTHETIC\nT1,2020,5,1\n"),
        ("SYNTHETIC.json", "{}"),
    ],
    ids=["in the file", "beside the file"],
)
def test_files_that_say_they_are_made_up_are_marked(run, asked, town, tmp_path, name, text):
    files = {"register.csv": "Area,Year,Voters\nT1,2020,5\n", name: text}
    folder = _write(tmp_path / "sources", **files)
    _, _, sources = asked(folder)
    assert sources["register"]["synthetic"] is True
    told = run("status", "--catalogue", town, "--sources", folder).stdout
    assert "register: Town register  SYNTHETIC: made up by a program" in told


def test_a_real_file_is_not_marked(asked, tmp_path):
    text = "Area,Year,Voters\nSynthetic quarter,2020,5\n"
    _, _, sources = asked(_write(tmp_path / "sources", **{"register.csv": text}))
    assert sources["register"]["synthetic"] is False


def test_strict_exits_11_while_a_file_lacks_and_0_once_none_does(asked, tmp_path):
    done, _, _ = asked(tmp_path / "none", "--strict")
    assert done.returncode == 11
    names = ("panel/a.dta", "panel/b.dta", "panel/fixed.csv", "register.csv")
    done, told, _ = asked(_write(tmp_path / "all", **dict.fromkeys(names, "")), "--strict")
    assert done.returncode == 0
    assert {source["state"] for source in told["sources"]} == {"found"}


def test_the_cache_and_its_size_are_told(asked, tmp_path):
    _, told, _ = asked(tmp_path)
    assert set(told["cache"]) == {"folder", "size", "tables"}


def test_faulty_definitions_are_refused(run, town, tmp_path):
    (town / "measures" / "voters.toml").write_text('title = "x"')
    done = run("status", "--catalogue", town, "--sources", tmp_path)
    assert done.returncode == 10
    assert "measures/voters.toml" in done.stderr


def test_a_real_file_that_is_there_still_has_its_open_questions(run, town, tmp_path):
    files = dict.fromkeys(("panel/a.dta", "panel/b.dta", "panel/fixed.csv"), "")
    told = run("status", "--catalogue", town, "--sources", _write(tmp_path / "sources", **files))
    assert "2 names of its definition to confirm" in told.stdout


def test_without_a_catalogue_it_is_londons_and_every_source_says_how_to_get_it(run, tmp_path):
    told = json.loads(run("status", "--sources", tmp_path, "--json").stdout)
    assert told["title"] == "Social integration in London"
    sources = {source["id"]: source for source in told["sources"]}
    assert {source["state"] for source in sources.values()} == {"missing"}
    assert all(source["how_to_get"] and source["licence"] for source in sources.values())
    assert sources["ukhls"]["study"] == "SN 6614"
    assert sources["pas"]["to_confirm"]
    assert "friends_similar" in sources["ukhls"]["unlocks"]
    unlocked = {measure for source in sources.values() for measure in source["unlocks"]}
    assert unlocked == set(told["measures"])
