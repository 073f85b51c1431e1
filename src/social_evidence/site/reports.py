"""Reports: Markdown of the catalogue as pages, every number of them filled from the release."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug
from social_evidence.site.addresses import measure_path, relative
from social_evidence.site.choices import Choices
from social_evidence.site.render import Page
from social_evidence.site.report_figures import block, finding
from social_evidence.site.report_markup import CLOSE, OPEN, Filled, Section, with_slots, write
from social_evidence.site.report_values import ReportReader
from social_evidence.wording.references import BLOCKS, Reference, checked, fault, references

INDEX = "report/index.html"
SECTION = "Reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportModel:
    """What a report's page says. contents: title and id of each section."""

    title: str
    summary: str
    sections: tuple[Section, ...]

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Title and id of the sections that have a heading."""
        return tuple((one.title, one.id) for one in self.sections if one.title)


def report_files(choices: Choices) -> tuple[tuple[str, str], ...]:
    """Give the file and the text of each report that the release's catalogue holds."""
    files = choices.site.catalogue.files
    return tuple((file, files[file]) for file in sorted(files) if file.endswith(".md"))


def report_path(file: str) -> str:
    """Address of a report's page."""
    return f"report/{slug(PurePosixPath(file).stem)}/index.html"


def report_pages(choices: Choices) -> Iterable[Page]:
    """Make the page of every report, and the list of them.

    Raises:
        DefinitionError: A report names what is not defined, or a figure that is hidden or not
            there and for which it has no other words. File and line are named.
    """
    made = [(file, report_model(choices, file, text)) for file, text in report_files(choices)]
    if not made:
        return
    yield Page(
        path=INDEX,
        template="reports.html",
        title=SECTION,
        summary="Reports whose every number is filled from this release.",
        section=SECTION,
        says={"reports": [(one.title, one.summary, report_path(file)) for file, one in made]},
    )
    for file, model in made:
        yield Page(
            path=report_path(file),
            template="report.html",
            has_charts=True,
            title=model.title,
            summary=model.summary,
            section=SECTION,
            says={"model": model},
        )


def report_model(choices: Choices, file: str, text: str) -> ReportModel:
    """Fill a report from a release.

    Args:
        choices: The release, and what is chosen of it.
        file: The report's file, for messages and its address.
        text: Markdown with references.

    Raises:
        DefinitionError: As `report_pages`.
    """
    page = report_path(file)
    read = ReportReader(choices, page, file)
    found = references(text, file)
    slots = with_slots(text, [(start, end) for start, end, _ in found])
    filled = list(_filled(read, [one for _, _, one in found]))
    _check_alone(slots, found, filled, file)
    links = {
        f"measure:{measure.id}": relative(page, measure_path(measure.id))
        for measure in choices.measures
    }
    written = write(slots, filled, links)
    if not written.title:
        raise DefinitionError(
            f"{file}: the report has no title. Begin it with a line such as: # State of the city"
        )
    return ReportModel(title=written.title, summary=written.summary, sections=written.sections)


def _filled(read: ReportReader, found: Iterable[Reference]) -> Iterable[Filled]:
    number = 0
    for one in found:
        reference = checked(one, read.site.catalogue, read.file)
        if reference.form == "chart":
            number += 1
        if reference.form in BLOCKS:
            yield block(read, reference, number)
        elif reference.form == "finding":
            yield finding(read, reference)
        else:
            yield read.inline(reference)


def _check_alone(
    slots: str,
    found: Iterable[tuple[int, int, Reference]],
    filled: list[Filled],
    file: str,
) -> None:
    """Refuse a figure or table that shares its paragraph with words."""
    paragraphs = {one.strip() for one in re.split(r"\n\s*\n", slots)}
    for at, (_, _, reference) in enumerate(found):
        mark = f"{OPEN}{at}{CLOSE}"
        if filled[at].is_block and mark not in paragraphs:
            raise fault(
                file,
                reference.line,
                f"a {reference.form} stands in a paragraph of its own: put empty lines around it.",
            )
