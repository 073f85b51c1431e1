"""Approving and withdrawing: what is checked, what is recorded, and what then may go out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from small_release import draft, figure
from social_evidence.app.decide import approve, named_release, withdraw
from social_evidence.app.release_gate import gate, withdrawal
from social_evidence.errors import DisclosureError, StoreError
from social_evidence.store import atomic, ledger, release, states
from social_evidence.wording.withdrawn import notice_html, notice_text

DAY = dt.date(2026, 11, 22)


def write(base: Path, estimate: float = 0.614, not_before: dt.date | None = None) -> Path:
    told = draft(figure(estimate=estimate), created=DAY, not_before=not_before, unexplained=True)
    return release.write_release(base, told)


def test_an_approval_says_who_checked_what_and_fills_the_ledger(tmp_path: Path) -> None:
    folder = write(tmp_path)
    made = approve(tmp_path, folder.name, by="statistician", checked="every total", as_of=DAY)
    assert states.state_of(tmp_path, folder.name) == "approved"
    assert (made.role, made.checked, made.time) == ("statistician", "every total", "2026-11-22")
    assert made.manifest == states.digest_of(folder)
    assert ledger.read_ledger(tmp_path)["base"].to_pylist() == [1200]


def test_approving_twice_changes_no_byte(tmp_path: Path) -> None:
    folder = write(tmp_path)
    approve(tmp_path, folder.name, by="statistician", as_of=DAY)
    before = {p.name: p.read_bytes() for p in folder.parent.iterdir() if p.is_file()}
    again = approve(tmp_path, folder.name, by="somebody else", as_of=dt.date(2027, 1, 1))
    assert again.role == "statistician"
    assert before == {p.name: p.read_bytes() for p in folder.parent.iterdir() if p.is_file()}


def test_a_damaged_release_is_not_approved(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "areas.csv").write_text("x\n")
    with pytest.raises(StoreError, match=r"areas\.csv differs"):
        approve(tmp_path, folder.name, by="statistician")
    assert states.state_of(tmp_path, folder.name) == "draft"
    assert ledger.read_ledger(tmp_path).num_rows == 0


def test_a_withdrawn_release_stays_withdrawn_and_its_cells_stay_known(tmp_path: Path) -> None:
    folder = write(tmp_path)
    approve(tmp_path, folder.name, by="statistician")
    withdraw(tmp_path, folder.name, reason="Wrong weights.", by="statistician", as_of=DAY)
    with pytest.raises(StoreError, match=r"withdrawn on 2026-11-22: Wrong weights\."):
        approve(tmp_path, folder.name, by="statistician")
    assert ledger.read_ledger(tmp_path).num_rows == 1
    assert release.read_release(folder).estimates.num_rows == 1


def test_approving_what_follows_a_draft_makes_the_drafts_cells_known_too(tmp_path: Path) -> None:
    write(tmp_path)
    second = write(tmp_path, 0.62)
    approve(tmp_path, second.name, by="statistician")
    assert ledger.read_ledger(tmp_path)["version"].to_pylist() == ["2026.1.0", "2026.2.0"]


def test_an_unknown_version_lists_those_there_are(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(StoreError, match=r"no release 2026\.9\.0. There is 2026\.1\.0"):
        approve(tmp_path, "2026.9.0", by="statistician")
    with pytest.raises(StoreError, match="none at all"):
        approve(tmp_path / "elsewhere", "2026.1.0", by="statistician")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("by", "reason"), [(" ", "wrong"), ("statistician", ""), ("a\x1b[1m", "b")]
)
def test_a_decision_without_a_role_or_a_reason_is_refused(
    tmp_path: Path, by: str, reason: str
) -> None:
    folder = write(tmp_path)
    with pytest.raises(StoreError, match=r"--by|--reason"):
        withdraw(tmp_path, folder.name, reason=reason, by=by)
    assert states.read_states(tmp_path) == ()


def test_nothing_is_decided_while_a_build_is_at_work(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with atomic.locked(folder.parent), pytest.raises(StoreError, match="Another build"):
        approve(tmp_path, folder.name, by="statistician")


def test_a_release_is_named_by_its_version_or_its_folder(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert named_release(Path("b"), "2026.1.0") == (Path("b"), "2026.1.0")
    assert named_release(Path(), str(folder)) == (tmp_path.resolve(), "2026.1.0")
    with pytest.raises(StoreError, match="neither a version"):
        named_release(Path(), "newest")


def test_a_draft_goes_out_only_as_a_marked_preview(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with pytest.raises(DisclosureError, match="is a draft"):
        gate(tmp_path, folder.name, DAY)
    assert gate(tmp_path, folder.name, DAY, draft=True) == ("draft",)
    approve(tmp_path, folder.name, by="statistician")
    assert gate(tmp_path, folder.name, DAY) == ()


def test_nothing_goes_out_before_its_day_but_marked_copies(tmp_path: Path) -> None:
    folder = write(tmp_path, not_before=dt.date(2026, 12, 1))
    approve(tmp_path, folder.name, by="statistician")
    early, late = dt.date(2026, 11, 30), dt.date(2026, 12, 1)
    with pytest.raises(DisclosureError, match="not be public before 2026-12-01"):
        gate(tmp_path, folder.name, early)
    assert gate(tmp_path, folder.name, early, pre_release=True) == ("pre_release",)
    assert gate(tmp_path, folder.name, early, draft=True) == ("draft", "pre_release")
    assert gate(tmp_path, folder.name, late) == ()


def test_a_withdrawn_release_goes_out_in_no_form(tmp_path: Path) -> None:
    folder = write(tmp_path)
    approve(tmp_path, folder.name, by="statistician")
    assert withdrawal(tmp_path, folder.name) is None
    withdraw(tmp_path, folder.name, reason="Wrong weights.", by="statistician")
    for asked in ({}, {"draft": True}, {"pre_release": True}):
        with pytest.raises(DisclosureError, match=r"withdrawn on .*Wrong weights"):
            gate(tmp_path, folder.name, DAY, **asked)
    assert withdrawal(tmp_path, folder.name) is not None


def test_the_notice_says_when_why_by_whom_and_what_to_use(tmp_path: Path) -> None:
    folder = write(tmp_path)
    made = withdraw(tmp_path, folder.name, reason="Weights < 0 & wrong.", by="board", as_of=DAY)
    text = notice_text("A test", made, "2026.2.0")
    for words in ("2026-11-22", "Weights < 0 & wrong.", "board", "Use release 2026.2.0", "A test"):
        assert words in text
    page = notice_html("A test", made)
    assert "Weights &lt; 0 &amp; wrong." in page
    assert '<html lang="en-GB">' in page
    assert "There is no newer release yet." in page
