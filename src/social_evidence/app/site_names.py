"""Whether an address of an area still means the area it meant in earlier releases."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug


def check_area_names(releases: Sequence[Path]) -> None:
    """Refuse an area whose name, as it stands in addresses, was another area's.

    Addresses of measures and groups are their ids; an area's is its name, which may change.

    Args:
        releases: Folders of the public releases, oldest first.

    Raises:
        DefinitionError: A name went from one area to another.
    """
    first: dict[str, tuple[str, str]] = {}
    for folder in releases:
        with (folder / "areas.csv").open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                name = slug(row["name"])
                code, release = first.setdefault(name, (row["area"], folder.name))
                if code != row["area"]:
                    raise DefinitionError(
                        f"The address areas/{name}/ was that of area {code} in release {release} "
                        f"and would be that of {row['area']} in {folder.name}. Whoever kept a link "
                        "would read of another place: give the area another name in areas.toml."
                    )
