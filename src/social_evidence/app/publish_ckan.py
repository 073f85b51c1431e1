"""Send a publication to a CKAN site, such as a city's data store."""

from __future__ import annotations

from social_evidence.app.publish import Publication
from social_evidence.errors import DisclosureError
from social_evidence.publish.ckan import CkanStep, upload, withdraw
from social_evidence.publish.ckan_client import Ckan


def send(
    made: Publication,
    ckan: Ckan,
    package: str,
    *,
    organisation: str = "",
    dry_run: bool = False,
) -> tuple[CkanStep, ...]:
    """Create or update a CKAN package from a publication; of a withdrawn release, its notice.

    Args:
        made: What was published.
        ckan: The site.
        package: The package's name or id.
        organisation: Whose package it is, needed by most sites to create one.
        dry_run: Say what would be done, and do nothing.

    Returns:
        What was done, or would be, the package first.

    Raises:
        DisclosureError: It is a preview of a draft, or a copy before its day.
        StoreError: CKAN refuses or cannot be reached.
    """
    if made.content is None:
        notice = (made.folder / "README.txt").read_text(encoding="utf-8")
        return withdraw(ckan, package, made.version, notice, dry_run=dry_run)
    if marks := [mark for mark in made.marks if mark != "synthetic"]:
        raise DisclosureError(
            f"{made.folder} is marked {', '.join(marks)}, and a data store shows everybody what it "
            "holds. Approve the release, wait for its day, and publish it without the mark."
        )
    return upload(
        ckan,
        package,
        made.content,
        made.folder,
        made.files,
        organisation=organisation,
        dry_run=dry_run,
    )
