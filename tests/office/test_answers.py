"""Participants' answers from every kind of file give the same rows, and no identifier is kept."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.app.import_faults import holds_contact
from social_evidence.app.participant_import import AnswersAsked, accept_answers, read_answers
from social_evidence.app.participant_mapping import ColumnMap, is_contact_column
from social_evidence.app.pseudonym_key import make_key, read_key
from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.errors import DataError, StoreError
from social_evidence.model.office import RecordSet
from social_evidence.store.office.office import open_office

KEY = b"a key of thirty-two letters, or so"
TODAY = dt.date(2026, 11, 22)
COLUMNS = ["person", "wave", "area", "sex", "friends_similar_age"]
ROWS = [
    ["a@example.org", "before", "Newham", "Female", "All of them"],
    ["a@example.org", "after", "E09000025", "female", "none"],
    ["b@example.org", "before", "", "", "about_half"],
]
PROMISED = RecordSet(
    id="",
    initiative="london_family_fund",
    purpose="evaluation",
    lawful_basis="public task",
    keep_until="2028-12-31",
)


def _csv(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("\n".join(",".join(row) for row in [COLUMNS, *ROWS]), encoding="utf-8-sig")
    return path


def _semicolons(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("\r\n".join(";".join(row) for row in [COLUMNS, *ROWS]), encoding="utf-16")
    return path


def _xlsx(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [COLUMNS, *ROWS]:
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def _frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=COLUMNS)


def _coded() -> tuple[pd.DataFrame, dict[str, dict[float, str]]]:
    frame = _frame()
    frame["friends_similar_age"] = [1.0, 5.0, 3.0]
    labels = {1.0: "All of them", 5.0: "None of them", 3.0: "About half"}
    return frame, {"friends_similar_age": labels}


def _sav(folder: Path) -> Path:
    frame, labels = _coded()
    pyreadstat.write_sav(frame, str(folder / "a.sav"), variable_value_labels=labels)
    return folder / "a.sav"


def _dta(folder: Path) -> Path:
    frame, labels = _coded()
    frame["friends_similar_age"] = frame["friends_similar_age"].astype(int)
    whole = {name: {int(code): label for code, label in of.items()} for name, of in labels.items()}
    pyreadstat.write_dta(frame, str(folder / "a.dta"), variable_value_labels=whole)
    return folder / "a.dta"


def _parquet(folder: Path) -> Path:
    columns = dict(zip(COLUMNS, map(list, zip(*ROWS, strict=True)), strict=True))
    pq.write_table(pa.table(columns), folder / "a.parquet")
    return folder / "a.parquet"


def _ods(folder: Path) -> Path:
    pytest.importorskip("odf")
    _frame().to_excel(folder / "a.ods", engine="odf", index=False)
    return folder / "a.ods"


MAKERS = (_csv, _semicolons, _xlsx, _ods, _sav, _dta, _parquet)


def _asked(**changes) -> AnswersAsked:
    usual = {"initiative": "london_family_fund", "key": KEY, "values": {"period": "2026"}}
    return AnswersAsked(**(usual | changes))


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__.strip("_"))
def test_every_kind_of_file_gives_the_same_answers(tmp_path, london, by, make):
    with open_office(tmp_path / "office.sqlite") as office:
        outcome = accept_answers(
            office, make(tmp_path), london, _asked(), PROMISED, by=by, today=TODAY
        )
        found = office.answers("london_family_fund").to_pylist()
    assert outcome.faults == ()
    names = {name: pseudonym(name, "linkage:london_family_fund", KEY) for name, *_ in ROWS}
    expected = [
        (names["a@example.org"], "after", "E09000025", "female", "none"),
        (names["a@example.org"], "before", "E09000025", "female", "all"),
        (names["b@example.org"], "before", None, None, "about_half"),
    ]
    kept = ("pseudonym", "wave", "area", "sex", "friends_similar_age")
    assert [tuple(row[name] for name in kept) for row in found] == sorted(
        expected, key=lambda row: row[:2]
    )
    assert {(row["arm"], row["project"], row["period"], row["form"]) for row in found} == {
        ("taking_part", "london_family_fund", "2026", "1")
    }


def test_no_identifier_is_in_the_office(tmp_path, london, by):
    with open_office(tmp_path / "office.sqlite") as office:
        accept_answers(office, _csv(tmp_path), london, _asked(), PROMISED, by=by, today=TODAY)
    held = b"".join(path.read_bytes() for path in tmp_path.glob("office.sqlite*"))
    assert b"example.org" not in held
    assert KEY not in held


def test_pseudonyms_are_those_of_the_reference(reference_root):
    known = json.loads((reference_root / "evaluation/pseudonym_vectors.json").read_text())
    for case in known["cases"]:
        key = known["key_utf8"].encode()
        assert pseudonym(case["identifier"], case["purpose"], key) == case["pseudonym"]


def test_the_same_person_has_another_pseudonym_in_another_initiative(tmp_path, london):
    read = [
        read_answers(_csv(tmp_path), london, _asked(initiative=name)).table.column("pseudonym")
        for name in ("london_family_fund", "sport_unites")
    ]
    assert not set(read[0].to_pylist()) & set(read[1].to_pylist())


def test_a_mapping_says_what_columns_and_values_are(tmp_path, london):
    path = tmp_path / "a.csv"
    path.write_text("Ref,Stage,Q4,Comments\n7,pre,1,x\n8,pre,9,x\n8,post,2,x\n", encoding="utf-8")
    mapping = ColumnMap(
        person="Ref",
        columns={"wave": "Stage", "friends_similar_age": "Q4"},
        values={"period": "2026"},
        codes={
            "wave": {"pre": "before", "post": "after"},
            "friends_similar_age": {"1": "all", "2": "none", "9": ""},
        },
        ignore=("Comments",),
    )
    read = read_answers(path, london, _asked(values={}, mapping=mapping))
    assert [fault.reason for fault in read.faults] == ["holds no answer to any question."]
    assert read.table.column("wave").to_pylist() == ["before", "after"]
    assert read.table.column("friends_similar_age").to_pylist() == ["all", "none"]


def test_reading_answers_twice_adds_nothing(place, tmp_path, london, by):
    with open_office(place) as office:
        for expected in ((3, 0), (0, 3)):
            outcome = accept_answers(
                office, _csv(tmp_path), london, _asked(), PROMISED, by=by, today=TODAY
            )
            assert (outcome.added.accepted, outcome.added.unchanged) == expected
        assert [found.rows for found in office.record_sets()] == [3]


def test_a_file_of_pseudonyms_needs_no_key(tmp_path, london):
    path = tmp_path / "a.csv"
    path.write_text(f"pseudonym,wave,friends_similar_age\n{'A' * 16},before,all\n", "utf-8")
    read = read_answers(path, london, _asked(key=None))
    assert read.table.column("pseudonym").to_pylist() == ["A" * 16]


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    path = tmp_path / "secrets" / "key"
    make_key(path)
    assert len(read_key(path)) == 64
    with pytest.raises(StoreError, match="not replaced"):
        make_key(path)
    path.chmod(0o644)
    with pytest.raises(DataError, match="read by others"):
        read_key(path)


def test_a_short_key_is_no_secret(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(DataError, match="no secret"):
        read_key(path)


@pytest.mark.parametrize(
    "column",
    ["Name", "First name", "surname", "E-mail address", "Home postcode", "DOB", "Tel.", "NHS"],
)
def test_columns_of_contact_data_are_known(column):
    assert is_contact_column(column)


def test_no_question_or_breakdown_looks_like_contact_data(london):
    assert [n for n in (*london.questions, *london.breakdowns) if is_contact_column(n)] == []


@pytest.mark.parametrize("text", ["a@b.org", "020 7946 0123", "+44 20 7946 0123", "at SE1 2AA"])
def test_contact_data_in_words_is_found(text):
    assert holds_contact(text)


@given(st.text(st.characters(codec="ascii", categories=["Ll", "Zs"]), max_size=80))
def test_plain_words_are_no_contact_data(text):
    assert not holds_contact(text)
