from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.catalogue.faults import Faults, Place
from social_evidence.catalogue.load import load
from social_evidence.catalogue.records import build
from social_evidence.model.area import Area
from social_evidence.model.breakdown import Breakdown
from social_evidence.model.measure import Measure
from social_evidence.model.question import Question
from social_evidence.model.source import Source

RECORDS = [Area, Breakdown, Measure, Question, Source]
NAMES = sorted({field.name for record in RECORDS for field in fields(record)})

VALUES = st.recursive(
    st.one_of(
        st.text(max_size=5),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.dates(),
        st.sampled_from(["microdata", "proportion", "2020", "men"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=3)), inner, max_size=4),
    ),
    max_leaves=8,
)


def place():
    return Place(Faults(), "x.toml")


def written(value):
    """A record as TOML would hold it: tables and lists, what is None left out."""
    if isinstance(value, dict):
        return {name: written(item) for name, item in value.items() if item is not None}
    if isinstance(value, (tuple, list)):
        return [written(item) for item in value]
    return value


@given(
    record=st.sampled_from(RECORDS),
    table=st.one_of(VALUES, st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)),
)
@settings(deadline=None, max_examples=300)
def test_whatever_a_file_holds_becomes_a_record_or_faults_and_never_an_accident(record, table):
    spot = place()
    made = build(record, table, spot)
    assert (made is not None) or spot.faults.found
    assert made is None or isinstance(made, record)


@pytest.mark.parametrize("kind", ["measures", "sources", "questions", "breakdowns"])
def test_a_record_written_down_reads_back_as_itself(root, kind):
    catalogue = load([root / "examples" / "open-data"])
    for record in getattr(catalogue, kind).values():
        spot = place()
        assert build(type(record), written(asdict(record)), spot) == record
        assert spot.faults.found == []


def test_whole_numbers_do_where_a_number_is_wanted_and_stay_whole_where_codes_are():
    @dataclass(frozen=True, kw_only=True)
    class Both:
        """A number and codes."""

        number: float
        codes: tuple[str | int | float, ...] = ()

    made = build(Both, {"number": 1, "codes": [1, 1.5, "x"]}, place())
    assert made == Both(number=1.0, codes=(1, 1.5, "x"))
    assert [type(code) for code in made.codes] == [int, float, str]


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x00", "\x9b", "\x7f"])
def test_a_text_with_control_characters_is_refused_and_not_repeated(sign):
    spot = place()
    table = {"code": "A", "name": f"Town{sign}[31m", "kind": "city"}
    assert build(Area, table, spot) is None
    (fault,) = spot.faults.found
    assert (fault.field, f"U+{ord(sign):04X}" in fault.message) == ("name", True)
    assert sign not in str(fault)


def test_a_text_of_several_lines_is_no_fault():
    spot = place()
    assert build(Area, {"code": "A", "name": "Town\n\tof A", "kind": "city"}, spot) is not None
    assert not spot.faults.found
