"""Fields of a source by their path, and which of them speak of a column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from social_evidence.model.source import Source
from social_evidence.model.source_maps import Derived

_WORD: Final = re.compile(r"\w+")


def steps(path: str) -> tuple[str, ...]:
    """Split a field's path into its steps; `files[1]` and `files.1` are both the first file."""
    found: list[str] = []
    for step in path.split("."):
        name, _, index = step.partition("[")
        found.append(name)
        if index.rstrip("]").isdigit():
            found.append(index.rstrip("]"))
    return tuple(found)


def reached(source: Source, path: str) -> tuple[object, int, Collection[str]]:
    """Follow a path into a source as far as it leads.

    Returns:
        What stands there, how many steps led there, and the names the next step could have had.
    """
    here: object = source
    for at, step in enumerate(steps(path)):
        known = _below(here)
        if step not in known:
            return here, at, known
        here = _next(here, step)
    return here, len(steps(path)), ()


def fields_about(source: Source, columns: Collection[str]) -> tuple[str, ...]:
    """List the fields still to be confirmed that speak of one of some columns.

    A field speaks of a column if it names it, or a derived variable that is worked out of it.
    """
    derived = [
        name
        for name, one in source.derived.items()
        if set(_WORD.findall(one.expression)) & set(columns)
    ]
    names = {*columns, *derived}
    found = []
    for path in source.to_confirm:
        here, led, _ = reached(source, path)
        said = set(_texts(here)) if led else set()
        if isinstance(here, Derived):
            said |= set(_WORD.findall(here.expression))
        if steps(path)[-1] in names or names & said:
            found.append(path)
    return tuple(found)


def _below(here: object) -> Collection[str]:
    if is_dataclass(here) and not isinstance(here, type):
        return [field.name for field in fields(here)]
    if isinstance(here, Mapping):
        return [str(key) for key in here]
    if isinstance(here, tuple):
        return [str(at) for at in range(1, len(here) + 1)]
    return ()


def _next(here: object, step: str) -> object:
    if isinstance(here, Mapping):
        return next(value for key, value in here.items() if str(key) == step)
    return here[int(step) - 1] if isinstance(here, tuple) else getattr(here, step)


def _texts(here: object) -> Iterator[str]:
    """Give every text that stands at or below a field; of a whole source, none."""
    if isinstance(here, str):
        yield here
    elif not isinstance(here, Source):
        for step in _below(here):
            if isinstance(here, Mapping):
                yield step
            yield from _texts(_next(here, step))
