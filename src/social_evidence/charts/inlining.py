"""Style rules written onto the elements they are for, so that a file needs no style sheet.

Programs that place a drawing in a document seldom read style sheets, and a server with a strict
content policy lets none stand inside a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from social_evidence.charts.sheet import MAPS, MARKS, TEXT
from social_evidence.charts.svg import escape, number
from social_evidence.errors import DefinitionError

_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CONTAINER: Final = re.compile(r"@container[^{]*\{(?:[^{}]*\{[^{}]*\})*\}")
_REM: Final = re.compile(r"([\d.]+)rem\b")
_TAG: Final = re.compile(r"<([a-z]+)((?: [\w:-]+=\"[^\"]*\")*)(/?)>", re.IGNORECASE)
_CLASS: Final = re.compile(r' class="([^"]*)"')
_PAINT: Final = re.compile(r' (fill|stroke|color|font-family)="var\(--([a-z0-9-]+)\)"')
_TOKEN: Final = re.compile(r"var\(--([a-z0-9-]+)\)")
_TOKEN_CLASS: Final = re.compile(r"\b(fill|stroke)-([a-z0-9-]+)(?=[ \"])")
_ROOT_SIZE: Final = 16.0
_LEFT_OUT: Final = frozenset(
    # What is no attribute of SVG, or what few programs know: one that does not know paint-order
    # would draw the outline of a label over its letters.
    {"display", "width", "overflow", "font-family", "font-variant-numeric", "unicode-bidi"}
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with its declarations: which tag and classes, and inside what.

    weight: Number of classes and tags of the whole selector; where equal, the later rule wins.
    """

    tag: str
    classes: frozenset[str]
    inside: tuple[str, ...]
    weight: tuple[int, int]
    declared: tuple[tuple[str, str], ...]


def inlined(
    drawn: str, tokens: Mapping[str, str], *, is_map: bool = False, named: bool = False
) -> str:
    """Replace classes by the attributes their rules give.

    Args:
        drawn: Marks of a chart, without links.
        tokens: Name of a token without its dashes -> its value.
        is_map: Whether the marks are those of a map.
        named: Whether an element keeps the names of its tokens as classes, such as `fill-ink`, so
            that `dark_rules` can give them other values.

    Returns:
        The marks; an attribute that an element has already is kept.

    Raises:
        DefinitionError: A rule uses a token that has no value.
    """

    def dressed(found: re.Match[str]) -> str:
        tag, attributes, end = found.groups()
        classes = _CLASS.search(attributes)
        names = tuple(classes[1].split()) if classes else ()
        kept = _PAINT.sub(
            lambda paint: f' {paint[1]}="{_value(paint[2], tokens)}"', _CLASS.sub("", attributes)
        )
        given = "".join(
            f' {name}="{_TOKEN.sub(lambda token: _value(token[1], tokens), value)}"'
            for name, value in declared_for(tag, names, is_map=is_map)
            if f" {name}=" not in kept
        )
        classed = _named(attributes, declared_for(tag, names, is_map=is_map)) if named else ""
        return f"<{tag}{classed}{kept}{given}{end}>"

    return _TAG.sub(dressed, drawn)


def dark_rules(drawn: str, tokens: Mapping[str, str]) -> str:
    """Write the rules by which a reader who prefers it sees a drawing on a dark ground.

    Args:
        drawn: Marks whose elements keep the names of their tokens.
        tokens: Name of a token -> its value on a dark ground.
    """
    used = sorted(set(_TOKEN_CLASS.findall(drawn)))
    rules = "".join(f".{paint}-{name}{{{paint}:{_value(name, tokens)}}}" for paint, name in used)
    return f"@media (prefers-color-scheme:dark){{{rules}}}" if rules else ""


def _named(attributes: str, declared: Sequence[tuple[str, str]]) -> str:
    """Write the tokens an element is painted with as classes."""
    own = dict(_PAINT.findall(attributes))
    given = {name: match[1] for name, value in declared if (match := _TOKEN.fullmatch(value))}
    names = [
        f"{paint}-{token}"
        for paint in ("fill", "stroke")
        if (token := own.get(paint, "" if f" {paint}=" in attributes else given.get(paint, "")))
    ]
    return f' class="{" ".join(names)}"' if names else ""


@lru_cache(maxsize=1024)
def declared_for(
    tag: str, classes: tuple[str, ...], *, is_map: bool
) -> tuple[tuple[str, str], ...]:
    """Settle what an element looks like: the heavier rule wins, then the later one."""
    if tag != "text" and not classes:
        return ()
    found: dict[str, str] = {}
    # The outline of a label is what this class is for, and nothing else.
    own = frozenset(classes) - {"halo"}
    for rule in sorted(_rules(), key=lambda rule: rule.weight):
        if rule.tag not in {"", tag} or not rule.classes <= own:
            continue
        if all(_holds(part, is_map) for part in rule.inside):
            found |= dict(rule.declared)
    return tuple(sorted(found.items()))


def _holds(part: str, is_map: bool) -> bool:
    """Whether marks lie inside what a selector asks for; links have been taken out."""
    return part == ".ch" or (part == ".ch.map" and is_map)


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    sheet = _REM.sub(
        lambda found: f"{number(float(found[1]) * _ROOT_SIZE)}px",
        _CONTAINER.sub("", TEXT + MARKS + MAPS),
    )
    return tuple(
        _rule(selector.strip(), declared)
        for selectors, declared in _RULE.findall(sheet)
        for selector in selectors.split(",")
    )


def _rule(selector: str, declared: str) -> _Rule:
    *inside, last = selector.split()
    return _Rule(
        tag="".join(re.findall(r"^[a-z]+", last)),
        classes=frozenset(_class_names([last])),
        inside=tuple(inside),
        weight=(len(_class_names([*inside, last])), len(re.findall(r"(?:^| )[a-z]+", selector))),
        declared=tuple(_declarations(declared)),
    )


def _class_names(parts: Sequence[str]) -> list[str]:
    return [name for part in parts for name in re.findall(r"\.([\w-]+)", part)]


def _declarations(declared: str) -> list[tuple[str, str]]:
    pairs = (item.partition(":") for item in declared.split(";") if item.strip())
    return [
        (name.strip(), value.strip())
        for name, _, value in pairs
        if name.strip() not in _LEFT_OUT and not name.strip().startswith("paint-")
    ]


def _value(name: str, tokens: Mapping[str, str]) -> str:
    if name not in tokens:
        raise DefinitionError(
            f"The chart uses the token {name!r}, which has no value. Give every token of the style "
            "sheet's light palette."
        )
    return escape(tokens[name]).replace("&quot;", "'")
