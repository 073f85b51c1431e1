"""Groups over time: what is said of each, and where the page stands."""

from __future__ import annotations

import pytest

from social_evidence.site.figures import Verdict
from social_evidence.site.group_pairs import group_pair_path
from social_evidence.site.over_time import GroupRun, over_time_path
from social_evidence.wording.verdicts import verdict_word


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("higher", "Higher than in 2018"),
        ("lower", "Lower than in 2018"),
        ("no_clear_difference", "Cannot tell whether it has changed since 2018"),
        ("cannot_say", ""),
    ],
)
def test_a_verdict_is_a_line_and_no_verdict_is_none(code: str, told: str) -> None:
    verdict = Verdict(code=code, word=verdict_word(code), size="", is_counted=False)
    assert GroupRun(name="g", rows=(), verdict=verdict, since="2018").told == told
    assert GroupRun(name="g", rows=(), verdict=None, since="").told == ""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("higher", "Higher than in 2018 (counted)"),
        ("no_clear_difference", "The same as in 2018 (counted)"),
    ],
)
def test_what_was_counted_says_so(code: str, told: str) -> None:
    word = verdict_word(code, counted=True)
    verdict = Verdict(code=code, word=word, size="", is_counted=True)
    assert GroupRun(name="g", rows=(), verdict=verdict, since="2018").told == told


def test_the_page_stands_below_its_measure_or_part() -> None:
    assert over_time_path("trust") == "measures/trust/groups/index.html"
    assert over_time_path("friends", "age") == "measures/friends/age/groups/index.html"


def test_two_groups_have_one_address_whichever_comes_first() -> None:
    one = group_pair_path("age_band", "65_plus", "16_24")
    assert one == group_pair_path("age_band", "16_24", "65_plus")
    assert one == "compare/groups/age-band/16-24/65-plus/index.html"
