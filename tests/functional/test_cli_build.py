"""`social-evidence build` as a user types it: exit codes, summary, JSON."""

from __future__ import annotations

import importlib.resources
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from social_evidence.cli.main import entrypoint
from social_evidence.synthetic import city


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch, capsys):
    """The program as typed, in this process: a second one would only load the same modules."""

    def typed(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["social-evidence", "build", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            entrypoint()
        written = capsys.readouterr()
        return Done(int(left.value.code or 0), written.out, written.err)

    return typed


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    city.write_sources(folder / "sources")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as catalogue:
        yield catalogue, folder


def test_a_build_says_what_it_made_where_it_is_and_what_to_type_next(run, base):
    catalogue, folder = base
    done = run(
        "--catalogue", catalogue, "--sources", folder / "sources",
        "--out", folder / "out", "--as-of", "2026-11-22",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Release 2026.1.0" in done.stdout
    assert "shown" in done.stdout
    assert "social-evidence explain" in done.stdout
    assert done.stderr == ""


def test_json_and_one_measure_from_repeated_folders(run, base):
    catalogue, folder = base
    done = run(
        "--catalogue", catalogue, "--sources", folder, "--sources", folder / "sources",
        "--out", folder / "json", "--measure", "demo_electors_per_adult", "--json",
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert Path(answer["release"]).is_dir()
    assert answer["rows"] == {"shown": 10}


def test_a_build_that_changes_nothing_says_so(run, base):
    catalogue, folder = base
    same = (
        "--catalogue", catalogue, "--sources", folder / "sources", "--out", folder / "same",
        "--as-of", "2026-11-22",
    )  # fmt: skip
    first, second = run(*same), run(*same)
    assert "Nothing has changed" not in first.stdout
    assert "Nothing has changed since release 2026.1.0" in second.stdout
    assert json.loads(run(*same, "--json").stdout)["new"] is False


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--as-of", "yesterday"], 2, "not a date"),
        (["--measure", "demo_electors"], 10, "demo_electors_per_adult"),
        (["--version", "new"], 2, "new"),
    ],
)
def test_a_refusal_has_its_exit_code_one_message_and_leaves_nothing(
    run, base, arguments, code, said
):
    catalogue, folder = base
    out = folder / f"refused-{code}"
    done = run(
        "--catalogue", catalogue, "--sources", folder / "sources", "--out", out, *arguments
    )  # fmt: skip
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(out.rglob("manifest.json"))


def test_a_missing_file_exits_11_and_says_how_to_get_it(run, base, tmp_path):
    catalogue, _ = base
    done = run("--catalogue", catalogue, "--sources", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 11
    assert "survey.csv" in done.stderr
    assert "social-evidence demo" in done.stderr
