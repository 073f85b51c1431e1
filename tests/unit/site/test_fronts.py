"""The state of a domain at a glance."""

from __future__ import annotations

from types import SimpleNamespace

from social_evidence.site.fronts import state_words


def test_every_figure_of_a_domain_is_counted_once() -> None:
    codes = ("higher", "lower", "no_clear_difference", "no_clear_difference", "cannot_say", "")
    told = state_words([SimpleNamespace(code=code, is_same=False) for code in codes])
    assert told == (
        "Of 6 figures 1 rose, 1 fell, 2 may have moved either way and 2 had nothing to be set "
        "against."
    )


def test_a_count_that_is_the_same_has_not_moved_either_way() -> None:
    same = SimpleNamespace(code="no_clear_difference", is_same=True)
    assert state_words([same]) == "Of 1 figure 1 stayed the same."
