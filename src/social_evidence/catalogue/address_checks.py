"""Whether a source's files can be fetched from its addresses, and what carries on after it."""

from __future__ import annotations

from social_evidence.catalogue.definitions import Definitions
from social_evidence.model.address import ADDRESS_RULE, is_open_address
from social_evidence.model.source import Source


def check_addresses(source: Source, definitions: Definitions) -> None:
    """Note each path of `fetch` that is no file of it, each unusable address, a wrong successor.

    Args:
        source: The source.
        definitions: Everything read; faults are noted in it.
    """
    own = definitions.place("sources", source.id)
    known = definitions.ids("sources") - {source.id}
    if source.successor and source.successor not in known:
        own.at("successor").unknown("other source", source.successor, known)
    place = own.at("fetch")
    paths = [path for file in source.files for path in (file.path, *file.also)]
    for path, address in source.fetch.items():
        if path not in paths:
            place.unknown("file", path, paths)
        if not is_open_address(address):
            place.at(path).fault(f"{address!r} is no address of an open file: {ADDRESS_RULE}")
