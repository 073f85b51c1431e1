"""Every faulty command is refused with one clear message, the right exit code and no trace left."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from by_path import module_at

MALFORMED = Path(__file__).parent / "malformed"
program, typing = module_at(MALFORMED / "cases_program.py"), module_at(MALFORMED / "typed.py")
town, CASES = program.town, program.CASES
SUBPROCESSES = ("estimate_negative_weight", "toml_syntax", "out_is_a_file", "unknown_option")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A sound evidence base, in a folder of its own."""
    folder = tmp_path / "town"
    folder.mkdir()
    town.sound(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every path below a folder with its bytes; folders have none."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_faulty_command_is_refused_with_one_clear_message(case, base: Path) -> None:
    case.prepare(base)
    with typing.locked(base / case.lock) if case.lock else contextlib.nullcontext():
        before = contents(base)
        told = typing.typed(case.command, base, case.environment)
    assert told.exit_code == case.exit_code, told.errors
    assert told.errors.lower().count("error:") == 1
    assert told.errors.startswith("Usage: " if case.exit_code == program.USAGE else "error: ")
    for word in case.words:
        assert word in told.errors
    for value in (*case.secret, town.PRIVATE, str(town.SERIAL)[:6]):
        assert value not in told.errors
    assert "Traceback" not in told.errors
    assert str(base) not in told.errors
    assert told.output == ""
    assert contents(base) == before


@pytest.mark.parametrize("name", SUBPROCESSES)
def test_a_process_of_its_own_tells_the_same(name: str, base: Path) -> None:
    case = next(case for case in CASES if case.id == name)
    case.prepare(base)
    told = typing.typed(case.command, base)
    done = subprocess.run(
        [Path(sys.executable).with_name("social-evidence"), *shlex.split(case.command)],
        cwd=base,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (case.exit_code, "")
    assert done.stderr == told.errors


def test_the_sound_base_is_sound(base: Path) -> None:
    commands = ("check catalogue", program.BUILD, program.ESTIMATE, "explain evidence {}")
    for command in commands:
        told = typing.typed(command.format("demo_neighbours_trusted"), base)
        assert (told.exit_code, told.errors) == (0, ""), command


def test_without_arguments_the_program_says_what_it_can_do(tmp_path: Path) -> None:
    told = typing.typed("", tmp_path)
    assert told.exit_code == program.USAGE
    assert "Usage: social-evidence" in told.output + told.errors
    assert "build" in told.output + told.errors


def test_missing_weights_declared_in_writing_are_left_out_and_counted(base: Path) -> None:
    town.survey({3: {"weight": ""}, 7: {"weight": ""}})(base)
    town.replaced(
        program.SURVEY_TOML, 'psu = "point"', 'psu = "point"\nmissing_weight = "outside_population"'
    )(base)
    told = typing.typed(program.SURVEY, base)
    assert (told.exit_code, told.errors) == (0, "")
    quality = json.loads((base / "evidence/releases/2026.1.0/quality.json").read_bytes())
    assert [file["outside_population"] for file in quality["files"]] == [2]


def test_a_denominator_of_zero_gives_a_row_without_a_number(base: Path) -> None:
    town.counts({1: {"adults": 0}})(base)
    told = typing.typed(f"{program.REGISTER} --json", base)
    assert (told.exit_code, told.errors) == (0, "")
    assert json.loads(told.output)["rows"] == {"not_available": 1, "shown": 4}


def test_a_refused_build_leaves_the_last_release_as_it_was(base: Path) -> None:
    assert typing.typed(program.SURVEY, base).exit_code == 0
    town.survey({3: {"weight": -1}})(base)
    before = contents(base)
    assert typing.typed(program.SURVEY, base).exit_code == program.DESIGN
    assert contents(base) == before


def test_a_bug_is_not_taken_for_a_refusal(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("social_evidence.cli.check.check_catalogue", lambda _paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        typing.typed("check catalogue", base)


def test_the_cases_have_names_of_their_own() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 100
    assert len({case.what for case in CASES}) == len(CASES)
    assert {case.exit_code for case in CASES} == {2, 10, 11, 12, 14}
