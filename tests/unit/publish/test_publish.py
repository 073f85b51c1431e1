"""A publication stands whole or not at all, says what it is, and is the same every time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from social_evidence.app import decide
from social_evidence.app.publish import Publication, publish
from social_evidence.errors import DefinitionError, DisclosureError
from social_evidence.publish import registry

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def made(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return publish(town, tmp_path_factory.mktemp("out"), today=TODAY, draft=True)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_draft_is_refused_and_a_preview_is_marked(town: Path, tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="is a draft"):
        publish(town, tmp_path, today=TODAY)
    assert list(tmp_path.iterdir()) == []
    made = publish(town, tmp_path, today=TODAY, draft=True, only=("csv",))
    assert made.folder.name == "2026.1.0-draft"
    assert made.marks == ("synthetic", "draft")


def test_every_format_is_written(made: Publication) -> None:
    assert set(made.seconds) == {one.id for one in registry.FORMATS} | {"zip"}
    assert {file.path for file in made.files} == set(digests(made.folder))


def test_the_digests_are_those_of_the_files(made: Publication) -> None:
    stated = dict(
        reversed(line.split("  ", 1))
        for line in (made.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    found = digests(made.folder)
    unlisted = {name for name in found if ".zip" in name} | {"SHA256SUMS"}
    assert stated == {name: value for name, value in found.items() if name not in unlisted}
    assert {file.path: file.sha256 for file in made.files} == found


def test_the_zip_holds_every_file_with_a_fixed_date(made: Publication) -> None:
    (path,) = made.folder.glob("*.zip")
    assert path.name == "a-made-up-town-2026.1.0-draft.zip"
    with zipfile.ZipFile(path) as opened:
        entries = opened.infolist()
        held = {
            entry.filename.split("/", 1)[1]: hashlib.sha256(opened.read(entry)).hexdigest()
            for entry in entries
        }
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert held == {n: v for n, v in digests(made.folder).items() if ".zip" not in n}


def test_the_same_release_gives_the_same_bytes_in_another_process(
    town: Path, made: Publication, tmp_path: Path
) -> None:
    arguments = ("publish", town, "--out", tmp_path, "--draft", "--as-of", "2030-01-01")
    done = program(*arguments, PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "2026.1.0-draft") == digests(made.folder)


def test_only_writes_what_is_asked_and_what_that_needs(town: Path, tmp_path: Path) -> None:
    made = publish(town, tmp_path, today=TODAY, draft=True, only=("datapackage",))
    assert set(made.seconds) == {"csv", "datapackage", "zip"}
    with pytest.raises(DefinitionError, match="no format 'cvs'"):
        publish(town, tmp_path, today=TODAY, draft=True, only=("cvs",))


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")


def test_the_page_leads_to_files_that_are_there_and_needs_no_script(made: Publication) -> None:
    text = (made.folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert all((made.folder / link).is_file() for link in page.links)
    assert len(page.links) > 10
    assert "script" not in page.tags
    assert page.tags.count("h1") == 1
    assert '<html lang="en-GB">' in text
    assert "Draft: nobody has approved" in text
    assert "&#x27;+Female" not in text
    assert "=1+1 people who trust" in text


def test_every_text_file_bears_the_marks(made: Publication) -> None:
    figures = {"estimates", "comparisons", "changes"}
    for path in made.folder.rglob("*"):
        is_list = path.parent.name == "csv" and path.suffix == ".csv" and path.stem not in figures
        is_as_stored = path.name == "quality.json"
        is_text = path.suffix in {".csv", ".json", ".txt", ".html", ".jsonld", ".atom"}
        if is_text and not is_list and not is_as_stored:
            assert "draft" in path.read_text(encoding="utf-8").lower(), path


def test_an_older_publication_is_replaced_and_nothing_else_is_left(
    town: Path, tmp_path: Path
) -> None:
    publish(town, tmp_path, today=TODAY, draft=True, only=("parquet",))
    publish(town, tmp_path, today=TODAY, draft=True, only=("csv",))
    folder = tmp_path / "2026.1.0-draft"
    assert not (folder / "parquet").exists()
    assert (folder / "csv" / "estimates.csv").exists()
    assert {path.name for path in tmp_path.iterdir()} == {".lock", folder.name}


def test_a_failing_format_leaves_the_older_publication(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(town, tmp_path, today=TODAY, draft=True, only=("csv",))
    before = digests(tmp_path)

    def fail(*_: object) -> tuple[()]:
        raise KeyboardInterrupt

    broken = registry.Format(id="csv", title="CSV", write=fail)
    monkeypatch.setattr("social_evidence.app.publish.FORMATS", (broken,))
    with pytest.raises(KeyboardInterrupt):
        publish(town, tmp_path, today=TODAY, draft=True)
    assert digests(tmp_path) == before


@pytest.fixture
def own_town(town: Path, tmp_path: Path) -> Path:
    """A copy of the evidence base, to approve and to withdraw."""
    base = tmp_path / "base"
    subprocess.run(["cp", "-r", town.parent.parent, base], check=True)
    return base


def test_an_approved_release_is_published_without_marks_of_a_draft(
    own_town: Path, tmp_path: Path
) -> None:
    decide.approve(own_town, "2026.1.0", by="statistician", as_of=TODAY)
    made = publish(own_town, tmp_path / "out", today=TODAY, only=("csv",))
    assert made.folder.name == "2026.1.0"
    assert made.marks == ("synthetic",)


def test_of_a_withdrawn_release_the_notice_is_all_there_is(own_town: Path, tmp_path: Path) -> None:
    decide.approve(own_town, "2026.1.0", by="statistician", as_of=TODAY)
    out = tmp_path / "out"
    publish(own_town, out, today=TODAY, only=("csv",))
    publish(own_town, out, today=TODAY, draft=True, only=("csv",))
    decide.withdraw(own_town, "2026.1.0", reason="A wrong weight.", by="head", as_of=TODAY)
    made = publish(own_town, out, today=TODAY)
    assert made.withdrawn
    assert set(digests(out)) == {
        *(f"{name}/{page}" for name in ("2026.1.0", "2026.1.0-draft") for page in PAGES),
        ".lock",
    }
    assert "A wrong weight." in (made.folder / "index.html").read_text(encoding="utf-8")


PAGES = ("README.txt", "index.html")


def program(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def command(*arguments: object) -> list[str]:
    code = "from social_evidence.cli.main import entrypoint; entrypoint()"
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_the_program_tells_what_it_wrote(town: Path, tmp_path: Path) -> None:
    refused = program("publish", town, "--out", tmp_path)
    assert refused.returncode == 13
    assert "--draft" in refused.stderr
    done = program("publish", town, "--out", tmp_path, "--draft", "--only", "csv", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["version"] == "2026.1.0"
    assert {file["path"] for file in told["files"]} >= {"csv/estimates.csv", "index.html"}


def test_a_killed_publication_leaves_the_older_one(town: Path, tmp_path: Path) -> None:
    publish(town, tmp_path, today=TODAY, draft=True)
    before = digests(tmp_path / "2026.1.0-draft")
    for wait in (0.6, 0.9, 1.1, 1.3):
        begun = subprocess.Popen(command("publish", town, "--out", tmp_path, "--draft"))
        time.sleep(wait)
        begun.send_signal(signal.SIGKILL)
        begun.wait()
        assert digests(tmp_path / "2026.1.0-draft") == before
    publish(town, tmp_path, today=TODAY, draft=True)
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "2026.1.0-draft"}
