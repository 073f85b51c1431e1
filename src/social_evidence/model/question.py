"""Questions: harmonised wording and answers. Measures point here, never at raw variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One harmonised question, also called an item.

    Attributes:
        id: Permanent, lower_snake_case; the file's name.
        text: Wording by language tag, for example {"en": "…"}.
        answers: Harmonised answer id -> label, in order; empty for a number.
        scale: What kind of answer it is.
        recall: The period a respondent thinks back over; empty when none.
        asked_of: Who was asked, in words.
        provenance: Where the wording comes from.
    """

    id: str
    text: Mapping[str, str]
    answers: Mapping[str, str] = field(default_factory=dict)
    scale: str = "categories"
    recall: str = ""
    asked_of: str = ""
    provenance: str = ""
