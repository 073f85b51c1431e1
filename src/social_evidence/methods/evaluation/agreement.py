"""Whether people who sort texts into codes sort alike."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from social_evidence.errors import DataError

Codes = Sequence[Hashable | None]
"""One code a text; None where the coder did not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How two coders agree over the texts both saw.

    Attributes:
        texts: Seen by both.
        agreed: Share given one code.
        kappa: Agreement beyond chance; NaN where both always used one code.
        standard_error: Of kappa.
        by_code: Code -> kappa of having that code or not.
    """

    texts: int
    agreed: float
    kappa: float
    standard_error: float
    by_code: Mapping[Hashable, float]


def cohen_kappa(first: Codes, second: Codes) -> Agreement:
    """Measure the agreement of two coders beyond chance.

    Args:
        first: Codes of one coder.
        second: Codes of the other, of the same texts in the same order.

    Raises:
        DataError: The two saw no text in common.

    Source:
        Cohen (1960), Educational and Psychological Measurement 20, 37-46; standard error Fleiss,
        Cohen and Everitt (1969), Psychological Bulletin 72, 323-327.
    """
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    if not pairs:
        raise DataError("The two coders have no text in common, so agreement cannot be measured.")
    kappa, error, agreed = _kappa(pairs)
    codes = sorted({code for pair in pairs for code in pair}, key=str)
    return Agreement(
        texts=len(pairs),
        agreed=agreed,
        kappa=kappa,
        standard_error=error,
        by_code={code: _kappa([(a == code, b == code) for a, b in pairs])[0] for code in codes},
    )


def krippendorff_alpha(coders: Sequence[Codes]) -> float:
    """Measure the agreement of any number of coders, texts not seen by all included.

    Args:
        coders: One sequence a coder, of the same texts in the same order.

    Returns:
        Alpha for unordered codes; NaN where only one code was ever used.

    Raises:
        DataError: No text was seen by two coders.

    Source:
        Krippendorff (2019), Content Analysis, fourth edition, section 12.3 (nominal).
    """
    texts = [[code for code in text if code is not None] for text in zip(*coders, strict=True)]
    shared = [text for text in texts if len(text) > 1]
    if not shared:
        raise DataError("No text was coded by two people, so agreement cannot be measured.")
    codes = {code: at for at, code in enumerate(sorted({c for t in shared for c in t}, key=str))}
    together = np.zeros((len(codes), len(codes)))
    for text in shared:
        counts = np.bincount([codes[code] for code in text], minlength=len(codes)).astype(float)
        together += (np.outer(counts, counts) - np.diag(counts)) / (len(text) - 1)
    totals = together.sum(axis=1)
    n = totals.sum()
    expected = n * n - float((totals**2).sum())
    apart = n - float(np.trace(together))
    return math.nan if expected == 0 else 1 - (n - 1) * apart / expected


def _kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> tuple[float, float, float]:
    """Give kappa, its standard error and the share agreed."""
    codes = {c: at for at, c in enumerate(sorted({c for p in pairs for c in p}, key=str))}
    table = np.zeros((len(codes), len(codes)))
    for a, b in pairs:
        table[codes[a], codes[b]] += 1
    table /= len(pairs)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    agreed, chance = float(np.trace(table)), float(rows @ columns)
    if chance >= 1:
        return math.nan, math.nan, agreed
    own = np.diag(table)
    same = float((own * ((1 - chance) - (rows + columns) * (1 - agreed)) ** 2).sum())
    # Row and column of a cell cross over: the coders' habits of the other's code.
    other = table * (columns[:, None] + rows[None, :]) ** 2
    cross = (1 - agreed) ** 2 * float(other.sum() - np.trace(other))
    centre = (agreed * chance - 2 * chance + agreed) ** 2
    variance = (same + cross - centre) / (len(pairs) * (1 - chance) ** 4)
    return (agreed - chance) / (1 - chance), math.sqrt(max(variance, 0.0)), agreed
