"""Synthetic London, made once for all tests that only look at it."""

from __future__ import annotations

import pytest

from social_evidence.synthetic.london.population import City, make_city
from social_evidence.synthetic.london.sizes import FULL, SMALL


@pytest.fixture(scope="session")
def city() -> City:
    return make_city(FULL)


@pytest.fixture(scope="session")
def town() -> City:
    return make_city(SMALL)
