"""What the office keeps, on both databases."""

from __future__ import annotations

import dataclasses
import sqlite3
import stat
from pathlib import Path

import pyarrow as pa
import pytest

from social_evidence.errors import DataError, StoreError
from social_evidence.model.evaluation_plan import Registration
from social_evidence.model.office import (
    MOVES,
    Cell,
    Event,
    Expected,
    Organisation,
    Origin,
    Participation,
    RecordSet,
    Return,
    Signature,
)
from social_evidence.store.office import migrations
from social_evidence.store.office.database import url_of
from social_evidence.store.office.office import Record, open_office

LATER = Signature(role="head of programme", at="2026-12-01T09:00:00Z")
FILE = Origin(file="a.xlsx", digest="a" * 64)
OTHER_FILE = Origin(file="b.xlsx", digest="b" * 64)


def _return(**changes) -> Return:
    plain = Return(
        initiative="workforce_integration_network",
        success_measure="WIN-ETHMON",
        organisation="GB-COH-1",
        period="2026Q1",
        counted="employers",
        value=1,
    )
    return dataclasses.replace(plain, **changes)


def _answers(**columns) -> pa.Table:
    usual = {
        "pseudonym": ["A" * 16, "A" * 16, "B" * 16],
        "wave": ["before", "after", "before"],
        "arm": ["taking_part"] * 3,
        "project": ["one"] * 3,
        "period": ["2026"] * 3,
        "area": ["E09000025", None, None],
        "form": ["1", "2", "1"],
        "sex": ["female", "female", None],
        "friends_similar_age": ["all", "none", "about_half"],
    }
    return pa.table({name: pa.array(v, pa.string()) for name, v in (usual | columns).items()})


def _record_set(**changes) -> RecordSet:
    plain = RecordSet(
        id="first",
        initiative="london_family_fund",
        purpose="evaluation",
        lawful_basis="public task",
        keep_until="2028-12-31",
    )
    return dataclasses.replace(plain, **changes)


def _add(office, by, table=None, **changes):
    return office.add_answers(
        "london_family_fund", table or _answers(), _record_set(**changes), groups={"sex"}, by=by
    )


def test_a_return_comes_back_as_it_went_in(office, by):
    cells = (
        Cell(dimension="sex", code="female", value=3),
        Cell(dimension="sex", code="male", value=4),
    )
    office.record_returns([_return(value=7, cells=cells, note="n", evidence_ref="e")], by=by)
    (found,) = office.returns()
    assert (found.value, found.cells, found.note, found.evidence_ref) == (7, cells, "n", "e")
    assert (found.status, found.revision, found.revision_of) == ("submitted", 1, "")


def test_the_same_return_is_kept_once(office, by):
    office.record_returns([_return()], by=by, origin=FILE)
    again = office.record_returns([_return()], by=by, origin=FILE)
    assert (again.accepted, again.unchanged) == (0, 1)
    assert len(office.returns(with_history=True)) == 1


def test_another_value_takes_the_place_of_the_old_one_which_stays_in_the_history(office, by):
    office.record_returns([_return()], by=by, origin=FILE)
    added = office.record_returns([_return(value=0)], by=LATER, origin=OTHER_FILE)
    assert (added.accepted, added.revised) == (1, 1)
    old, new = office.returns(with_history=True)
    assert (old.value, old.status, new.value, new.status) == (1, "revised", 0, "submitted")
    assert new.revision_of == old.id
    entry, move = office.moves(old.id)
    assert (entry.status, entry.by) == ("submitted", by)
    assert (move.status, move.by) == ("revised", LATER)
    assert office.returns() == (new,)


def test_an_old_file_read_once_more_does_not_undo_its_correction(office, by):
    office.record_returns([_return()], by=by, origin=FILE)
    office.record_returns([_return(value=0)], by=by, origin=OTHER_FILE)
    again = office.record_returns([_return()], by=by, origin=FILE)
    assert (again.accepted, again.unchanged) == (0, 1)
    assert office.returns()[0].value == 0


def test_a_correction_may_go_back_to_an_older_value(office, by):
    office.record_returns([_return()], by=by, origin=FILE)
    office.record_returns([_return(value=0)], by=by, origin=OTHER_FILE)
    third = Origin(file="c.xlsx", digest="c" * 64)
    assert office.record_returns([_return()], by=by, origin=third).revised == 1
    assert [found.value for found in office.returns(with_history=True)] == [1, 0, 1]


def test_a_return_that_comes_with_a_query_is_queried(office, by):
    office.record_returns([_return(query="It does not add up.")], by=by)
    (found,) = office.returns()
    assert (found.status, found.query) == ("queried", "It does not add up.")


def test_what_was_doubted_of_a_draft_is_queried_once_it_is_handed_in(office, by):
    office.record_returns([_return(status="draft", query="It does not add up.")], by=by)
    (found,) = office.returns()
    assert (found.status, found.query) == ("draft", "It does not add up.")
    office.move_return(found.id, "submitted", by=LATER)
    (found,) = office.returns()
    assert (found.status, found.query) == ("queried", "It does not add up.")


@pytest.mark.parametrize("to", ["draft", "submitted", "queried", "verified", "revised"])
@pytest.mark.parametrize("start", ["draft", "submitted", "queried", "verified"])
def test_a_return_goes_only_where_its_status_allows(tmp_path, by, start, to):
    with open_office(tmp_path / "office.sqlite") as office:
        office.record_returns([_return(status=start)], by=by)
        (found,) = office.returns()
        if to in MOVES[start] and to != "revised":
            office.move_return(found.id, to, by=LATER, reason="because")
            assert office.returns()[0].status == to
            assert office.moves(found.id)[-1].by == LATER
        else:
            with pytest.raises(DataError, match=f"is {start} and cannot become {to}"):
                office.move_return(found.id, to, by=LATER, reason="because")
            assert office.returns()[0].status == start


def test_a_query_needs_its_reason(office, by):
    office.record_returns([_return()], by=by)
    with pytest.raises(DataError, match="needs its reason"):
        office.move_return(office.returns()[0].id, "queried", by=by)


def test_a_return_nobody_knows_cannot_be_moved(office, by):
    with pytest.raises(DataError, match="no return"):
        office.move_return("nothing-1", "verified", by=by)


def test_returns_can_be_asked_for_by_initiative_period_and_status(office, by):
    office.record_returns(
        [_return(), _return(period="2026Q2"), _return(initiative="esol_plus")], by=by
    )
    assert len(office.returns("workforce_integration_network")) == 2
    assert len(office.returns(period="2026Q2")) == 1
    assert office.returns(statuses={"verified"}) == ()


def test_people_are_counted_once_across_organisations_and_periods(office, by):
    office.record_returns(
        [
            _return(success_measure="CII-CAMP", people=("A", "B")),
            _return(success_measure="CII-CAMP", people=("B", "C"), organisation="GB-COH-2"),
            _return(success_measure="CII-CAMP", people=("C", "D"), period="2026Q2"),
        ],
        by=by,
    )
    assert office.distinct_people("CII-CAMP") == 4
    assert office.distinct_people("CII-CAMP", ["2026Q1"]) == 3


def test_people_of_a_revised_return_count_no_more(office, by):
    office.record_returns([_return(success_measure="CII-CAMP", people=("A", "B"))], by=by)
    office.record_returns([_return(success_measure="CII-CAMP", people=("A",))], by=by)
    assert office.distinct_people("CII-CAMP") == 1


def test_answers_leave_as_one_wide_table_sorted_by_person_and_wave(office, by):
    assert _add(office, by).accepted == 3
    found = office.answers("london_family_fund")
    assert found.column_names == [
        *("pseudonym", "wave", "arm", "project", "period", "area", "form"),
        *("sex", "friends_similar_age"),
    ]
    assert found.column("wave").to_pylist() == ["after", "before", "before"]
    assert found.column("sex").to_pylist() == ["female", "female", None]
    assert found.column("area").to_pylist() == [None, "E09000025", None]


def test_an_initiative_without_answers_gives_an_empty_table(office):
    assert office.answers("esol_plus").num_rows == 0


def test_the_same_answers_are_kept_once_and_others_of_the_same_person_and_wave_refused(office, by):
    _add(office, by)
    other = _answers(friends_similar_age=["all", "none", "all"])
    again = _add(office, by, other)
    assert (again.accepted, again.unchanged, again.conflicts) == (0, 2, (2,))
    assert office.answers("london_family_fund").num_rows == 3


def test_people_who_did_not_agree_to_be_linked_have_another_name_in_every_wave(office, by):
    _add(office, by, _answers(consent=["take_part", "take_part", "take_part;link_waves"]))
    names = office.answers("london_family_fund").column("pseudonym").to_pylist()
    assert len(set(names)) == 3
    assert "A" * 16 not in names
    assert "B" * 16 in names


def test_versions_of_the_wording_are_told_by_wave(office, by):
    _add(office, by)
    assert office.forms("london_family_fund") == {"after": ("2",), "before": ("1",)}


@pytest.mark.parametrize("lacking", ["purpose", "lawful_basis", "keep_until"])
def test_no_record_set_is_kept_without_its_promises(office, by, lacking):
    with pytest.raises(DataError, match=lacking):
        _add(office, by, **{lacking: ""})
    assert office.answers("london_family_fund").num_rows == 0


def test_what_was_promised_does_not_change(office, by):
    _add(office, by)
    with pytest.raises(DataError, match="keep_until"):
        _add(office, by, keep_until="2038-12-31")


def test_a_record_set_without_answers_is_not_kept(office, by):
    _add(office, by)
    assert _add(office, by, id="second").unchanged == 3
    assert [found.id for found in office.record_sets()] == ["first"]


def test_an_unknown_consent_scope_is_refused():
    with pytest.raises(DataError, match="sell"):
        _record_set(scopes=("take_part", "sell"))


def test_answers_without_a_wave_are_refused(office, by):
    with pytest.raises(DataError, match="wave"):
        _add(office, by, _answers(wave=["before", None, "before"]))


def test_registers_keep_every_revision_and_give_the_newest(office, by):
    first = Organisation(id="GB-CHC-1", name="One", kind="provider")
    office.record_organisations([first], by=by)
    office.record_organisations([dataclasses.replace(first, name="Two")], by=by)
    assert [found.name for found in office.organisations()] == ["Two"]
    assert [number for number, _ in office.record_history("organisation", "GB-CHC-1")] == [1, 2]


def test_events_parts_and_expected_returns_come_back(office, by):
    event = Event(id="e", initiative="i", date="2026-02-03", level="engaged", organisation="GB-1")
    part = Participation(
        pseudonym="P",
        initiative="i",
        role="peer_champion",
        joined="2026-01",
        groups={"sex": "male"},
    )
    asked = Expected(initiative="i", success_measure="M-1", organisation="GB-1", period="2026Q1")
    office.record_events([event], by=by)
    office.record_participations([part], by=by)
    office.record_expected([asked], by=by)
    assert office.events("i") == (event,)
    assert office.participations("i") == (part,)
    assert office.expected("i") == (asked,)
    assert office.events("other") == ()


def test_grants_and_services_are_kept_as_their_text(office, by):
    office.save_records("grant", [Record("g1", "i", '{"id":"g1","x":[1,2]}')], by=by)
    assert office.grants() == ({"id": "g1", "x": [1, 2]},)
    assert office.services() == ()


def test_a_registered_plan_does_not_change(office, by):
    plan = Registration(
        plan="esol_plus", version=1, digest="d", registered_on="2026-01-01", text="t"
    )
    office.register_plan(plan, by=by)
    office.register_plan(plan, by=by)
    assert office.registrations("esol_plus") == (plan,)
    with pytest.raises(StoreError, match="does not change"):
        office.register_plan(dataclasses.replace(plan, digest="other"), by=by)
    office.register_plan(dataclasses.replace(plan, version=2, digest="other"), by=by)
    assert [found.version for found in office.registrations("esol_plus")] == [1, 2]


def test_who_is_forgotten_is_in_no_table_and_the_initiatives_are_marked(office, place, by):
    _add(office, by)
    part = Participation(pseudonym="A" * 16, initiative="other", role="sponsor", joined="2026-01")
    office.record_participations([part], by=by)
    office.record_returns([_return(people=("A" * 16, "B"))], by=by)
    marks = office.forget("A" * 16, by=LATER)
    assert {(mark.initiative, mark.rows) for mark in marks} == {
        ("london_family_fund", 2),
        ("other", 1),
        ("workforce_integration_network", 1),
    }
    assert office.answers("london_family_fund").column("pseudonym").to_pylist() == ["B" * 16]
    assert office.participations() == ()
    assert office.mark_rebuilt("2026.2.0") == 3
    assert {mark.rebuilt_by for mark in office.removals()} == {"2026.2.0"}
    if "://" not in place:
        left = b"".join(file.read_bytes() for file in Path(place).parent.glob("office.sqlite*"))
        assert b"A" * 16 not in left


def test_a_record_set_can_be_removed_and_its_promise_stays(office, by):
    _add(office, by)
    (mark,) = office.remove_record_set("first", by=by)
    assert (mark.initiative, mark.rows) == ("london_family_fund", 3)
    assert [(found.id, found.rows) for found in office.record_sets()] == [("first", 0)]
    with pytest.raises(DataError, match="no record set"):
        office.remove_record_set("second", by=by)


def test_the_log_says_who_as_a_role_when_and_which_file(office, by):
    office.record_returns([_return()], by=by, origin=Origin(file="a.csv", digest="d", refused=2))
    (line,) = office.imports()
    assert (line.role, line.at, line.file, line.digest) == (by.role, by.at, "a.csv", "d")
    assert (line.kind, line.accepted, line.refused) == ("returns", 1, 2)


def test_the_log_holds_no_answer(office, by):
    _add(office, by)
    assert "about_half" not in repr(office.imports())
    assert "B" * 16 not in repr(office.imports())


def test_an_import_that_fails_leaves_nothing_behind(office, by):
    def stopped():
        yield _return()
        raise DataError("stop")

    with pytest.raises(DataError, match="stop"):
        office.record_returns(stopped(), by=by)
    assert office.returns() == ()
    assert office.imports() == ()


def test_the_digest_does_not_depend_on_order_or_time(tmp_path, by):
    returns = [_return(), _return(period="2026Q2"), _return(organisation="GB-COH-2")]
    digests = set()
    for name, order, signed in (("a", returns, by), ("b", returns[::-1], LATER)):
        with open_office(tmp_path / f"{name}.sqlite") as office:
            office.record_returns(order, by=signed)
            _add(office, signed)
            digests.add(office.digest())
    assert len(digests) == 1


def test_the_digest_is_the_same_on_both_databases(tmp_path, postgres, by):
    digests = set()
    for place in (str(tmp_path / "office.sqlite"), postgres()):
        with open_office(place) as office:
            office.record_returns([_return(), _return(organisation="GB-coh-é")], by=by)
            _add(office, by)
            digests.add(office.digest())
    assert len(digests) == 1


def test_the_digest_tells_a_verified_return_from_a_submitted_one(office, by):
    office.record_returns([_return()], by=by)
    before = office.digest()
    office.move_return(office.returns()[0].id, "verified", by=by)
    assert office.digest() != before


def test_an_office_is_readable_by_its_owner_only(tmp_path, by):
    file = tmp_path / "office.sqlite"
    with open_office(file) as office:
        office.record_returns([_return()], by=by)
        for path in tmp_path.glob("office.sqlite*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_folder_holds_its_office_under_the_usual_name(tmp_path):
    assert url_of(tmp_path).database == str(tmp_path / "office.sqlite")


def test_an_office_that_is_not_there_is_not_made_where_it_must_be(tmp_path):
    with pytest.raises(StoreError, match="no office"):
        open_office(tmp_path / "office.sqlite", is_new_allowed=False)
    assert not list(tmp_path.iterdir())


def test_an_office_of_a_newer_program_is_refused_and_not_touched(tmp_path):
    file = tmp_path / "office.sqlite"
    open_office(file).close()
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE office_schema SET version = 99")
    raw.close()
    with pytest.raises(StoreError, match="version 99"):
        open_office(file)


def test_an_older_office_is_brought_up_step_by_step(place, monkeypatch, by):
    with open_office(place) as office:
        office.record_returns([_return()], by=by)
    steps = []
    newer = migrations.VERSION + 2
    monkeypatch.setattr(migrations, "VERSION", newer)
    added = range(newer - 1, newer + 1)
    monkeypatch.setattr(
        migrations,
        "STEPS",
        {version: lambda _, version=version: steps.append(version) for version in added},
    )
    with open_office(place) as office:
        assert len(office.returns()) == 1
    assert steps == list(added)
    with open_office(place):
        assert steps == list(added)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    file = tmp_path / "office.sqlite"
    file.write_bytes(b"this is no database, " * 100)
    with pytest.raises(StoreError, match="refuses"):
        open_office(file)


def test_another_programs_database_is_refused(tmp_path):
    file = tmp_path / "office.sqlite"
    raw = sqlite3.connect(file)
    raw.execute("CREATE TABLE answers (x)")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="no office"):
        open_office(file)


@pytest.mark.parametrize("target", ["mysql://host/name", "nonsense://", "://"])
def test_a_database_we_do_not_know_is_refused(target):
    with pytest.raises(StoreError):
        open_office(target)


def test_an_address_shows_no_password(postgres):
    with open_office(postgres().replace("office@", "office:secret@")) as office:
        assert "secret" not in office.address
