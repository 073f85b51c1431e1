"""The sentence a measure's page begins with, made from its figure."""

from __future__ import annotations

from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.content import SiteInput
from social_evidence.site.figures import Told, decimals_of
from social_evidence.wording.spoken import about, told_of_people, when


def lede(site: SiteInput, measure: Measure, told: Told | None) -> str:
    """Say the headline in a sentence, from the title where that can be turned into one.

    Args:
        site: The release.
        measure: What is measured.
        told: The city's figure in words; None where there is none.
    """
    place = site.city.name
    if told is None:
        return f"There is no figure for {place}."
    row = told.row
    at = when(row.period)
    if row.statistic == "difference":
        return _gap_sentence(site, told, at)
    share = share_words(row, measure.decimals) if row.unit == "share" else ""
    if row.breakdown != ALL:
        return f"In the group “{group_name(site, row)}” in {place}: {share or told.value} {at}."
    if measure.parts:
        return f"{part_title(site, measure, row.part)}: {told.value} in {place} {at}."
    return _of_everybody(measure, told, share, place)


def share_words(row: Estimate, decimals: int | None = None) -> str:
    """Say a share as people say it, never as a fraction that its own range denies.

    Args:
        row: A row with a share.
        decimals: Decimals the measure asks for.
    """
    value = row.estimate or 0.0
    return about(value, row.lower, row.upper, decimals=decimals_of(row, decimals))


def _of_everybody(measure: Measure, told: Told, share: str, place: str) -> str:
    at = when(told.row.period)
    said = told_of_people(measure.title, share, place)
    if share and said and told.row.statistic == "proportion":
        return f"{said}."
    if share.startswith("about"):
        return f"{share[:1].upper()}{share[1:]} in {place}: {told.value} {at}."
    return f"{told.value} in {place} {at}."


def _gap_sentence(site: SiteInput, told: Told, at: str) -> str:
    row = told.row
    known = site.catalogue.breakdowns.get(row.breakdown)
    reference = site.names.groups.get((row.breakdown, known.reference if known else ""), "")
    value = told.value.removeprefix("−")
    side = "above" if (row.estimate or 0.0) < 0 else "below"
    return (
        f"In {site.city.name} the rate for the group “{group_name(site, row)}” is {value} {side} "
        f"that for “{reference}” {at}."
    )


def group_name(site: SiteInput, row: Estimate) -> str:
    """Name a row's group; empty for everybody."""
    if row.breakdown == ALL:
        return ""
    return site.names.groups.get((row.breakdown, row.group), row.group)


def measure_title(site: SiteInput, measure: Measure, part: str = "") -> str:
    """Name what a measure's figures are of: of one with parts the part it is known by."""
    if not measure.parts:
        return measure.title
    return part_title(site, measure, part or measure.headline.part)


def part_title(site: SiteInput, measure: Measure, part: str) -> str:
    """Name a part of a measure; one that has no name is the measure as a whole."""
    return site.names.parts.get((measure.id, part), measure.title)
