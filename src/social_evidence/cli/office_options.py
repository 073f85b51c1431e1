"""What the commands that work on an office share: where it is, who asks, how faults are told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from social_evidence.app.packaged import LONDON, catalogue_folders
from social_evidence.catalogue.load import load
from social_evidence.errors import DataError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Signature

if TYPE_CHECKING:
    from social_evidence.app.grants_office import Imported
    from social_evidence.store.office.office import Office

OfficeOption = Annotated[
    str,
    typer.Option(
        "--office",
        metavar="PLACE",
        help="The office: an evidence base's folder, a file, or a URL of PostgreSQL.",
    ),
]
CatalogueOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--catalogue",
        metavar="FOLDER",
        help="Folder that holds catalogue.toml, or the name of a catalogue that comes with the "
        f"program; {LONDON} where none is named. May be repeated.",
    ),
]
RoleOption = Annotated[
    str,
    typer.Option("--role", metavar="ROLE", help="In which role you do this; never a name."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ROLE: Final = "office"
"""The role that is noted where none is said."""
_SHOWN: Final = 50


def signed(role: str) -> Signature:
    """Sign with a role and the time it is now."""
    return Signature(role=role, at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def use_case(module: str) -> Any:
    """Import a module of `app` only now: the database's library takes half a second."""
    return import_module(f"social_evidence.app.{module}")


def opened(place: str, *, is_new_allowed: bool = False) -> Office:
    """Open the office that a command names, importing its store only now."""
    store = import_module("social_evidence.store.office.office")
    office: Office = store.open_office(place, is_new_allowed=is_new_allowed)
    return office


def definitions(catalogue: Sequence[Path] | None) -> Catalogue:
    """Read the catalogue that a command names, or the one that comes with the program."""
    return load(catalogue_folders(catalogue))


def tell(imported: Imported, what: str, *, as_json: bool) -> None:
    """Say what came of an import; faults go to the error stream, each with its place.

    Raises:
        DataError: Something was left out. What is good has been kept all the same.
    """
    added = imported.added
    if as_json:
        told = {
            "kept": imported.kept,
            "new": added.accepted - added.revised,
            "changed": added.revised,
            "unchanged": added.unchanged,
            "faults": [_told(fault) for fault in imported.faults],
            "notices": [_told(notice) for notice in imported.notices],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            f"{imported.kept:,} {what} kept: {added.accepted - added.revised:,} new, "
            f"{added.revised:,} changed, {added.unchanged:,} as they were."
        )
        for notice in imported.notices[:_SHOWN]:
            typer.echo(f"note: {notice}")
    if imported.faults:
        lines = [f"  {fault}" for fault in imported.faults[:_SHOWN]]
        if len(imported.faults) > _SHOWN:
            lines.append(f"  … and {len(imported.faults) - _SHOWN:,} more; --json lists them all.")
        places = len({fault.place for fault in imported.faults})
        raise DataError(
            f"{places:,} of the file's {what} were left out, with {len(imported.faults):,} faults; "
            f"{imported.kept:,} were kept:\n" + "\n".join(lines)
        )


def _told(fault: object) -> dict[str, str]:
    return {name: getattr(fault, name) for name in ("place", "field", "reason")}
