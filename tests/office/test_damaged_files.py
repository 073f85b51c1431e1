"""A file damaged anywhere is read or refused in our own words, and never ends in a traceback."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from pathlib import Path

import pytest

from social_evidence.app.participant_import import AnswersAsked, read_answers
from social_evidence.app.returns_form import WRITERS, form_of
from social_evidence.app.returns_read import read_returns
from social_evidence.errors import EvidenceError
from social_evidence.model.office import Organisation

TODAY = dt.date(2026, 11, 22)
TRIES = 40
MANY_TRIES = 600
CSV = (
    "person,wave,area,sex,friends_similar_age\n"
    "a,before,Newham,female,all\nb,before,,male,none\nb,after,,male,about_half\n"
)


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut, overwrite, double or take out some bytes."""
    at = chance.randrange(len(content))
    some = chance.randrange(1, 40)
    noise = bytes(chance.randrange(256) for _ in range(some))
    way = chance.randrange(5)
    if way == 0:
        return content[:at]
    if way == 1:
        return content[:at] + noise + content[at + some :]
    if way == 2:
        return content[:at] + noise + content[at:]
    if way == 3:
        return content[:at] + content[at + some :]
    return content[:at] + content[at : at + some] * 3 + content[at + some :]


def _damaged_part(path: Path, chance: random.Random) -> bytes:
    """Damage one file inside a workbook and pack it again, so that its archive is sound."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name, content in parts.items() if content])
    parts[name] = _damaged(parts[name], chance)
    out = path.with_suffix(".part")
    with zipfile.ZipFile(out, "w") as archive:
        for member, content in parts.items():
            archive.writestr(member, content)
    return out.read_bytes()


def _try_forms(folder: Path, catalogue, suffix: str, tries: int) -> int:
    chance = random.Random(f"20261122{suffix}")
    asked = Organisation(id="GB-CHC-1", name="A charity")
    sound = folder / f"sound{suffix}"
    WRITERS[suffix](
        form_of(catalogue, "citizenship_and_integration_initiative", "2026Q1", asked), sound
    )
    content = sound.read_bytes()
    refused = 0
    for number in range(tries):
        is_inside = number % 2
        damaged = _damaged_part(sound, chance) if is_inside else _damaged(content, chance)
        path = folder / f"damaged{suffix}"
        path.write_bytes(damaged)
        try:
            read_returns(path, catalogue, today=TODAY)
        except EvidenceError:
            refused += 1
    return refused


def _try_answers(folder: Path, catalogue, tries: int) -> None:
    chance = random.Random("20261122")
    path = folder / "answers.csv"
    asked = AnswersAsked(initiative="london_family_fund", key=b"k" * 32, values={"period": "2026"})
    for _ in range(tries):
        path.write_bytes(_damaged(CSV.encode(), chance) or b"x")
        try:
            read = read_answers(path, catalogue, asked)
        except EvidenceError:
            continue
        assert read.table.num_rows <= 12


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_a_damaged_form_is_read_or_refused(tmp_path, london, suffix):
    assert _try_forms(tmp_path, london, suffix, TRIES) > TRIES / 4


def test_a_damaged_file_of_answers_is_read_or_refused(tmp_path, london):
    _try_answers(tmp_path, london, TRIES * 5)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_six_hundred_damaged_forms_are_read_or_refused(tmp_path, london, suffix):
    assert _try_forms(tmp_path, london, suffix, MANY_TRIES) > MANY_TRIES / 4


@pytest.mark.slow
def test_six_thousand_damaged_files_of_answers_are_read_or_refused(tmp_path, london):
    _try_answers(tmp_path, london, MANY_TRIES * 10)
