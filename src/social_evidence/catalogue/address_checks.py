"""Whether a source's addresses are such that its open files can be fetched from them."""

from __future__ import annotations

from urllib.parse import urlsplit

from social_evidence.catalogue.definitions import Definitions
from social_evidence.model.source import Source


def check_addresses(source: Source, definitions: Definitions) -> None:
    """Note every path of `fetch` that is no file of the source, and every unusable address.

    Args:
        source: The source.
        definitions: Everything read; faults are noted in it.
    """
    place = definitions.place("sources", source.id).at("fetch")
    paths = [path for file in source.files for path in (file.path, *file.also)]
    for path, address in source.fetch.items():
        if path not in paths:
            place.unknown("file", path, paths)
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            place.at(path).fault(
                f"{address!r} is no address of an open file: only http and https addresses "
                "without a name and password are fetched."
            )
