"""Areas: codes, names and the tree that says which area adds up to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from social_evidence.errors import DefinitionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area of a tree.

    Attributes:
        code: Official code, for example `E09000033`.
        name: What people read.
        kind: city, inner_outer, borough, comparator, country, state.
        parent: Code of the area it belongs to; empty at the top.
        tree: Which tree of areas it stands in, where a catalogue has several.
        vintage: Year of the boundaries.
        aliases: Other names that publishers use for it.
    """

    code: str
    name: str
    kind: str
    parent: str = ""
    tree: str = "main"
    vintage: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaTree:
    """All areas of a catalogue, looked up by code or by a name a publisher uses."""

    areas: Mapping[str, Area] = field(default_factory=dict)

    @classmethod
    def from_areas(cls, areas: Iterable[Area]) -> AreaTree:
        """Build the tree; refuse two areas with one code and parents that do not exist."""
        by_code: dict[str, Area] = {}
        for area in areas:
            if area.code in by_code:
                raise DefinitionError(f"Area {area.code!r} is defined twice. Keep one of them.")
            by_code[area.code] = area
        for area in by_code.values():
            if area.parent and area.parent not in by_code:
                raise DefinitionError(
                    f"Area {area.code!r} names the parent {area.parent!r}, which is not defined."
                )
        return cls(by_code)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes from `code` up to the top of its tree, itself first."""
        line: list[str] = []
        while code and code not in line:
            line.append(code)
            code = self.areas[code].parent
        return tuple(line)

    def children(self, code: str) -> tuple[str, ...]:
        """Codes of the areas directly below, sorted."""
        return tuple(sorted(a.code for a in self.areas.values() if a.parent == code))

    def leaves(self, code: str) -> tuple[str, ...]:
        """Codes of the lowest areas under `code`, sorted; itself when it has no children."""
        below = self.children(code)
        if not below:
            return (code,)
        return tuple(sorted({leaf for child in below for leaf in self.leaves(child)}))

    def find(self, text: str) -> str | None:
        """Find the code for a code, a name or an alias, without regard to case or blanks."""
        if text in self.areas:
            return text
        wanted = _plain(text)
        for area in self.areas.values():
            if wanted in {_plain(area.name), *map(_plain, area.aliases)}:
                return area.code
        return None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("&", "and").split())
