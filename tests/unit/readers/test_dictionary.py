"""Damaged SPSS dictionaries are refused before the parser can leave its memory."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from social_evidence.readers.dictionary import BrokenDictionaryError, check

# Where the fields of the first variable's record begin.
FIRST = 176


@pytest.fixture
def raw(files, tmp_path: Path) -> bytes:
    variables = [
        files.Variable(name="A", label="Age", labels={1: "young"}, missing=[9]),
        files.Variable(name="S", width=8),
    ]
    return files.sav(tmp_path / "t.sav", variables, [[1, "x"], [2, "y"]]).read_bytes()


def test_a_sound_dictionary_passes_and_the_file_is_left_at_its_start(raw: bytes) -> None:
    stream = io.BytesIO(raw)
    check(stream)
    assert stream.tell() == 0


def changed(raw: bytes, place: int, number: int) -> io.BytesIO:
    return io.BytesIO(raw[:place] + struct.pack("<i", number) + raw[place + 4 :])


@pytest.mark.parametrize(
    ("place", "number"),
    [
        (64, 9),  # neither byte order gives a known layout
        (FIRST, 5),  # no record is of kind 5
        (FIRST + 4, 105),  # a wide text without the records that go on with it
        (FIRST + 4, 1),  # a text shown as a number
        (FIRST + 4, -1),  # goes on with a text that never began
        (FIRST + 4, 300),  # wider than any variable
        (FIRST + 8, 7),  # a label is there or not
        (FIRST + 12, 40),  # three missing values at most
        (FIRST + 16, 1 << 16),  # a number shown as text
        (FIRST + 20, 1 << 16),
        (FIRST + 32, 1 << 30),  # a label longer than the file
        (FIRST + 32, -8),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(raw: bytes, place: int, number: int) -> None:
    with pytest.raises(BrokenDictionaryError):
        check(changed(raw, place, number))


LABELLED = struct.pack("<iii", 4, 1, 1)


@pytest.mark.parametrize("index", [0, -1, 3, 12_033])
def test_labels_of_a_variable_that_is_not_there_are_refused(raw: bytes, index: int) -> None:
    assert raw.count(LABELLED) == 1
    with pytest.raises(BrokenDictionaryError):
        check(io.BytesIO(raw.replace(LABELLED, struct.pack("<iii", 4, 1, index))))


def test_every_cut_of_the_dictionary_is_refused(raw: bytes) -> None:
    end = raw.index(struct.pack("<ii", 999, 0)) + 8
    for length in range(end):
        with pytest.raises(BrokenDictionaryError):
            check(io.BytesIO(raw[:length]))
    check(io.BytesIO(raw[:end]))


def test_the_other_byte_order_is_known(raw: bytes) -> None:
    header = raw[:64] + struct.pack(">i", 2) + raw[68:176]
    check(io.BytesIO(header + struct.pack(">ii", 999, 0)))


def test_the_real_crime_survey_passes(data_root: Path) -> None:
    path = data_root / "microdata/bcs_2007_8/bcs_2007_8_teaching_data_derived.sav"
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the data files")
    with path.open("rb") as stream:
        check(stream)
