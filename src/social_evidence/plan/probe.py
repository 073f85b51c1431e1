"""Rows to try a derived variable on: each input unknown in turn, the others taking every value.

A definition that forgets the unknown counts those people as one of the answers, and the figure
still looks plausible. Values are taken from the expression's own literals and their neighbours,
so that each of its branches is entered.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from social_evidence.plan.derived import columns_used, parse_expression

MOST_ROWS: Final = 1_000
"""Rows tried for each unknown input; where there are more combinations, so many are spread out."""
_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_MOST_MIXED: Final = 6
"""Inputs up to which numbers and text are tried in every mixture."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One row to try. unknown: the input that is null in it; empty where none is."""

    unknown: str
    row: Mapping[str, object]


def probes(
    expression: str, *, field: str, null_means: Collection[str] = ()
) -> Iterator[tuple[Probe, ...]]:
    """Make rows to try an expression on, for each way its inputs may be numbers or text.

    Args:
        expression: The derived variable's SQL scalar.
        field: Where it stands, for messages.
        null_means: Inputs whose absence is an answer; they are not made unknown.

    Yields:
        Rows of one mixture of numbers and text, numbers first: the first that the expression can
        be computed on decides.

    Raises:
        DefinitionError: The expression is not allowed.
    """
    tree = parse_expression(expression, field=field)
    inputs = columns_used(tree)
    numbers, texts = _numbers(tree), _texts(tree)
    for kinds in _mixtures(len(inputs)):
        values = {
            name: texts if is_text else numbers for name, is_text in zip(inputs, kinds, strict=True)
        }
        found = [Probe("", {name: options[0] for name, options in values.items()})]
        for unknown in inputs:
            if unknown not in null_means:
                found += _rows_without(unknown, values)
        yield tuple(found)


def _mixtures(inputs: int) -> Iterator[tuple[bool, ...]]:
    if inputs <= _MOST_MIXED:
        yield from itertools.product((False, True), repeat=inputs)
    else:
        yield (False,) * inputs
        yield (True,) * inputs


def _rows_without(unknown: str, values: Mapping[str, Sequence[object]]) -> Iterator[Probe]:
    """Every combination of the other inputs' values, or as many as may be, spread evenly."""
    others = {name: options for name, options in values.items() if name != unknown}
    total = math.prod(len(options) for options in others.values())
    stride = _coprime(max(1, round(total * _GOLDEN)), total)
    for number in range(min(total, MOST_ROWS)):
        row: dict[str, object] = {unknown: None}
        rest = number * stride % total
        for name, options in others.items():
            rest, at = divmod(rest, len(options))
            row[name] = options[at]
        yield Probe(unknown, row)


def _coprime(start: int, total: int) -> int:
    """Find the first whole number from a start that shares no factor with the total."""
    return next(number for number in itertools.count(start) if math.gcd(number, total) == 1)


def _numbers(tree: exp.Expression) -> tuple[float, ...]:
    found = {0.0, 1.0}
    for literal in tree.find_all(exp.Literal):
        if not literal.is_string:
            value = float(literal.this)
            found |= {value - 1, value, value + 1, -value}
    return tuple(sorted(found))


def _texts(tree: exp.Expression) -> tuple[str, ...]:
    """Text that can be read as a number where it must: `cast` would refuse any other."""
    found = {"0", "1"}
    for literal in tree.find_all(exp.Literal):
        found.add(str(literal.this))
    return tuple(sorted(found))
