import numpy as np
import pytest

from social_evidence.errors import DataError
from social_evidence.methods import inequality

PEOPLE = np.array([900, 1100, 700, 1500, 800])
VALUE = np.array([0.21, 0.26, 0.30, 0.33, 0.41])
ERROR = np.array([0.012, 0.011, 0.014, 0.009, 0.013])
METHODS = (inequality.LINEAR, inequality.LOGIT, inequality.LOG)


def fitted(value, transform, back):
    """Fit the line by ordinary polynomial least squares with root weights."""
    share = PEOPLE / PEOPLE.sum()
    rank = np.cumsum(share) - share / 2
    slope, start = np.polyfit(rank, transform(value), 1, w=np.sqrt(share))
    return back(start), back(start + slope)


SCALES = {
    inequality.LINEAR: (lambda v: v, lambda u: u),
    inequality.LOGIT: (lambda v: np.log(v / (1 - v)), lambda u: 1 / (1 + np.exp(-u))),
    inequality.LOG: (np.log, np.exp),
}


@pytest.mark.parametrize("method", METHODS)
def test_the_indices_compare_the_two_ends_of_a_weighted_line(method):
    bottom, top = fitted(VALUE, *SCALES[method])
    i = inequality.slope_index(VALUE, ERROR, PEOPLE, method=method)
    assert float(i.slope_index) == pytest.approx(top - bottom)
    assert float(i.relative_index) == pytest.approx(top / bottom)
    assert float(i.intercept) == pytest.approx(bottom)
    assert i.interval_method == method


@pytest.mark.parametrize("method", METHODS)
def test_limits_agree_with_drawing_the_values_again(method):
    drawn = np.random.default_rng(9).normal(VALUE, ERROR, (20_000, 5))
    many = inequality.slope_index(drawn, ERROR, PEOPLE, method=method)
    i = inequality.slope_index(VALUE, ERROR, PEOPLE, method=method)
    lower, upper = np.quantile(many.slope_index, [0.025, 0.975])
    assert (float(i.lower), float(i.upper)) == pytest.approx((lower, upper), abs=0.003)
    low, high = np.quantile(many.relative_index, [0.025, 0.975])
    assert (float(i.relative_lower), float(i.relative_upper)) == pytest.approx(
        (low, high), rel=0.02
    )


def test_equal_values_have_no_inequality():
    i = inequality.slope_index(np.full(5, 0.3), ERROR, PEOPLE)
    assert float(i.slope_index) == pytest.approx(0.0, abs=1e-15)
    assert float(i.relative_index) == pytest.approx(1.0)


def test_turning_the_order_round_turns_the_slope_round():
    one = inequality.slope_index(VALUE, ERROR, PEOPLE)
    other = inequality.slope_index(VALUE[::-1], ERROR[::-1], PEOPLE[::-1])
    assert float(other.slope_index) == pytest.approx(-float(one.slope_index))
    assert float(other.relative_index) == pytest.approx(1 / float(one.relative_index))


def test_a_line_that_falls_below_zero_has_no_relative_index():
    i = inequality.slope_index([-0.5, 0.1, 0.9], [0.1, 0.1, 0.1], [1, 1, 1])
    assert np.isfinite(i.slope_index)
    assert np.isnan([i.relative_index, i.relative_lower]).all()


def test_one_group_alone_has_no_slope():
    assert np.isnan(inequality.slope_index([0.2, 0.3], [0.1, 0.1], [5, 0]).slope_index)


@pytest.mark.parametrize(
    ("method", "value"), [(inequality.LOGIT, 1.0), (inequality.LOGIT, 0.0), (inequality.LOG, 0.0)]
)
def test_a_value_off_the_scale_is_refused(method, value):
    with pytest.raises(DataError, match="1 of 2 values"):
        inequality.slope_index([0.5, value], [0.1, 0.1], [1, 1], method=method)


def test_an_unknown_line_is_refused_with_the_known_ones():
    with pytest.raises(DataError, match="population_weighted_logit"):
        inequality.slope_index([0.5], [0.1], [1], method="probit")
