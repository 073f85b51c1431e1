"""The demonstration: sources, a release, a figure explained; all labelled synthetic."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from social_evidence import load_release
from social_evidence.app.demo import demonstrate
from social_evidence.synthetic import city


def program(*arguments: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from social_evidence.cli.main import entrypoint; entrypoint()",
    ]
    return subprocess.run(
        [*command, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    done = program("demo", "--no-serve", "--dir", folder)
    assert done.returncode == 0, done.stderr
    assert "SYNTHETIC" in done.stdout
    (folder / "printed.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def test_the_demo_leaves_sources_and_a_release(demo: Path) -> None:
    assert sorted(p.name for p in (demo / "sources").iterdir()) == ["register.csv", "survey.csv"]
    (release,) = [p for p in (demo / "releases").iterdir() if p.is_dir()]
    assert (release / "manifest.json").is_file()
    assert (release / "estimates.parquet").is_file()


def test_the_demo_prints_a_figure_with_its_interval_and_its_explanation(demo: Path) -> None:
    printed = (demo / "printed.txt").read_text(encoding="utf-8")
    row = load_release(demo).explain("demo_neighbours_trusted").row
    assert row.estimate is not None
    assert f"{row.estimate * 100:.1f}%" in printed
    assert "with 95% confidence between" in printed
    for words in ("Where it comes from", "survey.csv", "sha-256", "What was asked", "Base here"):
        assert words in printed


def test_every_row_of_the_demo_is_flagged_synthetic(demo: Path) -> None:
    release = load_release(demo)
    assert release.manifest.synthetic
    assert release.estimates.num_rows > 100
    assert all("synthetic" in flags for flags in release.estimates["flags"].to_pylist())


def test_the_same_seed_makes_the_same_city(tmp_path: Path) -> None:
    one, two = city.write_sources(tmp_path / "a"), city.write_sources(tmp_path / "b")
    other = city.write_sources(tmp_path / "c", seed=1)
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    assert one[0].read_bytes() != other[0].read_bytes()


def test_building_the_demo_again_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    created = load_release(demo).manifest.created
    again = program("demo", "--dir", tmp_path)
    assert again.returncode == 0, again.stderr
    one, two = load_release(demo), load_release(tmp_path)
    if two.manifest.created == created:  # a run over midnight is another day's release
        assert one.manifest == two.manifest


def test_demonstrating_from_python_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    made = demonstrate(tmp_path, progress=lambda *step: told.append(step))
    assert made.release.is_dir()
    assert told
    assert all(done <= total for _, done, total in told)


def test_explain_finds_a_figure_by_area_name_group_and_period(demo: Path) -> None:
    done = program(
        "explain", demo, "demo_neighbours_trusted", "--area", "Northbank", "--group", "female"
    )
    assert done.returncode == 0, done.stderr
    assert "Northbank" in done.stdout
    assert "female" in done.stdout


def test_explain_speaks_json(demo: Path) -> None:
    done = program("explain", demo, "demo_electors_per_adult", "--area", "X1-W", "--json")
    told = json.loads(done.stdout)
    assert told["row"]["numerator"] == 40_372
    assert told["row"]["denominator"] == 39_580
    assert told["row"]["interval_method"] == "none"
    assert "over_100" in told["row"]["flags"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("demo_neighbours_trustd",), "Did you mean 'demo_neighbours_trusted'"),
        (("neighbours",), "Did you mean 'demo_neighbours_trusted'"),
        (("demo_neighbours_trusted", "--area", "Nortbank"), "Did you mean 'Northbank'"),
        (("demo_neighbours_trusted", "--group", "femal"), "Did you mean 'female'"),
        (("demo_neighbours_trusted", "--period", "1999"), "2025"),
    ],
)
def test_explain_suggests_the_nearest(demo: Path, arguments: tuple[str, ...], words: str) -> None:
    done = program("explain", demo, *arguments)
    assert done.returncode == 10
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_release_changed_by_hand_is_not_explained(tmp_path: Path) -> None:
    made = demonstrate(tmp_path)
    (made.release / "provenance.json").write_text("[]\n", encoding="utf-8")
    done = program("explain", tmp_path, "demo_neighbours_trusted")
    assert done.returncode == 14
    assert "provenance.json differs" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_starts_a_base_that_builds_at_once(tmp_path: Path) -> None:
    started = program("init", tmp_path / "my-city")
    assert started.returncode == 0, started.stderr
    command = next(line for line in started.stdout.splitlines() if " build " in line)
    built = program(*command.split()[1:])
    assert built.returncode == 0, built.stderr
    release = load_release(tmp_path / "my-city" / "trial")
    assert set(release.estimates["measure"].to_pylist()) == {"demo_neighbours_trusted"}


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = program("init", tmp_path)
    assert done.returncode == 14
    assert "not empty" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_command_is_a_usage_fault() -> None:
    done = program("bulid")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_program_says_which_it_is() -> None:
    done = program("--version")
    assert (done.returncode, done.stdout) == (0, f"social-evidence {version('social-evidence')}\n")
