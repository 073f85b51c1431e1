"""The columns that a design names: which they are, and what each of them must hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from social_evidence.app.calibration import calibration_columns
from social_evidence.app.microdata import Columns, numbered, numbers
from social_evidence.errors import DesignError
from social_evidence.methods.arrays import Floats, Ints
from social_evidence.model.design import Design

_RANGE: Final = re.compile(r"^(?P<stem>.*)\[(?P<first>\d+)-(?P<last>\d+)\](?P<rest>.*)$")


def design_columns(design: Design, known: Sequence[str]) -> tuple[str, ...]:
    """List the columns a design reads, replicate ranges such as `pwgtp[1-80]` written out."""
    roles = (design.weight, design.strata, design.psu, design.ssu, design.fpc)
    named = [name for role in roles for name in names_of(role)]
    totals = calibration_columns(design.calibration) if design.calibration else ()
    return tuple(dict.fromkeys([*named, *totals, *replicate_columns(design, known)]))


def replicate_columns(design: Design, known: Sequence[str]) -> tuple[str, ...]:
    """Write out the replicate weight columns: a name, or `stem[first-last]` for a run of them."""
    names: list[str] = []
    for text in names_of(design.replicates):
        run = None if text in known else _RANGE.match(text)
        names.extend([text] if run is None else _written_out(run, text))
    return tuple(names)


def weight_of(name: str, columns: Columns) -> Floats:
    """Return the weights (n,).

    Raises:
        DataError: The column holds text.
        DesignError: A weight is missing or negative (the message counts them), or all are 0.
    """
    weight = numbers(columns, name)
    missing, negative = int(np.isnan(weight).sum()), int((weight < 0).sum())
    if missing or negative:
        raise DesignError(
            f"{columns.name}: of {weight.size} rows, {missing} have no weight and {negative} a "
            f"negative one (column {name!r}). Every estimate would be wrong: correct the column, "
            "or leave those rows out of the file knowingly and say so."
        )
    if not (weight > 0).any():
        raise DesignError(
            f"{columns.name}: all {weight.size} weights are 0 (column {name!r}), so the sample "
            "stands for nobody. Name another column."
        )
    return weight


def replicate_weight_of(name: str, columns: Columns) -> Floats:
    """Return one set of replicate weights (n,), some of which may be negative as in the ACS.

    Raises:
        DataError: The column holds text.
        DesignError: One is missing.
    """
    weight = numbers(columns, name)
    missing = int(np.isnan(weight).sum())
    if missing:
        raise DesignError(
            f"{columns.name}: replicate weight {name!r} is missing in {missing} of {weight.size} "
            "rows, so that replicate has no estimate. Correct the column."
        )
    return weight


def population_of(name: str, columns: Columns) -> Floats:
    """Return finite-population sizes or sampling fractions (n,).

    Raises:
        DataError: The column holds text.
        DesignError: One is missing.
    """
    population = numbers(columns, name)
    missing = int(np.isnan(population).sum())
    if missing:
        raise DesignError(
            f"{columns.name}: the finite population {name!r} is missing in {missing} of "
            f"{population.size} rows; it belongs to the stratum, so each of its rows needs it."
        )
    return population


def places_of(name: str, columns: Columns, field: str) -> Ints:
    """Return codes of strata or sampling units (n,); `field` is the design's word for them.

    Raises:
        DesignError: A row has none.
    """
    code, _ = numbered(columns, name)
    missing = int((code < 0).sum())
    if missing:
        raise DesignError(
            f"{columns.name}: {missing} of {code.size} rows have no value in {name!r} ({field}). A "
            "row whose place in the sample is unknown makes every variance wrong: complete it."
        )
    return code


def names_of(names: str | Sequence[str] | None) -> list[str]:
    """Return the columns of one field of a design: none, one, or one a stage."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def _written_out(run: re.Match[str], text: str) -> list[str]:
    first, last = run["first"], run["last"]
    if int(last) < int(first) or int(last) - int(first) >= 10_000:
        raise DesignError(f"Design: replicates {text!r} is not a run such as pwgtp[1-80].")
    width = len(first) if first.startswith("0") else 0
    stem, rest = run["stem"], run["rest"]
    return [f"{stem}{number:0{width}d}{rest}" for number in range(int(first), int(last) + 1)]
