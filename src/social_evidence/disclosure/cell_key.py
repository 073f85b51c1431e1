"""Cell-key perturbation of count cubes: the same people always carry the same small noise.

Every person has a random key. The keys of a cell's people, added modulo 256, pick the cell's
noise from a table, so that a count reads alike wherever it appears and repeated questions gain
nothing. Totals carry their own noise: perturbed tables need not add up, and say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from social_evidence.errors import DefinitionError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KEYS: Final = 256
"""How many different keys there are: a record key is a whole number from 0 to 255."""

_STEPS: Final = 500
_SOLVED: Final = 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class NoiseTable:
    """Which noise a cell key gives a count.

    Attributes:
        most: Largest noise, up or down.
        noise: (2 × most + 1, 256) noise by class of count and cell key. Counts up to `most` are
            their own class; larger ones take the classes most + 1 to 2 × most in turn.
        probability: (2 × most + 1, 2 × most + 1) probability of each noise from -most to most.
    """

    most: int
    noise: Ints
    probability: Floats


def cell_keys(record_keys: Ints, cells: Ints, number: int) -> Ints:
    """Add up the record keys of each cell's people, modulo 256.

    Args:
        record_keys: (n,) a person's key, 0 to 255.
        cells: (n,) the cell each person is in, 0 to number - 1.
        number: How many cells there are.

    Returns:
        (number,) cell keys; 0 for a cell with nobody in it.

    Raises:
        DefinitionError: A key is not one.

    Source:
        Fraser and Wooton (2005), A proposed method for confidentialising tabular output.
    """
    if ((record_keys < 0) | (record_keys >= KEYS)).any():
        raise DefinitionError(f"A record key is a whole number from 0 to {KEYS - 1}.")
    sums = np.zeros(number, dtype=np.int64)
    np.add.at(sums, cells, record_keys)
    return sums % KEYS


def perturbed(counts: Ints, keys: Ints, table: NoiseTable) -> Ints:
    """Add each count's noise; a count of zero stays zero.

    Args:
        counts: (n,) counts, 0 or more.
        keys: (n,) cell keys.
        table: Noise by count and key.

    Returns:
        (n,) perturbed counts, 0 or more.
    """
    classes = _classes(counts, table.most)
    return counts + table.noise[classes, keys]


def noise_table(most: int = 3, variance: float = 1.0) -> NoiseTable:
    """Make the noise that says least about a count, for a largest noise and a variance.

    Args:
        most: Largest noise, up or down.
        variance: Variance of the noise of each count; its mean is 0.

    Returns:
        The table; counts of zero have none.

    Raises:
        DefinitionError: No noise of that size has that variance.

    Source:
        Marley and Leaver (2011), A method for confidentialising user-defined tables, section 4
        (maximum entropy under a fixed mean and variance); solved by Newton steps on its dual.
    """
    if most < 1 or not 0 < variance <= most**2:
        raise DefinitionError(
            f"No noise of at most {most} has a variance of {variance:g}. Choose a variance above "
            "0 and not above the square of the largest noise."
        )
    classes = 2 * most + 1
    noise = np.zeros((classes, KEYS), dtype=np.int64)
    probability = np.zeros((classes, 2 * most + 1))
    probability[0, most] = 1.0
    for count in range(1, classes):
        values = np.arange(-min(count, most), most + 1)
        share = _most_uncertain(values, variance, count)
        probability[count, values + most] = share
        ends = np.floor(np.cumsum(share) * KEYS + 0.5).astype(np.int64)
        ends[-1] = KEYS
        noise[count] = np.repeat(values, np.diff(ends, prepend=0))
    return NoiseTable(most, noise, probability)


def _classes(counts: Ints, most: int) -> Ints:
    return np.where(counts <= most, counts, most + 1 + (counts - most - 1) % most)


def _most_uncertain(values: Ints, variance: float, count: int) -> Floats:
    """Find the distribution of greatest entropy with mean 0 and a variance over some values."""
    moments = np.column_stack([values, values**2]).astype(np.float64)
    wanted = np.array([0.0, variance])
    dual = np.zeros(2)
    share = _shares(moments, dual)
    for _ in range(_STEPS):
        share = _shares(moments, dual)
        slope = moments.T @ share - wanted
        if np.abs(slope).max() < _SOLVED:
            break
        mean = moments.T @ share
        curvature = (moments * share[:, None]).T @ moments - np.outer(mean, mean)
        step = np.linalg.solve(curvature + 1e-14 * np.eye(2), -slope)
        dual = dual + _shortened(moments, wanted, dual, step) * step
    if np.abs(moments.T @ share - wanted).max() > 1e-9:
        raise DefinitionError(
            f"A count of {count} cannot carry noise of variance {variance:g} without going below "
            "zero. Choose a smaller variance."
        )
    return share


def _shares(moments: Floats, dual: Floats) -> Floats:
    score = moments @ dual
    weight = np.exp(score - score.max())
    return np.asarray(weight / weight.sum())


def _height(moments: Floats, wanted: Floats, dual: Floats) -> float:
    score = moments @ dual
    top = score.max()
    return float(np.log(np.exp(score - top).sum()) + top - dual @ wanted)


def _shortened(moments: Floats, wanted: Floats, dual: Floats, step: Floats) -> float:
    """Halve a step until it no longer overshoots."""
    length = 1.0
    start = _height(moments, wanted, dual)
    while length > 1e-8 and _height(moments, wanted, dual + length * step) > start + _SOLVED:
        length /= 2
    return length
