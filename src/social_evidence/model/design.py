"""`Design`: how a sample was drawn, by column names. What a statistician writes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from social_evidence.errors import DesignError

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Known population totals the weights are made to meet; their effect enters the variance.

    method: post_stratify, rake, greg (linear) or greg_raking. margins: for post_stratify and
    rake, one mapping per margin: variable -> {level: total}; crossed variables joined by `*`.
    totals: for greg, variable (or `(Intercept)`, or `variable=level`) -> total.
    """

    method: Literal["post_stratify", "rake", "greg", "greg_raking"]
    margins: dict[str, dict[str, float]] | None = None
    totals: dict[str, float] | None = None
    epsilon: float = 1e-12
    max_iterations: int = 2000


@dataclass(frozen=True, slots=True)
class Design:
    """A sample design, by column names; lists where there are stages.

    weight: column of weights; None gives every row weight 1 (or the inverse of the sampling
    fraction where fpc is given). strata, psu, ssu: columns; PSU ids are always read within
    their stratum, SSU ids within their PSU. fpc: population sizes or sampling fractions, one
    column a stage. replicates: replicate weight columns; `pwgtp[1-80]` writes out a run of
    them. scale, rscales, mse, fay: as in R.
    lonely_psu: what a stratum with one PSU does. adjust_domain_lonely: whether a stratum that
    a subpopulation leaves with one PSU counts as lonely.
    """

    weight: str | None = None
    strata: str | Sequence[str] | None = None
    psu: str | Sequence[str] | None = None
    ssu: str | None = None
    fpc: str | Sequence[str] | None = None
    replicates: Sequence[str] | None = None
    replicate_method: str | None = None
    scale: float | None = None
    rscales: Sequence[float] | None = None
    mse: bool = False
    fay: float | None = None
    calibration: Calibration | None = None
    lonely_psu: LonelyPsu = "fail"
    adjust_domain_lonely: bool = False

    def __post_init__(self) -> None:
        if self.replicates is not None and self.replicate_method is None:
            raise DesignError(
                "Design: replicate weights are named but replicate_method is not, so their "
                "spread has no scale. Say brr, fay, jk1, jkn, bootstrap, "
                "successive_difference or other."
            )
        if self.ssu is not None and not self.psu:
            raise DesignError(
                "Design: ssu names units of the second stage, and nothing says in which units of "
                "the first they lie. Name those as psu; if there is one stage only, ssu is psu."
            )
        if self.lonely_psu not in {"fail", "remove", "certainty", "adjust", "average"}:
            raise DesignError(
                f"Design: lonely_psu is {self.lonely_psu!r}. "
                "Say fail, remove, certainty, adjust or average."
            )
