"""What a scan must know of how a sample was drawn, from what its source says."""

from __future__ import annotations

from dataclasses import replace

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
