"""What the pages say has words for everything that can stand in the office."""

from __future__ import annotations

from typing import get_args

from social_evidence.app.returns_status import MISSING
from social_evidence.model.office import SCOPES, Status
from social_evidence.web.views import AGREED, STATUS, rough


def test_every_status_and_every_scope_of_consent_has_its_words() -> None:
    assert set(STATUS) == {MISSING, *get_args(Status)}
    assert set(AGREED) == set(SCOPES)


def test_few_answers_are_not_counted_out() -> None:
    assert [rough(rows) for rows in (0, 1, 9, 10, 1200)] == [
        "0",
        "under 10",
        "under 10",
        "10",
        "1,200",
    ]
