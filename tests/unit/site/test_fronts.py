"""The state of a domain at a glance."""

from __future__ import annotations

from types import SimpleNamespace

from social_evidence.site.fronts import state_words


def test_every_figure_of_a_domain_is_counted_once() -> None:
    codes = ("higher", "lower", "no_clear_difference", "no_clear_difference", "cannot_say", "")
    told = state_words([SimpleNamespace(code=code) for code in codes])
    assert told == (
        "Of 6 figures 1 rose, 1 fell, 2 may have moved either way and 2 had nothing to be set "
        "against."
    )
