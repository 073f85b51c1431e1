"""The enlarged Community Life Survey of 2023/24, a source of its own, by the same writer."""

from __future__ import annotations

from typing import Final

from social_evidence.synthetic.london import community_life

SOURCE: Final = "community_life_2023"
WAVES: Final = (community_life.ENLARGED,)
write = community_life.write
