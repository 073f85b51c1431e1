"""Every malformed file gives one message that names file and place, and shows no values."""

from __future__ import annotations

from pathlib import Path

import pytest

from by_path import module_at
from social_evidence.errors import EvidenceError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table

CASES = module_at(Path(__file__).parent / "malformed" / "cases_readers.py").CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_malformed_file_is_refused_with_one_clear_message(case, tmp_path: Path) -> None:
    path = case.build(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(EvidenceError) as caught:
        open_table(path, Layout(**case.layout), case.columns)
    message = str(caught.value)
    assert caught.value.exit_code == case.exit_code
    for word in case.words:
        assert word in message
    for value in case.secret:
        assert value not in message
    assert "\n" not in message
    assert sorted(tmp_path.rglob("*")) == before


def test_the_cases_have_names_of_their_own() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 40
    assert len({case.what for case in CASES}) == len(CASES)
