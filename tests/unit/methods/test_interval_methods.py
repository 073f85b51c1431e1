"""Intervals of shares by name: what each method needs, and the exact limits at 0 and 1."""

from __future__ import annotations

import numpy as np
import pytest

from social_evidence.errors import DefinitionError
from social_evidence.methods import interval_methods


@pytest.mark.parametrize("method", interval_methods.PROPORTION_METHODS)
def test_no_degrees_of_freedom_give_no_limits(method):
    extras = interval_methods.ProportionExtras(rows=np.array([9.0]), base=np.array([9.0]))
    result = interval_methods.proportion(
        method, np.array([0.4]), np.array([0.1]), np.array([0]), extras=extras, exact_at_edges=True
    )
    assert np.isnan(result.lower).all()
    assert np.isnan(result.upper).all()


def test_edges_get_the_exact_method_and_say_so():
    extras = interval_methods.ProportionExtras(
        rows=np.array([50.0, 50.0]), base=np.array([50.0, 50.0])
    )
    result = interval_methods.proportion(
        "logit",
        np.array([0.0, 0.5]),
        np.array([0.0, 0.1]),
        np.array([49, 49]),
        extras=extras,
        exact_at_edges=True,
    )
    assert result.method == ("beta", "logit")
    assert result.upper[0] == pytest.approx(1 - 0.025 ** (1 / 50))


def test_an_unknown_method_is_refused_with_the_known_ones():
    with pytest.raises(DefinitionError, match="logit, xlogit, beta"):
        interval_methods.proportion("agresti", np.array([0.5]), np.array([0.1]), 5)


def test_beta_is_refused_without_rows():
    with pytest.raises(DefinitionError, match="needs rows"):
        interval_methods.proportion("beta", np.array([0.5]), np.array([0.1]), 5)
