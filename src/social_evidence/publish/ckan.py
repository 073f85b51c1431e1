"""Bring a CKAN package in line with a publication: what is there already is not sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from social_evidence.publish.ckan_client import Ckan
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile
from social_evidence.publish.notes import citation, dataset_notes, summary

Doing = Literal["create", "update", "delete", "unchanged"]

_OF_A_FOLDER: Final = ("api/", "index.html")
"""Files that lead to others beside them, and lead nowhere on a CKAN site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CkanStep:
    """One thing that is done, or would be. what: the package's name, or a resource's."""

    doing: Doing
    what: str
    bytes: int = 0


def upload(
    ckan: Ckan,
    package: str,
    content: Content,
    folder: Path,
    files: Sequence[PublishedFile],
    *,
    organisation: str = "",
    dry_run: bool = False,
) -> tuple[CkanStep, ...]:
    """Create or update a package and a resource for each main file of a publication.

    A resource is found again by its name, so its address stays the same from release to release.
    A file whose digest CKAN has already is not sent. Resources of other people are left alone.

    Args:
        ckan: The site.
        package: The package's name or id.
        content: The release, for its title and notes.
        folder: The publication's folder.
        files: Its files; those with a purpose of their own are sent.
        organisation: Whose package it is, needed by most sites to create one.
        dry_run: Say what would be done, and do nothing.

    Raises:
        StoreError: CKAN refuses or cannot be reached. What was sent stays; the same command goes
            on from there.
    """
    there = ckan.find("package_show", package)
    wanted = _package(content, package, organisation, there)
    steps = [_bring(ckan, package, wanted, there, dry_run=dry_run)]
    known = {resource["name"]: resource for resource in (there or {}).get("resources", ())}
    for file in files:
        if file.purpose and not file.path.startswith(_OF_A_FOLDER):
            told = _resource(content, file)
            old = known.get(told["name"])
            if old is not None and _is_same(told, old):
                steps.append(CkanStep(doing="unchanged", what=told["name"]))
                continue
            if not dry_run:
                _send(ckan, package, told, folder / file.path, old)
            doing: Doing = "create" if old is None else "update"
            steps.append(CkanStep(doing=doing, what=told["name"], bytes=file.bytes))
    return tuple(steps)


def withdraw(
    ckan: Ckan, package: str, version: str, notice: str, *, dry_run: bool = False
) -> tuple[CkanStep, ...]:
    """Put a notice in the place of a withdrawn release's files.

    Args:
        ckan: The site.
        package: The package's name or id.
        version: The release; resources of another one are left alone.
        notice: What people read instead.
        dry_run: Say what would be done, and do nothing.
    """
    there = ckan.find("package_show", package)
    if there is None:
        return ()
    steps = [CkanStep(doing="update", what=package)]
    if not dry_run:
        ckan.call("package_patch", {"id": there["id"], "notes": notice})
    for resource in there.get("resources", ()):
        if resource.get("release") == version:
            steps.append(CkanStep(doing="delete", what=resource["name"]))
            if not dry_run:
                ckan.call("resource_delete", {"id": resource["id"]})
    return tuple(steps)


def _package(
    content: Content, package: str, organisation: str, there: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Write the package's fields; extras of other people are kept."""
    own = {
        "release": content.version,
        "released": content.manifest.created,
        "content_digest": content.manifest.content,
        "licence": content.licence.name,
        "citation": citation(content),
    }
    others = [one for one in (there or {}).get("extras", ()) if one["key"] not in own]
    told = {
        "name": package,
        "title": content.title,
        "notes": "\n\n".join([summary(content), *dataset_notes(content)]),
        "version": content.version,
        "author": content.publisher,
        "url": content.address,
        "owner_org": organisation,
        "extras": [
            *({"key": one["key"], "value": one["value"]} for one in others),
            *({"key": key, "value": value} for key, value in own.items() if value),
        ],
    }
    return {name: value for name, value in told.items() if value}


def _bring(
    ckan: Ckan,
    package: str,
    wanted: Mapping[str, Any],
    there: Mapping[str, Any] | None,
    *,
    dry_run: bool,
) -> CkanStep:
    if there is None:
        if not dry_run:
            ckan.call("package_create", wanted)
        return CkanStep(doing="create", what=package)
    fields = {name: value for name, value in wanted.items() if name not in {"name", "owner_org"}}
    if all(_plain(there.get(name)) == _plain(value) for name, value in fields.items()):
        return CkanStep(doing="unchanged", what=package)
    if not dry_run:
        ckan.call("package_patch", {"id": there["id"], **fields})
    return CkanStep(doing="update", what=package)


def _plain(value: object) -> object:
    """Make extras comparable: their order says nothing, and CKAN adds fields of its own."""
    if isinstance(value, list):
        return sorted((str(one["key"]), str(one["value"])) for one in value)
    return value


def _resource(content: Content, file: PublishedFile) -> dict[str, str]:
    return {
        "name": file.title,
        "description": file.purpose,
        "format": Path(file.path).suffix.removeprefix(".").upper(),
        "mimetype": file.media_type,
        "hash": f"sha256:{file.sha256}",
        "release": content.version,
    }


def _is_same(wanted: Mapping[str, str], there: Mapping[str, Any]) -> bool:
    return all(there.get(name) == wanted[name] for name in ("hash", "description", "release"))


def _send(
    ckan: Ckan, package: str, told: Mapping[str, str], path: Path, old: Mapping[str, Any] | None
) -> None:
    if old is not None:
        ckan.call("resource_update", {"id": old["id"], **told}, path)
        return
    ckan.call(
        "resource_create",
        {"package_id": package, **told},
        path,
        found=lambda: _named(ckan, package, told["name"]),
    )


def _named(ckan: Ckan, package: str, name: str) -> dict[str, Any] | None:
    there = ckan.find("package_show", package) or {}
    resources: list[dict[str, Any]] = there.get("resources", [])
    return next((one for one in resources if one["name"] == name), None)
