"""Whether anything has changed since the last release: definitions, files, options, program, date.

It imports no engine and no estimator, so that a build with nothing to do is over at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path

from social_evidence.app.built_against import unknown_to
from social_evidence.app.file_digests import digests_of
from social_evidence.app.inputs import Inputs, chosen, gather
from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.store import manifest
from social_evidence.store.release import FOLDER, latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is asked of a build, besides definitions and files.

    created: the release's date. measures, latest, allow_missing, not_before: as in `build`.
    office: digest of what the office holds; empty where there is none.
    """

    created: date
    measures: tuple[str, ...] = ()
    latest: int | None = None
    allow_missing: bool = False
    not_before: date | None = None
    office: str = ""


def inputs_digest(inputs: Inputs, options: Options) -> str:
    """Digest everything a release follows from: two builds that share it give the same bytes."""
    found = [one for files in inputs.files.values() for one in files]
    digests = digests_of(one.path for one in found)
    stated = {
        "catalogue": inputs.catalogue.digest,
        "software": software_version(),
        "created": options.created.isoformat(),
        "measures": sorted(set(options.measures)),
        "latest": options.latest,
        "allow_missing": options.allow_missing,
        "not_before": options.not_before.isoformat() if options.not_before else "",
        **({"office": options.office} if options.office else {}),
        "files": sorted([one.source.id, one.name, digests[one.path]] for one in found),
        "missing": sorted([one.source.id, one.file.path] for one in inputs.missing),
    }
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def unchanged_release(
    catalogues: Sequence[Path],
    sources: Sequence[Path],
    out: Path,
    options: Options,
    version: str | None = None,
) -> Path | None:
    """Find the latest release where a build would only make it again.

    Args:
        catalogues: Folders of definitions.
        sources: Folders of source files.
        out: The evidence base.
        options: What is asked.
        version: Asked for, if any.

    Returns:
        Its folder; None where something has changed, or there is no release yet.

    Raises:
        EvidenceError: The definitions cannot be read, or the release is not as it was written.
    """
    folder = latest(out / FOLDER)
    stated = None if folder is None else manifest.read(folder)
    if folder is None or stated is None or not stated.inputs:
        return None
    if version not in {None, stated.version} or stated.created != options.created.isoformat():
        return None
    catalogue = load(catalogues)
    if catalogue.digest != stated.catalogue_digest:
        return None
    inputs = gather(catalogue, chosen(catalogue, options.measures), sources, options.latest)
    if inputs_digest(inputs, options) != stated.inputs:
        return None
    manifest.check_files(folder, stated.files)
    return None if unknown_to(out, folder) else folder


def date_of_build() -> date:
    """Give the date of a release that none was asked for: SOURCE_DATE_EPOCH's, else today's.

    Raises:
        DefinitionError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise DefinitionError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; it must be a number of seconds since 1970. "
            "The release's date is part of its content: unset it, or use --as-of."
        ) from None


def software_version() -> str:
    """Give the program's version, as it was installed."""
    try:
        return installed_version("social-evidence")
    except PackageNotFoundError:
        return "unknown"


def engine_version() -> str:
    """Give the engine that sums the files, with its version, as it was installed."""
    try:
        return f"duckdb {installed_version('duckdb')}"
    except PackageNotFoundError:
        return "duckdb"
