"""The smallest release there is: one figure of one survey, and drafts that hold it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from social_evidence.model.estimate import Estimate
from social_evidence.store import release


def figure(**changed: Any) -> Estimate:
    """Give a figure that is shown, with some columns changed."""
    given: dict[str, Any] = {
        "measure": "neighbours_trusted",
        "series": "survey",
        "period": "2016",
        "period_start": dt.date(2016, 1, 1),
        "period_end": dt.date(2016, 12, 31),
        "area": "E12000007",
        "statistic": "proportion",
        "unit": "share",
        "estimate": 0.614,
        "base": 1200,
        "method": "survey",
        "source": "survey",
    }
    return Estimate(**{**given, **changed})


def draft(*rows: Estimate, **changed: Any) -> release.Draft:
    """Draft a release of some figures, with some of what it says changed."""
    given: dict[str, Any] = {
        "title": "A test",
        "created": dt.date(2026, 11, 22),
        "software_version": "0.1.0",
        "catalogue_digest": "0" * 64,
        "estimates": rows,
        "provenance": [],
        "quality": {},
        "areas": [],
        "catalogue": {},
    }
    return release.Draft(**{**given, **changed})
