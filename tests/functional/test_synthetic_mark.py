"""Made-up figures say so wherever their files go, and never follow real ones in one folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from social_evidence import load_release
from social_evidence.app.build import build
from social_evidence.app.demo_london import demonstrate_london
from social_evidence.app.init import start
from social_evidence.errors import StoreError


@pytest.fixture
def town(tmp_path: Path) -> Path:
    start(tmp_path / "town")
    definition = tmp_path / "town/catalogue/sources/demo_survey.toml"
    text = definition.read_text(encoding="utf-8")
    assert "synthetic = true" in text
    definition.write_text(text.replace("synthetic = true\n", ""), encoding="utf-8")
    return tmp_path / "town"


def as_real(town: Path) -> Path:
    """Take the mark out of the survey, as nobody should: a stand-in for a real one."""
    survey = town / "sources" / "survey.csv"
    lines = survey.read_text(encoding="utf-8").splitlines()
    survey.write_text("\n".join(line.rpartition(",")[0] for line in lines) + "\n", encoding="utf-8")
    return build([town / "catalogue"], [town / "sources"], town)


def test_the_survey_that_init_writes_says_of_itself_that_it_is_made_up(town: Path) -> None:
    elsewhere = town.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(town / "sources" / "survey.csv", elsewhere)
    release = load_release(build([town / "catalogue"], [elsewhere], town.parent / "out"))
    assert release.manifest.synthetic
    assert all("synthetic" in flags for flags in release.estimates["flags"].to_pylist())


def test_the_demo_does_not_follow_a_release_of_real_files(town: Path) -> None:
    release = as_real(town)
    assert not load_release(release).manifest.synthetic
    shutil.rmtree(town / "sources")
    with pytest.raises(StoreError, match="made of real files"):
        demonstrate_london(town, is_small=True)
    assert not (town / "sources").exists()
    assert [path.name for path in (town / "releases").iterdir() if path.is_dir()] == [release.name]


def test_the_demo_leaves_no_trace_in_a_folder_it_refuses(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"mine\.csv"):
        demonstrate_london(tmp_path, is_small=True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["mine.csv", "sources"]


def test_the_demo_says_that_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"is a file.*--dir"):
        demonstrate_london(tmp_path / "file", is_small=True)
