"""Boroughs most like another: figures and verdicts are the release's, and so are the words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from social_evidence.app.site_input import site_input
from social_evidence.model.catalogue import Likeness
from social_evidence.model.comparison import Comparison
from social_evidence.site.areas import area_model, area_pages
from social_evidence.site.choices import Choices
from social_evidence.site.content import SiteInput
from social_evidence.site.figures import verdict_of
from social_evidence.site.pairs import turned
from social_evidence.site.render import render
from social_evidence.site.tree import frame_of

LIKENESS = Likeness(basis="how many live there", attribution=("Source: the town's own count.",))


@pytest.fixture(scope="module")
def site(made) -> SiteInput:
    """The release, every borough being like all others."""
    given = site_input(made.release.stored.folder, is_public=True)
    codes = [place.code for place in given.boroughs]
    similar = {code: tuple((other, 0.5) for other in codes if other != code)[:5] for code in codes}
    catalogue = replace(given.catalogue, similar=similar, likeness=LIKENESS)
    return replace(given, catalogue=catalogue)


def test_a_neighbour_is_judged_as_the_release_judges_the_pair(made, site) -> None:
    pairs: dict[tuple[str, ...], Comparison] = {}
    for record in made.release.comparisons.to_pylist():
        one = Comparison(**record)
        if one.kind == "pair" and one.area_from != one.area_to:
            cell = (one.measure, one.part, one.series, one.period_to, one.statistic, one.breakdown)
            pairs[*cell, one.area_from, one.area_to] = one
            back = turned(one)
            assert back is not None
            pairs[*cell, one.area_to, one.area_from] = back
    compared = 0
    for place in site.boroughs:
        model = area_model(Choices(site), place)
        for line in model.beside:
            row = line.standing.told.row
            cell = (row.measure, row.part, row.series, row.period, row.statistic, row.breakdown)
            for like, near in zip(model.like, line.figures, strict=True):
                known = pairs.get((*cell, place.code, like.code))
                unit = line.standing.measure.unit
                wanted = verdict_of(known, unit, line.standing.measure.decimals or 0)
                assert near is None or near.verdict == wanted, (place.name, like.name, row.measure)
                compared += bool(near and near.verdict)
    assert compared >= 10


def test_a_page_says_what_the_likeness_rests_on_and_whose_figures_they_are(site) -> None:
    pages = list(area_pages(Choices(site)))
    html = render(pages[-1], frame_of(site, pages))
    assert "By how many live there, these are the most like" in html
    assert "Source: the town&#39;s own count." in html
    plain = replace(site, catalogue=replace(site.catalogue, likeness=Likeness()))
    pages = list(area_pages(Choices(plain)))
    html = render(pages[-1], frame_of(plain, pages))
    assert "These are the most like" in html
    assert "census" not in html
