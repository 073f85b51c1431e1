"""Measure, publish and improve social integration: one definition, three populations."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from social_evidence.app.chi_squared import chi_squared
    from social_evidence.app.difference import difference
    from social_evidence.app.estimate import estimate
    from social_evidence.app.release import load_release
    from social_evidence.model.design import Calibration, Design
    from social_evidence.model.statistic import mean, proportion, quantile, ratio, total

__all__ = [
    "Calibration",
    "Design",
    "chi_squared",
    "difference",
    "estimate",
    "load_release",
    "mean",
    "proportion",
    "quantile",
    "ratio",
    "total",
]

# Loaded on first use: a command that only checks a definition need not wait for the engine.
_HOME: Final = {
    "Calibration": "model.design",
    "Design": "model.design",
    "chi_squared": "app.chi_squared",
    "difference": "app.difference",
    "estimate": "app.estimate",
    "load_release": "app.release",
    "mean": "model.statistic",
    "proportion": "model.statistic",
    "quantile": "model.statistic",
    "ratio": "model.statistic",
    "total": "model.statistic",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'social_evidence' has no attribute {name!r}")
    return getattr(import_module(f"social_evidence.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
