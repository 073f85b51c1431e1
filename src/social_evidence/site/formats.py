"""The page of other formats and languages: which exist in this build, and where they are."""

from __future__ import annotations

from collections.abc import Iterable

from social_evidence.site.addresses import area_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.render import Page
from social_evidence.site.reports import report_files, report_path
from social_evidence.site.summaries import Summary

FORMATS = "formats/index.html"


def format_pages(choices: Choices, told: Iterable[Summary]) -> Iterable[Page]:
    """Make the page of formats, and every summary in large print.

    Args:
        choices: The release.
        told: Its summaries.
    """
    site = choices.site
    measures = [(one.title, measure_path(one.id)) for one in choices.measures]
    boroughs = [(one.name, area_path(one.name)) for one in site.boroughs]
    reports = [report_path(file) for file, _ in report_files(choices)]
    yield Page(
        path=FORMATS,
        template="formats.html",
        title="Other formats and languages",
        summary="Large print, plain text, Braille, easy read, pictures, reports, languages.",
        says={"measures": measures, "boroughs": boroughs, "reports": reports, "made": site.formats},
    )
    for one in told:
        yield Page(
            path=f"{one.folder}large.html",
            template="large.html",
            title=f"{one.title} (large print)",
            says={"summary": one},
        )
