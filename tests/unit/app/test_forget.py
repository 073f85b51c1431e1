"""A person can be removed, what was made with them is marked, and old record sets go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from social_evidence.app.forget import (
    PURPOSE,
    expired,
    forget,
    forget_person,
    open_marks,
    remove_expired,
)
from social_evidence.app.office_place import digest_of_office, note_rebuilt
from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.errors import DataError
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.model.office import Participation, RecordSet, Signature
from social_evidence.store.initiatives import TABLE, initiatives_table
from social_evidence.store.office.office import Office, open_office

BY = Signature(role="tester", at="2026-11-22T10:00:00Z")
KEY = b"a key of this test, long enough to be one"
PERSON = "Someone@Example.org"


def name(person: str, initiative: str) -> str:
    return pseudonym(person, PURPOSE.format(initiative=initiative), KEY)


def answers(initiative: str, people: list[str], keep_until: str) -> tuple[pa.Table, RecordSet]:
    names = sorted(name(person, initiative) for person in people)
    rows = [
        {
            "pseudonym": one,
            "wave": wave,
            "arm": "taking_part",
            "project": "p",
            "period": "2026",
            "sex": "female",
            "q": "yes",
        }
        for one in names
        for wave in ("before", "after")
    ]
    held = RecordSet(
        id=f"set-{initiative}-{keep_until}",
        initiative=initiative,
        purpose="to see what changed",
        lawful_basis="public task",
        keep_until=keep_until,
    )
    return pa.Table.from_pylist(rows), held


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "base" / "office.sqlite") as opened:
        for initiative, until in (("fund", "2028-01-31"), ("sport", "2026-01-31")):
            table, held = answers(initiative, [PERSON, "other@example.org"], until)
            opened.add_answers(initiative, table, held, groups=["sex"], by=BY)
        part = Participation(
            pseudonym=name(PERSON, "fund"), initiative="fund", role="participant", joined="2026-01"
        )
        opened.record_participations([part], by=BY)
        yield opened


def test_every_row_of_a_person_goes_and_others_stay(office: Office, tmp_path: Path) -> None:
    gone = name(PERSON, "fund")
    (mark,) = forget(office, f" {gone}\n", by=BY)
    assert (mark.initiative, mark.rows) == ("fund", 3)
    assert set(office.answers("fund")["pseudonym"].to_pylist()) == {
        name("other@example.org", "fund")
    }
    assert office.participations() == ()
    assert office.answers("sport").num_rows == 4
    assert gone.encode() not in (tmp_path / "base" / "office.sqlite").read_bytes()
    assert gone not in repr(office.removals())


def test_a_person_is_found_in_every_initiative_by_what_they_are_known_by(office: Office) -> None:
    marks = forget_person(office, "someone@example.ORG", KEY, by=BY)
    assert sorted(mark.initiative for mark in marks) == ["fund", "sport"]
    assert [office.answers(one).num_rows for one in ("fund", "sport")] == [2, 2]


def test_who_is_not_held_is_said_so_without_their_name(office: Office) -> None:
    with pytest.raises(DataError) as refused:
        forget_person(office, "nobody@example.org", KEY, by=BY)
    assert "nobody" not in str(refused.value)
    with pytest.raises(DataError, match="Nothing is held"):
        forget(office, "AAAAAAAAAAAAAAAA", by=BY)
    with pytest.raises(DataError, match="Nothing is held"):
        forget_person(office, PERSON, b"another key, just as long as the first", by=BY)


def test_marks_name_the_releases_that_hold_the_initiative_until_one_without_them_is_made(
    office: Office, tmp_path: Path, one_row: InitiativeRow
) -> None:
    folder = tmp_path / "base" / "releases" / "2026.1.0"
    folder.mkdir(parents=True)
    pq.write_table(initiatives_table([one_row]), folder / TABLE)
    assert open_marks(office, tmp_path / "base") == ()
    forget(office, name(PERSON, "fund"), by=BY)
    forget(office, name("other@example.org", "sport"), by=BY)
    fund, sport = open_marks(office, tmp_path / "base")
    assert (fund.initiative, fund.removals, fund.releases) == ("fund", 1, ("2026.1.0",))
    assert (sport.initiative, sport.releases) == ("sport", ())
    office.mark_rebuilt("2026.2.0")
    assert open_marks(office, tmp_path / "base") == ()


def test_a_release_settles_the_removals_before_it_and_no_later_one(
    office: Office, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    assert note_rebuilt(tmp_path / "elsewhere", None, digest="", version="2026.1.0") == 0
    forget(office, name(PERSON, "fund"), by=BY)
    read = digest_of_office(base, None)
    forget(office, name(PERSON, "sport"), by=BY)
    assert note_rebuilt(base, None, digest=read, version="2026.2.0") == 0
    read = digest_of_office(base, None)
    assert note_rebuilt(base, None, digest=read, version="2026.2.0") == 2
    assert {removal.rebuilt_by for removal in office.removals()} == {"2026.2.0"}
    assert digest_of_office(base, None) == read


def test_record_sets_go_after_their_day_and_not_on_it(office: Office) -> None:
    assert expired(office, dt.date(2026, 1, 31)) == ()
    (held,) = remove_expired(office, dt.date(2026, 2, 1), by=BY)
    assert held.initiative == "sport"
    assert office.answers("sport").num_rows == 0
    assert office.answers("fund").num_rows == 4
    assert expired(office, dt.date(2026, 2, 1)) == ()
    assert [mark.initiative for mark in open_marks(office)] == ["sport"]


@pytest.fixture
def one_row() -> InitiativeRow:
    values = dict.fromkeys(
        ("success_measure", "item", "initiative", "statistic", "counted", "period", "area"), "x"
    )
    values |= {"initiative": "fund", "breakdown": "all", "group": "all", "wave": "none"}
    return InitiativeRow(
        **values,
        period_start=dt.date(2026, 1, 1),
        period_end=dt.date(2026, 12, 31),
        unit="count",
        status="not_available",
        method="administrative",
        source="returns",
    )
