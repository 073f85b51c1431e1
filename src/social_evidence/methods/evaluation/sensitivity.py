"""How easily something unseen could explain a result."""

from __future__ import annotations

import math

from scipy import special

from social_evidence.errors import DataError


def e_value(ratio: float) -> float:
    """Say how strongly something unseen would have to act to explain a risk ratio away.

    Args:
        ratio: Of risks, above 0; below 1 it is turned over.

    Raises:
        DataError: It is not above 0.

    Source:
        VanderWeele and Ding (2017), Annals of Internal Medicine 167, 268-274.
    """
    if not ratio > 0:
        raise DataError(f"A ratio of {ratio:g}: it must be above 0.")
    own = max(ratio, 1 / ratio)
    return own + math.sqrt(own * (own - 1))


def e_value_of_limit(ratio: float, limit: float) -> float:
    """Give the E-value of the limit nearer to no effect; 1 where the limits reach across it."""
    if (ratio - 1) * (limit - 1) <= 0:
        return 1.0
    return e_value(limit)


def regression_to_mean(spread: float, correlation: float, cut: float = 0.0) -> float:
    """Say how far people chosen for a low value rise by themselves when asked again.

    Args:
        spread: Standard deviation of the value among all.
        correlation: Between the two times.
        cut: They were chosen below this many spreads above the mean; 0 is below the mean.

    Returns:
        The rise to expect with no effect at all.

    Source:
        Davis (1976), American Journal of Epidemiology 104, 493-498: SD (1 - rho) phi(z) / Phi(z).
    """
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    return spread * (1 - correlation) * density / float(special.ndtr(cut))
