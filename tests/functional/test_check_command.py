from __future__ import annotations

import json
import subprocess
import sys

import pytest


def run(*arguments):
    command = [sys.executable, "-c", "from social_evidence.cli.main import entrypoint as e; e()"]
    command += ["check", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture
def town(tmp_path):
    (tmp_path / "catalogue.toml").write_text('title = "A town"\n')
    (tmp_path / "areas.toml").write_text('[[areas]]\ncode = "T1"\nname = "T"\nkind = "city"\n')
    return tmp_path


def test_a_sound_catalogue_is_counted(town):
    done = run(town)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "A town: 0 measures, 0 sources, 0 questions, 0 breakdowns, 1 area.\n"
        "0 examples fall right.\n"
    )


def test_faults_are_one_message_with_exit_code_10_and_no_traceback(town):
    (town / "areas.toml").write_text('[[areas]]\ncode = "T1"\nname = "T"\nkid = "city"\n')
    done = run(town)
    assert done.returncode == 10
    assert done.stderr.startswith("error: the definitions have 2 faults:\n")
    assert "areas.toml: areas[1].kid: there is no area field 'kid'. Did you" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_faults_can_be_read_by_a_machine(town):
    (town / "areas.toml").write_text("[[areas\n")
    done = run(town, "--json")
    assert done.returncode == 10
    (fault,) = json.loads(done.stdout)["faults"]
    assert fault["file"] == "areas.toml"
    assert "line 1" in fault["message"]


def test_a_folder_that_is_no_catalogue_says_what_is_missing(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 10
    assert "catalogue.toml" in done.stderr


def test_schemas_are_written_for_editors(tmp_path):
    done = run("--schema", tmp_path / "schemas")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "schemas" / "measure.json").is_file()


def test_a_second_folder_may_name_what_the_first_defines(town, tmp_path_factory):
    more = tmp_path_factory.mktemp("more")
    (more / "catalogue.toml").write_text('title = "More"\n')
    (more / "areas.toml").write_text(
        '[[areas]]\ncode = "N1"\nname = "N"\nkind = "borough"\nparent = "T1"\n'
    )
    assert run(more).returncode == 10, "alone, it names an area nobody defines"
    together = run(town, more)
    assert together.returncode == 0, together.stderr
    assert "2 areas" in together.stdout


def test_the_folder_one_stands_in_is_checked_by_default(town):
    program = "from social_evidence.cli.main import entrypoint as run; run()"
    command = [sys.executable, "-c", program, "check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=town)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_derived_variable_that_answers_for_the_unknown_is_told(town):
    (town / "sources").mkdir()
    (town / "sources" / "survey.toml").write_text(
        """
kind = "microdata"
title = "Survey"
publisher = "Town"
licence = "open"
how_to_get = "ask"
files = [{ path = "a.csv", wave = "2020" }]
areas = { whole = "T1" }
design = { weight = "w", psu = "street" }
derived = { old = { expression = "case when age >= 65 then 1 else 0 end" } }
"""
    )
    done = run(town)
    assert done.returncode == 10
    assert "sources/survey.toml: derived.old.expression: gives an answer although 'age'" in (
        done.stderr
    )
