"""Streams of chance by name, and draws of groups that meet the shares of each area."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london.places import Floats

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]


def stream(seed: int, *key: object) -> np.random.Generator:
    """Return a generator of its own for a name: the same in every process and every order."""
    words = [zlib.crc32(str(part).encode()) for part in key]
    return np.random.default_rng([seed, *words])


def uniforms(seed: int, *key: object, size: int) -> npt.NDArray[np.float32]:
    """Return numbers above 0 and below 1."""
    drawn = stream(seed, *key).random(size, dtype=np.float32)
    return np.clip(drawn, np.float32(1e-7), np.float32(1 - 1e-7))


def draw(chance: npt.NDArray[np.float32], shares: Floats, row: npt.NDArray[np.integer]) -> Codes:
    """Draw a group for each person from the row of shares that applies to it.

    Args:
        chance: A number in (0, 1) for each person.
        shares: One row of shares, summing to one, for each kind of person.
        row: Which row applies to each person.
    """
    steps = np.cumsum(shares, axis=1).astype(np.float32)
    drawn = np.zeros(len(chance), dtype=np.int8)
    for group in range(shares.shape[1] - 1):
        drawn += chance >= steps[row, group]
    return drawn


def meet_shares(base: Floats, counts: Floats, targets: Floats, rounds: int = 30) -> Floats:
    """Tilt the shares of each kind of person until every area meets its totals.

    Args:
        base: Shares by kind of person: kinds x groups.
        counts: People of each kind in each area: areas x kinds.
        targets: Shares of the groups wanted in each area: areas x groups.
        rounds: Turns of proportional fitting.

    Returns:
        Shares, areas x kinds x groups.
    """
    tilt = np.ones_like(targets)
    for _ in range(rounds):
        shares = _tilted(base, tilt)
        met = (shares * counts[:, :, None]).sum(axis=1)
        met /= np.maximum(met.sum(axis=1, keepdims=True), 1e-12)
        tilt *= targets / np.maximum(met, 1e-12)
    return _tilted(base, tilt)


def _tilted(base: Floats, tilt: Floats) -> Floats:
    shares = base[None, :, :] * tilt[:, None, :]
    return np.asarray(shares / np.maximum(shares.sum(axis=2, keepdims=True), 1e-12))


def draw_to_shares(
    chance: npt.NDArray[np.float32],
    base: Floats,
    kind: npt.NDArray[np.integer],
    area: Codes,
    targets: Floats,
) -> Codes:
    """Draw groups so that each area meets its shares and kinds of people differ as in `base`."""
    areas, kinds = len(targets), len(base)
    cell = area.astype(np.int64) * kinds + kind
    counts = np.bincount(cell, minlength=areas * kinds).reshape(areas, kinds).astype(np.float64)
    shares = meet_shares(base, counts, targets)
    return draw(chance, shares.reshape(areas * kinds, -1), cell)
