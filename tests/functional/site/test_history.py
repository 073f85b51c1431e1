"""What the page of a measure says of its figure's past."""

from __future__ import annotations

from dataclasses import replace

import pytest

from social_evidence.app.site_input import site_input
from social_evidence.model.estimate import Estimate
from social_evidence.site.choices import Choices
from social_evidence.site.content import Revision, SiteInput
from social_evidence.site.measures import measure_pages
from social_evidence.site.render import render
from social_evidence.site.tree import frame_of

NOTE = "The publisher sent better weights."


@pytest.fixture(scope="module")
def site(made) -> SiteInput:
    return site_input(made.release.stored.folder, is_public=True)


@pytest.fixture(scope="module")
def best(site) -> Estimate:
    """A share of everybody, by which its measure is known."""
    choices = Choices(site)
    rows = (choices.headline(measure) for measure in choices.measures)
    return next(row for row in rows if row and row.unit == "share" and row.lower is not None)


def page_of(site: SiteInput, row: Estimate) -> str:
    pages = list(measure_pages(Choices(site)))
    folder = f"measures/{row.measure.replace('_', '-')}/index.html"
    (page,) = (page for page in pages if page.path == folder)
    return " ".join(render(page, frame_of(site, pages)).split())


def test_a_figure_that_never_changed_says_so(site, best) -> None:
    assert f"First published in release {best.version_first}" in page_of(site, best)
    assert "It has not changed since." in page_of(site, best)


def test_a_revised_figure_tells_release_old_new_and_why(site, best) -> None:
    old = round((best.estimate or 0.0) - 0.05, 3)
    change = Revision(
        version="2026.9.0",
        old=old,
        new=best.estimate,
        old_lower=old - 0.04,
        old_upper=old + 0.04,
        new_lower=best.lower,
        new_upper=best.upper,
        cause="weight_change",
        note=NOTE,
    )
    html = page_of(replace(site, revisions={best.key: (change,)}), best)
    section = html[html.index('id="hist"') :]
    for words in ("2026.9.0", f"{old * 100:.0f}%", f"{(best.estimate or 0) * 100:.0f}%", NOTE):
        assert words in section
    assert "It has not changed since." not in html


def test_what_was_hidden_is_told_in_words_and_never_as_a_number(site, best) -> None:
    change = Revision(version="2026.9.0", old=None, new=best.estimate, cause="", note=NOTE)
    html = page_of(replace(site, revisions={best.key: (change,)}), best)
    section = html[html.index('id="hist"') :]
    assert "No figure" in section
    assert "None" not in section[: section.index(NOTE)]
