"""How large synthetic London and its surveys are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Sizes of the made-up people and of the samples drawn from them.

    Attributes:
        name: What the files say of their size.
        factor: Size of each sample against the real survey's.
        one_in: Real people for each person made up, in London, in the rest of England and in the
            rest of the United Kingdom.
        homes: Households of a neighbourhood.
    """

    name: str
    factor: float
    one_in: tuple[int, int, int]
    homes: int = 80

    def scaled(self, number: float) -> int:
        """Return a sample size of the real survey in this size, at least one."""
        return max(1, round(number * self.factor))


FULL: Final = Size(name="full", factor=1.0, one_in=(20, 230, 206))
"""Samples as large as the real ones."""
SMALL: Final = Size(name="small", factor=1 / 15, one_in=(200, 2300, 2060))
"""For tests: a fifteenth of each sample, from a tenth of the people."""
