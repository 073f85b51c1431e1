"""Which version a release gets, and whether one that was asked for says enough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.model.release import Step, Version

_WHY: Final[Mapping[Step, str]] = {
    "line": "figures were removed, which starts a new year line",
    "minor": "figures were added or revised, which makes a minor step",
    "patch": "mistakes were corrected, which makes a patch",
}


def number(step: Step, since: str, newest: str, created: date, asked: str | None) -> str:
    """Give a release its version.

    Args:
        step: Which part the changes call for.
        since: The release they are told against; empty for a first release.
        newest: The newest release there is, a draft perhaps; empty where there is none.
        created: The release's date.
        asked: A version that was asked for.

    Raises:
        StoreError: The version asked for exists, is not newer, or calls a removal a revision.
    """
    before = Version.parse(since) if since else None
    last = Version.parse(newest) if newest else None
    if asked is not None:
        return str(_checked(Version.parse(asked), step, before, last))
    if before is None:
        return str(Version.first(created.year))
    following = before.following(step, created.year)
    if last is not None and following <= last:
        # Drafts that nobody approved stand between: their line is open already.
        following = last.following("minor" if step == "line" else step, created.year)
    return str(following)


def _checked(asked: Version, step: Step, before: Version | None, last: Version | None) -> Version:
    if last is not None and asked <= last:
        raise StoreError(
            f"Version {asked} is not newer than {last}, which exists with other content. "
            "A release is never changed; leave --version out to get the next one."
        )
    if before is not None and not _says(asked, step, before):
        raise StoreError(
            f"Version {asked} does not say what happened since {before}: {_WHY[step]}. Whoever "
            "relies on a version relies on that; leave --version out to get the next one."
        )
    return asked


def _says(asked: Version, step: Step, before: Version) -> bool:
    if step == "line":
        return asked.line > before.line
    if step == "minor":
        return (asked.line, asked.minor) > (before.line, before.minor)
    return asked > before
