"""The returns commands, as somebody would use them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from social_evidence.cli.main import program
from social_evidence.errors import DataError
from social_evidence.store.office.office import open_office

CAMPAIGNS = "citizenship_and_integration_initiative"


@pytest.fixture
def run():
    app = program(["returns"])

    def run_command(*arguments: object) -> str:
        done = CliRunner().invoke(app, ["returns", *map(str, arguments)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return run_command


def _template(run, base: Path, suffix: str = ".xlsx") -> Path:
    form = base / f"form{suffix}"
    options = ("--period", "2026Q1", "--organisation", "GB-CHC-1", "--name", "A charity")
    run("template", CAMPAIGNS, *options, "--due", "2026-04-30", "--out", form, "--office", base)
    return form


def _fill(form: Path, number: object) -> Path:
    book = openpyxl.load_workbook(form)
    book["Return"]["E2"] = number
    book.save(form)
    return form


def test_a_return_asked_for_is_missing_until_it_comes(run, tmp_path):
    form = _template(run, tmp_path)
    told = json.loads(run("status", "--office", tmp_path, "--json"))
    assert told["counts"] == {
        "expected": 1,
        "received": 0,
        "missing": 1,
        "draft": 0,
        "submitted": 0,
        "queried": 0,
        "verified": 0,
    }
    assert told["returns"][0]["status"] == "missing"
    run("read", _fill(form, 9), "--office", tmp_path)
    told = json.loads(run("status", "--office", tmp_path, "--json"))
    assert (told["counts"]["received"], told["counts"]["missing"]) == (1, 0)
    assert told["returns"][0]["status"] == "submitted"


def test_missing_is_no_return_of_nought(run, tmp_path):
    _template(run, tmp_path)
    with open_office(tmp_path) as office:
        assert office.returns() == ()


def test_good_is_kept_and_what_is_refused_is_told_with_exit_code_11(run, tmp_path):
    form = _fill(_template(run, tmp_path), 9)
    book = openpyxl.load_workbook(form)
    book["Return"]["E3"] = "some"
    book.save(form)
    with pytest.raises(DataError, match=r"row 3, E \(Number\)") as caught:
        run("read", form, "--office", tmp_path, "--json")
    assert caught.value.exit_code == 11
    with open_office(tmp_path) as office:
        assert [found.value for found in office.returns()] == [9]


def test_looking_only_keeps_nothing(run, tmp_path):
    form = _fill(_template(run, tmp_path), 9)
    assert "1 returns could be taken in" in run("read", form, "--office", tmp_path, "--check")
    with open_office(tmp_path) as office:
        assert office.returns() == ()


def test_a_return_is_queried_corrected_and_verified(run, tmp_path):
    form = _template(run, tmp_path)
    run("read", _fill(form, 90), "--office", tmp_path)
    with open_office(tmp_path) as office:
        (first,) = office.returns()
    run("query", first.id, "--reason", "Ninety?", "--office", tmp_path, "--role", "head")
    assert "Ninety?" in run("status", "--office", tmp_path)
    run("read", _fill(form, 9), "--office", tmp_path)
    with open_office(tmp_path) as office:
        (second,) = office.returns()
        assert [move.status for move in office.moves(first.id)] == [
            *("submitted", "queried", "revised"),
        ]
    run("verify", second.id, "--office", tmp_path)
    assert "verified" in run("status", "--office", tmp_path, "--initiative", CAMPAIGNS)


def test_a_draft_is_handed_in(run, tmp_path):
    run("read", _fill(_template(run, tmp_path), 9), "--office", tmp_path, "--draft")
    with open_office(tmp_path) as office:
        (found,) = office.returns()
    assert found.status == "draft"
    run("submit", found.id, "--office", tmp_path)
    with open_office(tmp_path) as office:
        assert [step.status for step in office.moves(found.id)] == ["draft", "submitted"]


def test_a_form_may_be_an_ods(run, tmp_path):
    assert _template(run, tmp_path, ".ods").read_bytes().startswith(b"PK")


def test_answers_come_in_with_a_key_and_never_without(run, tmp_path):
    run("key", tmp_path / "k")
    answers = tmp_path / "a.csv"
    answers.write_text("person,friends_similar_age\np1,all\n", encoding="utf-8")
    options = [
        *("survey", answers, "--initiative", "london_family_fund", "--wave", "before"),
        *("--period", "2026", "--keep-until", "2030-01-01", "--lawful-basis", "public task"),
        *("--office", tmp_path, "--as-of", "2026-11-22", "--json"),
    ]
    with pytest.raises(DataError, match="no key"):
        run(*options)
    told = json.loads(run(*options, "--key", tmp_path / "k"))
    assert (told["new"], told["refused"]) == (1, 0)


def test_a_register_comes_in(run, tmp_path):
    file = tmp_path / "o.csv"
    file.write_text("id,name,kind\nGB-COH-1,An employer,employer\n", encoding="utf-8")
    run("register", file, "--kind", "organisations", "--office", tmp_path)
    with open_office(tmp_path) as office:
        assert [found.name for found in office.organisations()] == ["An employer"]


def test_every_command_has_an_example(run):
    names = ("template", "read", "survey", "register", "status", "submit", "verify", "query", "key")
    for name in names:
        assert "Example:" in run(name, "--help")
