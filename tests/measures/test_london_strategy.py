"""The strategy that London's measures follow: numbered as it was printed, each under its own."""

from __future__ import annotations

from collections import Counter

import pytest

from social_evidence.catalogue.load import examine

ACTIONS = {
    "1.1": 2, "1.2": 4, "1.3": 3, "1.4": 2,
    "2.1": 6, "2.2": 5, "2.3": 2,
    "3.1": 7, "3.2": 8, "3.3": 6, "3.4": 3, "3.5": 4, "3.6": 4,
    "4.1": 2, "4.2": 3, "4.3": 2,
}  # fmt: skip
"""Policy -> how many numbered actions the strategy prints under it."""


@pytest.fixture(scope="module")
def strategy(root):
    folder = root / "src" / "social_evidence" / "catalogues" / "london"
    catalogue, faults = examine([folder])
    assert [fault for fault in faults if fault.file == "strategy.toml"] == []
    return catalogue.strategy


def test_it_has_four_parts_and_sixteen_policies(strategy):
    assert [part.number for part in strategy.parts] == ["1", "2", "3", "4"]
    assert [policy.number for policy in strategy.policies] == list(ACTIONS)


def test_every_action_stands_under_the_policy_it_is_printed_under(strategy):
    under = Counter(action.number.rpartition(".")[0] for action in strategy.actions)
    assert under == ACTIONS


def test_the_actions_of_a_policy_count_from_one_in_order(strategy):
    numbers = [action.number for action in strategy.actions]
    assert numbers == [f"{p}.{n}" for p, count in ACTIONS.items() for n in range(1, count + 1)]


def test_an_action_is_told_in_a_line_of_our_own(strategy):
    for action in strategy.actions:
        assert 20 <= len(action.summary) <= 130, action.number
        assert "The Mayor will" not in action.summary, action.number
        assert not action.summary.endswith("."), action.number
