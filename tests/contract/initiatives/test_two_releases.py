"""Initiatives from one release to the next: what changed is told, what was hidden stays so."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import sys
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.errors import DefinitionError
from social_evidence.model.office import Event, Signature
from social_evidence.store.ledger import read_ledger
from social_evidence.store.office.office import open_office

BY = Signature(role="test", at="2026-12-01T09:00:00Z")


@pytest.fixture
def base(first, tmp_path):
    """A copy of the first release's evidence base, approved."""
    folder = tmp_path / "base"
    shutil.copytree(first.base, folder)
    approve(folder, first.release.name, by="test", checked="all", as_of=dt.date(2026, 11, 23))
    return folder


def again(base, first, **options):
    conftest = sys.modules[type(first).__module__]
    return build(
        [conftest.LONDON],
        [base / "sources"],
        base,
        measures=["offline"],
        allow_missing=True,
        **{"as_of": dt.date(2026, 11, 22), **options},
    )


def test_the_same_records_make_no_new_release(base, first):
    assert again(base, first).name == first.release.name


@pytest.mark.slow
def test_the_same_records_give_the_same_bytes_elsewhere(base, first, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(base / "office.sqlite", other)
    (other / "sources").mkdir()
    made = again(other, first)
    for name in ("initiatives.parquet", "initiatives.json", "estimates.parquet"):
        assert (made / name).read_bytes() == (first.release / name).read_bytes()


def test_a_number_of_an_initiative_changes_only_with_a_reason_and_is_told(base, first):
    with open_office(base) as office:
        event = next(
            one
            for one in office.events("workforce_integration_network")
            if one.date.startswith("2026-02") and one.level == "contacted"
        )
        office.record_events([replace(event, level="engaged")], by=BY)
        assert isinstance(event, Event)
    with pytest.raises(DefinitionError, match="WIN-ENG, series workforce_integration_network"):
        again(base, first, as_of=dt.date(2026, 12, 2))
    made = again(base, first, as_of=dt.date(2026, 12, 2), unexplained=True)
    rows = pq.read_table(made / "initiatives.parquet").to_pylist()
    number = next(
        row
        for row in rows
        if (row["success_measure"], row["period"], row["breakdown"], row["area"])
        == ("WIN-ENG", "2026Q1", "all", "E12000007")
    )
    assert number["estimate"] == 42
    assert "revised" in number["flags"]
    assert number["version_first"] == first.release.name
    told = list(csv.DictReader((made / "changes.csv").read_text("utf-8").splitlines()))
    change = next(
        row
        for row in told
        if (row["measure"], row["period"], row["breakdown"], row["area"])
        == ("WIN-ENG", "2026Q1", "all", "E12000007")
    )
    assert (change["old_estimate"], change["new_estimate"]) == ("41.0", "42.0")


def test_what_still_has_no_number_a_year_later_keeps_its_address(base, first):
    silent = {
        (row["measure"], row["part"], row["series"], row["period"], row["breakdown"], row["group"])
        for row in first.estimates
        if row["status"] == "not_available" and row["population"] != "residents"
    }
    assert silent
    made = again(base, first, as_of=dt.date(2027, 11, 22))
    told = list(csv.DictReader((made / "changes.csv").read_text("utf-8").splitlines()))
    of_initiatives = [row for row in told if row["population"] != "residents"]
    assert not [row for row in of_initiatives if row["change"] in {"removed", "added"}]
    now = pq.read_table(made / "estimates.parquet").to_pylist()
    assert silent <= {
        (row["measure"], row["part"], row["series"], row["period"], row["breakdown"], row["group"])
        for row in now
    }
    assert {
        (row["period_start"].year, row["period"])
        for row in pq.read_table(made / "initiatives.parquet").to_pylist()
        if row["status"] == "not_available" and row["source"] == row["initiative"]
    } == {(2026, "2026")}


def test_the_ledger_knows_what_was_shown_of_initiatives(base):
    known = {(row["measure"], row["part"], row["series"]) for row in read_ledger(base).to_pylist()}
    assert ("friends_similar", "age", "london_family_fund") in known
    assert ("CER-VOL", "headline", "ceremonies_pilot") in known
    assert ("WIN-CHAMP", "headline", "workforce_integration_network") in known


@pytest.mark.slow
def test_one_person_more_does_not_show_what_the_release_before_hid(base, first):
    """A participant is taken out: no hidden count follows from what two releases show."""
    with open_office(base) as office:
        answers = office.answers("mi_wifi").to_pylist()
        small = {
            (row["breakdown"], row["group"])
            for row in first.rows
            if row["success_measure"] == "MIW-ONLINE"
            and row["status"] == "protected"
            and row["area"] == "E12000007"
            and row["breakdown"] != "all"
        }
        assert small
        person = next(
            row["pseudonym"]
            for row in answers
            if row["arm"] == "taking_part"
            and any(row[breakdown] == group for breakdown, group in small)
        )
        office.forget(person, by=BY)
    made = again(base, first, as_of=dt.date(2026, 12, 2), unexplained=True)
    after = {
        (row["breakdown"], row["group"])
        for row in pq.read_table(made / "initiatives.parquet").to_pylist()
        if row["success_measure"] == "MIW-ONLINE"
        and row["status"] == "protected"
        and row["area"] == "E12000007"
        and row["breakdown"] != "all"
    }
    assert small <= after
