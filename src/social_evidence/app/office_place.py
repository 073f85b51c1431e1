"""Where the office of an evidence base is, and a digest of what it holds.

It imports no estimator, so that a build with nothing to do is over at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from social_evidence.store.office.office import Office

FILE: Final = "office.sqlite"


def office_of(out: Path, office: str | Path | None) -> str | Path | None:
    """Find the office of an evidence base: the one named, else its own where there is one."""
    if office:
        return office
    own = out / FILE
    return own if own.is_file() else None


@contextmanager
def opened(target: str | Path) -> Iterator[Office]:
    """Open an office that is there.

    Raises:
        StoreError: It is not there or cannot be read.
    """
    # Builds without an office do without the database's driver, which takes a while to import.
    from social_evidence.store.office.office import open_office  # noqa: PLC0415 - as just said

    with open_office(target, is_new_allowed=False) as found:
        yield found


def digest_of_office(out: Path, office: str | Path | None) -> str:
    """Digest what an office holds; empty where there is none.

    Raises:
        StoreError: The office named is not there or cannot be read.
    """
    target = office_of(out, office)
    if target is None:
        return ""
    with opened(target) as found:
        return found.digest()


def note_rebuilt(out: Path, office: str | Path | None, *, digest: str, version: str) -> int:
    """Note in the office that a release was made without those who were removed from it.

    Nothing is noted where the office has changed since the build read it: somebody who was removed
    meanwhile is still in the release.

    Args:
        out: The evidence base.
        office: The office, where it is not the base's own.
        digest: Of what the build read.
        version: Of the release.

    Returns:
        How many removals it settles.
    """
    target = office_of(out, office)
    if target is None:
        return 0
    with opened(target) as found:
        waits = any(not removal.rebuilt_by for removal in found.removals())
        return found.mark_rebuilt(version) if waits and found.digest() == digest else 0
