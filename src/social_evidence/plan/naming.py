"""Column names: from the publisher's, which change with the edition, to ours, which do not.

A publisher writes a wave's letter before each name, changes capitals, or gives a column another
name in every edition. A source says so once; every other definition then speaks our names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from social_evidence.errors import DataError
from social_evidence.model.source import Source, SourceFile

_FOLDS: Final[Mapping[str, Callable[[str], str]]] = {
    "exact": lambda name: name,
    "lower": str.lower,
    "upper": str.upper,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How the columns of one file are called: its names as they stand there, and what to do.

    Attributes:
        file: For messages.
        known: The file's own column names, in its order.
        case: `exact`, or folded to `lower` or `upper`.
        prefix: What is taken off the front of a name that has it.
        columns: Our name -> the publisher's in this file.
        aliases: Our name -> the publisher's in any file, the preferred first.
        names: Name after folding and without the prefix -> the file's own names that become it.
    """

    file: str
    known: tuple[str, ...]
    case: str = "exact"
    prefix: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fold(self, name: str) -> str:
        """Fold a name as the source says names are read."""
        return _FOLDS[self.case](name)

    def tried(self, ours: str) -> tuple[str, ...]:
        """List the publisher's names under which one of our columns is looked for, in order."""
        if ours in self.columns:
            return (self.columns[ours],)
        listed = self.aliases.get(ours, ())
        return tuple(listed) if ours in listed else (ours, *listed)

    def find(self, ours: str) -> str | None:
        """Find the file's own name of one of our columns; None where it has none.

        Raises:
            DataError: Two columns of the file answer to one name.
        """
        for name in self.tried(ours):
            if found := self._fitting(name):
                if len(found) > 1:
                    raise DataError(
                        f"{self.file}: {len(found)} columns fit {name!r}, which source definitions "
                        f"call {ours!r}: {', '.join(map(repr, found[:5]))}. Which one is meant "
                        "cannot be told: name it in the file's `columns`, or narrow the alias."
                    )
                return found[0]
        return None

    def _fitting(self, name: str) -> tuple[str, ...]:
        wanted = self.fold(name)
        if "*" not in wanted:
            return self.names.get(wanted, ())
        pattern = re.compile(".*".join(map(re.escape, wanted.split("*"))))
        return tuple(
            own for plain, owns in self.names.items() if pattern.fullmatch(plain) for own in owns
        )

    def everything(self, needed: Sequence[str]) -> dict[str, str]:
        """Name every column of the file: ours where a definition has one, else what is left.

        Args:
            needed: Our names that definitions use.

        Returns:
            Our name -> the file's own, in the file's order. A name that two columns come to share
            is given to neither, unless a definition needs it and it is refused.
        """
        ours = {name: own for name in needed if (own := self.find(name)) is not None}
        taken = set(ours.values())
        rest = {
            plain: owns[0]
            for plain, owns in self.names.items()
            if len(owns) == 1 and owns[0] not in taken and plain not in ours
        }
        order = {own: at for at, own in enumerate(self.known)}
        both = [*ours.items(), *rest.items()]
        return dict(sorted(both, key=lambda pair: order[pair[1]]))


def naming(source: Source, file: SourceFile, known: Sequence[str], name: str) -> Naming:
    """Say how the columns of one file of a source are called.

    Args:
        source: Its `case` and `aliases`.
        file: Its `prefix` and `columns`.
        known: The file's own column names.
        name: What messages call the file.
    """
    fold = _FOLDS[source.case]
    prefix = fold(file.prefix)
    plain: dict[str, tuple[str, ...]] = {}
    for own in known:
        folded = fold(own)
        if len(folded) > len(prefix):
            folded = folded.removeprefix(prefix)
        plain[folded] = (*plain.get(folded, ()), own)
    return Naming(
        file=name,
        known=tuple(known),
        case=source.case,
        prefix=file.prefix,
        columns=file.columns,
        aliases=source.aliases,
        names=plain,
    )


def is_renamed(source: Source, file: SourceFile) -> bool:
    """Say whether anything about a file's column names is other than it stands there."""
    return bool(source.case != "exact" or source.aliases or file.prefix or file.columns)
