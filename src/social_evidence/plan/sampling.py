"""What a scan must know of how a sample was drawn, from what its source says."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.source import Source
from social_evidence.plan.scan import Form, Sampling, Scan


def form_of(source: Source) -> Form:
    """Choose the form of the scan from what the source says of its design.

    A household stands in for the PSU where the file holds none; where the file has one row a
    household, each row is its own PSU and nothing needs to be grouped.
    """
    design = source.design
    if design.replicates:
        return "replicates"
    if design.basis in {"weights_only", "assumed_deff", "none"}:
        return "unclustered"
    if design.psu or (design.household and source.base_unit != "households"):
        return "clustered"
    return "unclustered"


def sampling_of(source: Source) -> Sampling:
    """Say which columns of the design a scan reads, in the form the source's design has."""
    design, form = source.design, form_of(source)
    psu = (design.psu or design.household,) if form == "clustered" else ()
    assumed = design.basis in {"weights_only", "assumed_deff", "none"}
    return Sampling(
        form=form,
        weight=design.weight or None,
        strata=() if assumed or form == "replicates" else tuple(design.strata),
        psu=psu,
        replicates=tuple(design.replicates),
        missing_weight=design.missing_weight or "refuse",
    )


WAVE: Final = "wave of the pool"
"""Column of a stack of waves that tells them apart."""


def pooled_sampling(source: Source, weight: str) -> Sampling:
    """Say how the sample of several waves put together was drawn.

    Args:
        source: Its design, alike in every wave.
        weight: Column of the stack that holds the weights, scaled.

    Raises:
        DefinitionError: People return, and the source states a design effect, which knows nothing
            of them.
    """
    single, recurring = sampling_of(source), source.design.units_recur
    if recurring and source.design.basis == "assumed_deff":
        raise DefinitionError(
            f"source {source.id!r} states a design effect and says that units recur "
            f"({recurring!r}): a design effect knows nothing of who returns, so intervals of its "
            "pools would be too narrow. State pool.overlap and pool.correlation instead."
        )
    if not recurring:
        strata = single.strata if single.form == "replicates" else (WAVE, *single.strata)
        return replace(single, weight=weight, strata=strata)
    if single.form == "unclustered":
        # Each unit was its own PSU; one that returns is one PSU in all its waves.
        return replace(single, form="clustered", weight=weight, psu=(recurring,))
    return replace(single, weight=weight)


def disclosure_unit(source: Source) -> tuple[str, ...]:
    """Name the column of the unit that must be many in a cell, besides its rows."""
    unit = source.disclosure_unit or source.design.household
    return (unit,) if unit else ()


def unit_scan(source: Source, scan: Scan) -> Scan | None:
    """Ask for the disclosure units of every cell, where they are neither its rows nor its PSUs.

    A scan whose PSU is the unit has one entry for each unit in a cell, so counting entries counts
    units. None where that would tell nothing new, or where nothing is hidden by size.
    """
    unit = disclosure_unit(source)
    sampling = scan.sampling
    if source.published_openly or not unit or sampling.psu == unit:
        return None
    design = Sampling(
        form="clustered",
        weight=sampling.weight,
        psu=(*sampling.strata, *sampling.psu, *unit),
        missing_weight=sampling.missing_weight,
    )
    return replace(scan, sampling=design)
