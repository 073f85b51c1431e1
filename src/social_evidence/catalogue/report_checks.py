"""Reports: Markdown beside the definitions, whose every reference must name what is defined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from social_evidence.catalogue.faults import Faults
from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug
from social_evidence.model.catalogue import Catalogue
from social_evidence.wording.references import checked, references


def check_reports(catalogue: Catalogue, faults: Faults) -> None:
    """Note every reference of a report that cannot be read or names nothing.

    Whether there is a figure behind it is known only once there is a release: the site says that.

    Args:
        catalogue: The definitions, with the text of each file.
        faults: Where faults are noted, with the line.
    """
    names: dict[str, str] = {}
    for file, text in reports_of(catalogue):
        first = names.setdefault(slug(PurePosixPath(file).stem), file)
        if first != file:
            faults.add(file, "", f"would have the address of {first}. Name one of them otherwise.")
        try:
            found = references(text, file)
        except DefinitionError as wrong:
            _note(faults, file, wrong)
            continue
        for _, _, reference in found:
            try:
                checked(reference, catalogue, file)
            except DefinitionError as wrong:
                _note(faults, file, wrong)


def reports_of(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Give the file and the text of each report."""
    for file, text in catalogue.files.items():
        if file.endswith(".md"):
            yield file, text


def _note(faults: Faults, file: str, wrong: DefinitionError) -> None:
    line, _, message = str(wrong).removeprefix(f"{file}, ").partition(": ")
    faults.add(file, line, message)
