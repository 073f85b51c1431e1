"""Which approved releases a release was built knowing of: drafts that do not are not approved."""

from __future__ import annotations

from pathlib import Path

from social_evidence.errors import DisclosureError
from social_evidence.store import manifest
from social_evidence.store.ledger import read_ledger


def check_against(base: Path, folder: Path) -> None:
    """Check that a release was built knowing every release that has been approved.

    Two drafts built side by side are each safe alone, and may give counts away together.

    Args:
        base: The evidence base.
        folder: The release.

    Raises:
        DisclosureError: Another release was approved after it was built.
    """
    if strangers := unknown_to(base, folder):
        raise DisclosureError(
            f"Release {folder.name} was built before {', '.join(strangers)} was approved, so the "
            "two together may give hidden counts away. Build it again (build --rebuild)."
        )


def unknown_to(base: Path, folder: Path) -> tuple[str, ...]:
    """List approved releases that a release was built without knowing of."""
    known = {folder.name, *manifest.read(folder).against}
    versions = read_ledger(base)["version"].unique().to_pylist()
    return tuple(version for version in versions if version not in known)
