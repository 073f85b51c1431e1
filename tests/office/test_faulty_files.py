"""Faulty returns and participants' files are told at their place; what is good in them is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from by_path import module_at
from social_evidence.errors import EvidenceError
from social_evidence.model.office import Organisation
from social_evidence.store.office.office import open_office

CASES = module_at(Path(__file__).parent / "cases.py")
ALL = CASES.all_cases()
_KEPT = {
    "return": lambda office: len(office.returns()),
    "survey": lambda office: office.answers(CASES.FAMILIES).num_rows,
}


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.kind}-{case.id}")
def test_a_faulty_file_is_told_at_its_place_and_the_rest_is_kept(case, tmp_path, london):
    options = case.options or {}
    with open_office(tmp_path / "office.sqlite") as office:
        known = [Organisation(id=name, name=name) for name in options.get("register", ())]
        office.record_organisations(known, by=CASES.BY)
        if earlier := options.get("before"):
            CASES.read(case, office, earlier(tmp_path, london), london)
        start = _KEPT[case.kind](office)
        path = case.build(tmp_path, london)
        if case.place is None:
            with pytest.raises(EvidenceError) as caught:
                CASES.read(case, office, path, london)
            told = str(caught.value)
            assert "\n" not in told
        else:
            outcome = CASES.read(case, office, path, london)
            faults = [f for f in outcome.faults if (f.sheet, f.row, f.column) == case.place]
            assert faults, outcome.faults
            told = " ".join(fault.reason for fault in faults)
            assert all(fault.is_refused != case.queried for fault in faults)
            assert CASES.SECRET.casefold() not in repr(outcome).casefold()
        assert case.words in told
        assert CASES.SECRET not in told
        assert _KEPT[case.kind](office) - start == case.kept
        if case.queried and case.place[1]:
            assert {found.status for found in office.returns()} == {"queried"}


def test_there_are_forty_kinds_of_each_with_names_of_their_own():
    assert len({case.id for case in ALL}) == len(ALL)
    assert len({case.what for case in ALL}) == len(ALL)
    assert sum(case.kind == "return" for case in ALL) >= 40
    assert len(ALL) >= 90


def test_every_fault_of_a_file_is_told_at_once(tmp_path, london):
    build = CASES._parts((3, -1), (4, "x"), (5, 2.5), (11, "<5"))
    with open_office(tmp_path / "office.sqlite") as office:
        case = CASES.RETURNS[0]
        outcome = CASES.read(case, office, build(tmp_path, london), london)
    assert [fault.row for fault in outcome.faults] == [3, 4, 5, 11]
