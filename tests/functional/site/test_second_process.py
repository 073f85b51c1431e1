"""A second process that writes half of a site gives what one gives, and fails as it does."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from social_evidence.app import site_apart
from social_evidence.app.site import make_site
from social_evidence.app.site_apart import helped
from social_evidence.app.site_given import TreeWork
from social_evidence.errors import StoreError
from social_evidence.site.content import Formats

TODAY = date(2026, 11, 22)


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture
def release(made):
    return made.release.stored.folder


@pytest.mark.parametrize("processors", [1, 2])
def test_any_number_of_processes_write_the_same(made, tmp_path, monkeypatch, processors):
    monkeypatch.setattr(site_apart, "_WORTH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    make_site(made.base, tmp_path / "site", today=TODAY)
    again = tree(tmp_path / "site")
    assert again == tree(made.folder)
    assert any(path.startswith("c/") for path in again)
    assert any(path.startswith("data/") for path in again)


def work_on(release, out):
    return TreeWork(release=release, out=out, today=TODAY, trees=(release.name,), formats=Formats())


def test_a_fault_of_the_other_process_is_raised_here(release, tmp_path):
    copied = shutil.copytree(release.parent, tmp_path / "releases") / release.name
    (copied / "areas.csv").write_bytes(b"changed\n")
    with (
        helped(work_on(copied, tmp_path / "site"), processes=2) as helper,
        pytest.raises(StoreError, match=r"areas\.csv"),
    ):
        len(helper.downloads)


def test_nobody_waits_for_a_process_that_was_killed(release, tmp_path):
    with helped(work_on(release, tmp_path / "site"), processes=2) as helper:
        helper.stop()
        with pytest.raises(RuntimeError, match="ended before its time"):
            list(helper.texts())


def test_a_small_release_is_written_by_one_process(release, tmp_path, monkeypatch):
    monkeypatch.setattr(site_apart, "_WORTH", 2**40)
    with helped(work_on(release, tmp_path / "site")) as helper:
        assert helper is None
