"""The refusal of a column that no file has: everything needed to mend it, in one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from social_evidence.catalogue.lines import line_of
from social_evidence.errors import DataError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.source import Source
from social_evidence.plan.fields import fields_about
from social_evidence.plan.naming import Naming
from social_evidence.readers.table import nearest

_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for a source's columns, for the message when one is missing.

    Attributes:
        catalogue: Its files hold the line to edit.
        askers: Column, by our name -> ids of the measures that need it.
    """

    catalogue: Catalogue
    askers: Callable[[str], Sequence[str]]


def missing_columns(
    source: Source,
    namings: Sequence[Naming],
    columns: Sequence[str],
    asking: Asking | None = None,
    giving: Sequence[str] = (),
) -> DataError:
    """Make the refusal of columns that a file, or every file of a wave, lacks.

    Args:
        source: Its aliases and what is still to be confirmed of it.
        namings: How the columns of the files looked into are called.
        columns: Our names of what is missing; the message tells of the first.
        asking: Who asks, where that is known.
        giving: Where the missing column is a key: the columns that are found by it, and lost.
    """
    first = columns[0]
    tried = tuple(dict.fromkeys(name for one in namings for name in one.tried(first)))
    files = " + ".join(one.file for one in namings)
    words = [f"{files}: column {first!r} is not in the {'files' if len(namings) > 1 else 'file'}"]
    if tried != (first,):
        words[0] += f", where it is looked for as {', '.join(map(repr, tried))}"
    words[0] += _nearest((first, *tried), namings) + "."
    if more := columns[1:]:
        listed = ", ".join(map(repr, more[:_LISTED])) + (" …" if len(more) > _LISTED else "")
        words.append(f"{len(more)} more are not: {listed}.")
    if asking is not None:
        words += _asked(source, first, tried, asking, giving)
    words.append(
        "Nothing can be computed without it: give its name in this edition under the source's "
        "`aliases` or the file's `columns`, or correct the layout if the columns look wrong."
    )
    return DataError(" ".join(words), columns=giving or columns)


def _nearest(names: Sequence[str], namings: Sequence[Naming]) -> str:
    known = [name for one in namings for name in (*one.known, *one.names)]
    return next((hint for name in names if (hint := nearest(name, known))), "")


def _asked(
    source: Source, column: str, tried: Sequence[str], asking: Asking, giving: Sequence[str]
) -> list[str]:
    """Say which measures need a column, and what was to be confirmed about it and where."""
    words = []
    if giving:
        listed = ", ".join(map(repr, giving[:_LISTED])) + (" …" if len(giving) > _LISTED else "")
        words.append(f"It is the key by which {listed} would be found.")
    askers = [measure for name in giving or (column,) for measure in asking.askers(name)]
    if measures := list(dict.fromkeys(askers)):
        more = f" and {len(measures) - _LISTED} more" if len(measures) > _LISTED else ""
        words.append(f"Needed by {', '.join(measures[:_LISTED])}{more}.")
    place = _definition(source, asking.catalogue)
    for path in fields_about(source, {column, *tried}):
        where = f"sources/{source.id}.toml"
        if place is not None:
            line = line_of(asking.catalogue.files[place], path)
            where = f"{place}, line {line}" if line else place
        words.append(f"It was to be confirmed ({path}, in {where}): {source.to_confirm[path]}")
    return words


def _definition(source: Source, catalogue: Catalogue) -> str | None:
    """Find the file a source is defined in."""
    ending = f"/{source.id}.toml"
    return next(
        (path for path in catalogue.files if path.endswith(ending) and "sources/" in path), None
    )
