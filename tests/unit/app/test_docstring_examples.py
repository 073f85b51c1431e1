"""The examples in the docstrings of the questions run and give what they say."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from social_evidence.app import difference, estimate


@pytest.mark.parametrize("module", [estimate, difference])
def test_the_examples_give_what_they_say(module: ModuleType) -> None:
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert done.failed == 0
