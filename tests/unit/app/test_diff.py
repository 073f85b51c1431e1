"""Two releases set against each other: counted, explained, and nothing hidden told again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from small_release import draft, figure
from social_evidence.app.diff import UNRECORDED, diff, moves, named, table, write_report
from social_evidence.cli.main import program
from social_evidence.errors import StoreError
from social_evidence.model.estimate import Estimate
from social_evidence.model.note import Note
from social_evidence.store import release


def row(area: str = "E12000007", **changed: object) -> Estimate:
    return figure(**{"area": area, "lower": 0.6, "upper": 0.63, **changed})


HIDDEN = {
    "estimate": None,
    "lower": None,
    "upper": None,
    "base": None,
    "status": "protected",
}
LATE = Note(
    id="late_wave",
    since="2026.1.0",
    cause="late_data",
    text="Forty answers came <late>.",
    sources=("survey",),
)
FIRST = (
    row(),
    row("E09000001", estimate=0.5, lower=0.47, upper=0.54),
    row("E09000002", estimate=0.777, lower=0.71, upper=0.83),
    row("E09000003", **HIDDEN),
    row("E09000004"),
    row("E09000005", flags="provisional"),
)
SECOND = (
    row(estimate=0.64, lower=0.62, upper=0.66),
    row("E09000001", estimate=0.51, lower=0.47, upper=0.54),
    row("E09000002", **HIDDEN),
    row("E09000003", estimate=0.4, lower=0.3, upper=0.5),
    row("E09000005"),
    row("E09000006"),
)


def write(base: Path, *rows: Estimate, notes: tuple[Note, ...] = (), day: int = 1) -> Path:
    told = draft(
        *rows,
        created=dt.date(2026, 11, day),
        provenance=[{"measure": "neighbours_trusted", "title": "People who trust neighbours"}],
        notes=notes,
        unexplained=True,
    )
    return release.write_release(base, told)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path, *FIRST), write(tmp_path, *SECOND, notes=(LATE,), day=2)


def test_every_kind_of_move_is_counted_once(two: tuple[Path, Path]) -> None:
    found = diff(*two)
    total = found.total
    assert (total.added, total.removed, total.revised, total.relabelled) == (1, 1, 4, 1)
    assert (total.hidden, total.shown) == (1, 1)
    assert found.unchanged == 0
    assert [one.title for one in found.measures] == ["People who trust neighbours"]


def test_more_than_half_the_interval_is_seen_against_the_older_one(two: tuple[Path, Path]) -> None:
    # 0.026 of half an interval of 0.015, and 0.010 of half of 0.035: one of two moved far.
    found = diff(*two)
    assert (found.total.moved, found.total.measured) == (1, 2)
    assert [change.row.area for change in found.largest(5)] == ["E12000007", "E09000001"]


def test_the_causes_are_those_the_release_gave(two: tuple[Path, Path]) -> None:
    found = diff(*two)
    told = {(one.cause, one.text): one.figures for one in found.reasons}
    assert told == {("late_data", "Forty answers came <late>."): 4}


def test_causes_are_collected_over_all_releases_between(tmp_path: Path) -> None:
    first = write(tmp_path, row(), row("E09000001"))
    write(tmp_path, row(estimate=0.62), row("E09000001"), notes=(LATE,), day=2)
    note = Note(id="weights", since="2026.2.0", cause="weights", text="New weights.")
    third = write(
        tmp_path, row(estimate=0.62), row("E09000001", estimate=0.9), notes=(note,), day=3
    )
    assert {one.row.area: one.cause for one in diff(first, third).changes} == {
        "E12000007": "late_data",
        "E09000001": "weights",
    }


def test_releases_of_two_bases_have_no_recorded_causes(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a", row()), write(tmp_path / "b", row(estimate=0.7), day=2)
    assert [change.cause for change in diff(one, other).changes] == [UNRECORDED]


@pytest.mark.parametrize("turned", [False, True])
def test_a_figure_hidden_by_the_newer_release_shows_no_number_anywhere(
    two: tuple[Path, Path], tmp_path: Path, turned: bool
) -> None:
    found = diff(*(reversed(two) if turned else two))
    write_report(found, tmp_path / "note.html")
    page = (tmp_path / "note.html").read_text(encoding="utf-8")
    for text in (table(found), json.dumps(moves(found)), page):
        for number in ("0.777", "0.71", "0.83", "77.7", "71%", "83%"):
            assert number not in text


def test_the_table_has_the_columns_and_rows_of_the_release_s_own(two: tuple[Path, Path]) -> None:
    ours = list(csv.DictReader(io.StringIO(table(diff(*two)))))
    with (two[1] / "changes.csv").open(encoding="utf-8", newline="") as opened:
        assert ours == list(csv.DictReader(opened))


def test_the_same_release_twice_differs_in_nothing(two: tuple[Path, Path]) -> None:
    found = diff(two[0], two[0])
    assert found.is_empty
    assert found.unchanged == len(FIRST)


class Page(HTMLParser):
    """Reads a page: its tags, its text, and whether every tag that opens also closes."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_note_is_a_whole_page_that_fetches_nothing(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    write_report(diff(*two), tmp_path / "note.html")
    page = Page((tmp_path / "note.html").read_text(encoding="utf-8"))
    names = [tag for tag, _ in page.tags]
    assert page.open == []
    assert page.tags[0] == ("html", {"lang": "en-GB"})
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in page.tags if tag == "th")
    assert names.count("caption") == names.count("table") == 3
    for words in (
        "1 new, 4 revised, 1 no longer published",
        "Forty answers came <late>.",
        "1 of 2 revised figures",
        "61.4% (between 60.0% and 63.0%)",
        "is a draft",
    ):
        assert words in page.words


def test_a_version_is_looked_up_in_the_base(two: tuple[Path, Path], tmp_path: Path) -> None:
    assert named("2026.1.0", tmp_path) == two[0]
    assert named("2026.1.0", tmp_path / "releases") == two[0]
    assert named(str(tmp_path), Path()) == two[1]
    with pytest.raises(StoreError, match="No release"):
        named("2026.9.0", tmp_path)


def test_the_command_tells_words_json_and_a_table_and_strict_exits_with_11(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    runner = CliRunner()
    app = program(["diff"])
    asked = ["diff", "2026.1.0", "2027.1.0", "--in", str(tmp_path)]
    done = runner.invoke(app, [*asked, "--report", str(tmp_path / "n.html")])
    assert done.exit_code == 0, done.output
    assert "Figures: 1 new, 4 revised" in done.output
    assert (tmp_path / "n.html").is_file()
    told = json.loads(runner.invoke(app, [*asked, "--json"]).output)
    assert told["total"]["moved"] == 1
    assert {one["change"] for one in told["changes"]} == {"revised", "removed", "relabelled"}
    assert runner.invoke(app, [*asked, "--csv"]).output == table(diff(*two))
    assert runner.invoke(app, [*asked, "--strict"]).exit_code == 11
    same = ["diff", "2026.1.0", "2026.1.0", "--in", str(tmp_path), "--strict"]
    assert runner.invoke(app, same).exit_code == 0
