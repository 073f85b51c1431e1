"""A site that cannot be finished: the one that stood before is whole, and nothing is left lying."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.site import make_site
from social_evidence.errors import StoreError
from social_evidence.store import atomic
from social_evidence.synthetic import city

TODAY = date(2027, 1, 2)
_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from social_evidence.app.site import make_site

moves, plain = [], {how}

def counted(self, *given, **named):
    moves.append(self)
    if len(moves) == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(self, *given, **named)

{how} = counted
make_site(Path(sys.argv[1]), Path(sys.argv[2]), today=date(2027, 1, 2))
"""
_SMALL_FILES_ONLY = """
import resource, signal, sys
from social_evidence.cli.main import entrypoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.argv = ["social-evidence", *sys.argv[1:]]
entrypoint()
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evidence base of two releases; its site shows the first, as `site` left it."""
    base = tmp_path_factory.mktemp("interrupted")
    (packaged,) = catalogue_folders([Path("demo")])
    catalogue = Path(shutil.copytree(packaged, base / "catalogue"))
    city.write_sources(base / "sources")
    first = build([catalogue], [base / "sources"], base, as_of=date(2026, 1, 2))
    approve(base, first.name, by="test", as_of=date(2026, 1, 2))
    make_site(base, base / "site", today=date(2026, 1, 2))
    (catalogue / "measures" / "demo_life_satisfaction.toml").unlink()
    second = build([catalogue], [base / "sources"], base, as_of=TODAY)
    approve(base, second.name, by="test", as_of=TODAY)
    return base


@pytest.fixture
def site(base: Path, tmp_path: Path) -> Path:
    """The site of the first release."""
    return Path(shutil.copytree(base / "site", tmp_path / "site"))


def told(folder: Path) -> Mapping[str, bytes]:
    """Every file of a site's root and of its trees, without the lock.

    Of its own list without the digest of the program, whose files may change beside a test.
    """
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }
    if "site.json" in found:
        listed = json.loads(found["site.json"])
        found["site.json"] = json.dumps({**listed, "inputs": ""}).encode()
    return found


def is_as_before(folder: Path, before: Mapping[str, bytes]) -> bool:
    """Whether every file that stood there stands there still, byte for byte."""
    now = told(folder)
    return all(now.get(path) == content for path, content in before.items())


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*") if path.name != ".lock"]


@pytest.fixture(scope="module")
def whole(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """What the site of both releases holds where nothing went wrong."""
    folder = tmp_path_factory.mktemp("whole") / "site"
    shutil.copytree(base / "site", folder)
    make_site(base, folder, today=TODAY)
    return told(folder)


def full(folder: Path, room: int) -> Callable[..., int]:
    """Writing of files that ends with a full disk after so many of them."""
    plain = Path.write_bytes

    def write(self: Path, content: bytes) -> int:
        nonlocal room
        if folder in self.parents:
            room -= 1
            if room < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return plain(self, content)

    return write


@pytest.mark.parametrize("room", [0, 40, 130, 215])
def test_a_full_disk_leaves_the_site_that_was(
    base: Path, site: Path, whole, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    before = told(site)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full(site, room))
        with pytest.raises(StoreError, match="No space left on device"):
            make_site(base, site, today=TODAY)
    assert is_as_before(site, before)
    assert leftovers(site) == []
    make_site(base, site, today=TODAY)
    assert told(site) == whole


@pytest.mark.parametrize(
    ("how", "at", "is_old"),
    [("Path.write_bytes", 60, True), ("Path.write_bytes", 200, True), ("Path.replace", 30, False)],
)
def test_a_killed_run_is_mended_by_the_next(
    base: Path, site: Path, whole, how: str, at: int, is_old: bool
) -> None:
    before = told(site)
    script = _KILLED.format(how=how, at=at)
    done = subprocess.run([sys.executable, "-c", script, str(base), str(site)], check=False)
    assert done.returncode == -signal.SIGKILL
    if is_old:
        assert is_as_before(site, before)
    assert leftovers(site) != []
    make_site(base, site, today=TODAY)
    assert leftovers(site) == []
    assert told(site) == whole


def test_a_disk_that_takes_no_large_file_is_told_in_one_message(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-c", _SMALL_FILES_ONLY, "site", str(base), "--out", str(out)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == StoreError.exit_code
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("error: Cannot write ")
    assert "File too large" in line
    assert not (out / "index.html").exists()
    assert leftovers(out) == []


def test_two_runs_at_once_never_write_one_site(base: Path, site: Path) -> None:
    before = told(site)
    with atomic.locked(site), pytest.raises(StoreError, match="Another build is writing"):
        make_site(base, site, today=TODAY)
    assert told(site) == before


@pytest.mark.parametrize("place", ["", "releases", "releases/{version}", "releases/new"])
def test_a_site_never_takes_the_place_of_evidence(base: Path, place: str) -> None:
    version = max(path.name for path in (base / "releases").iterdir() if path.is_dir())
    out = base / place.format(version=version)
    there = sorted(path.name for path in out.iterdir()) if out.is_dir() else None
    with pytest.raises(StoreError, match="Choose another --out"):
        make_site(base, out, today=TODAY)
    assert there == (sorted(path.name for path in out.iterdir()) if out.is_dir() else None)


def test_somebody_elses_pages_are_not_overwritten(base: Path, tmp_path: Path) -> None:
    own = tmp_path / "index.html"
    own.write_text("my own page", encoding="utf-8")
    for is_draft in (False, True):
        with pytest.raises(StoreError, match=r"index\.html.*Choose another --out"):
            make_site(base, tmp_path, today=TODAY, draft=is_draft)
    assert own.read_text(encoding="utf-8") == "my own page"
    assert [path.name for path in tmp_path.iterdir() if path.name != ".lock"] == ["index.html"]


def test_a_folder_with_what_hosts_need_takes_a_site(base: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "CNAME").write_text("evidence.example", encoding="utf-8")
    make_site(base, tmp_path, today=TODAY)
    assert (tmp_path / "index.html").is_file()
    assert (tmp_path / "CNAME").read_text(encoding="utf-8") == "evidence.example"


def test_only_files_that_differ_are_written_when_all_is_made_anew(base: Path, site: Path) -> None:
    make_site(base, site, today=TODAY)
    stamps = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    listed = json.loads((site / "site.json").read_text(encoding="utf-8"))
    (site / "site.json").write_text(json.dumps({**listed, "inputs": "other"}), encoding="utf-8")
    page = site / "glossary" / "index.html"
    page.write_text("changed by hand", encoding="utf-8")
    made = make_site(base, site, today=TODAY)
    assert (made.written, made.built) == (1, ())
    assert "changed by hand" not in page.read_text(encoding="utf-8")
    moved = {
        path.relative_to(site).as_posix()
        for path, stamp in stamps.items()
        if path.stat().st_mtime_ns != stamp
    }
    assert moved <= {"site.json", "glossary/index.html", ".lock"}
