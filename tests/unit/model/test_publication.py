"""What a publication plan refuses."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.publication import PublicationPlan, ReliabilityRule


def test_a_plan_grades_by_the_usual_limits() -> None:
    rule = PublicationPlan().reliability
    assert rule.width == rule.relative_error == (0.05, 0.10, 0.20)


@pytest.mark.parametrize("limits", [(0.1, 0.2), (0.2, 0.1, 0.3), (0.0, 0.1, 0.2), (0.1, 0.1, 0.2)])
def test_limits_that_grade_nothing_are_refused(limits: tuple[float, ...]) -> None:
    with pytest.raises(DefinitionError, match=r"reliability\.width"):
        ReliabilityRule(width=limits)
    with pytest.raises(DefinitionError, match=r"reliability\.relative_error"):
        ReliabilityRule(relative_error=limits)
