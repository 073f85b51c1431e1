"""The form of a monitoring return: what is asked, where it stands, and how it is known again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FORM_VERSION: Final = "1"
"""Of the layout; a form of another version is refused."""

MARK: Final = "social-evidence return"
GUIDANCE: Final = "Guidance"
RETURN: Final = "Return"
PEOPLE: Final = "People"
HIDDEN: Final = "_form"
"""The sheet nobody sees: what the form is of."""

HEADINGS: Final = (
    "Measure",
    "What is counted",
    "By",
    "Group",
    "Number",
    "Note",
    "Evidence",
    "dimension",
    "code",
)
"""Columns of the sheet `Return`. Number, note and evidence are filled in; the last two are hidden
and say which row it is."""
PEOPLE_HEADINGS: Final = ("Measure", "Identifier")
LONG_COLUMNS: Final = (
    "initiative",
    "success_measure",
    "organisation",
    "period",
    "dimension",
    "code",
    "value",
    "note",
    "evidence_ref",
)
"""Columns of returns as one long delimited file; the last two may be left out."""
YES_NO: Final = ("yes", "no")
ROWS_FOR_PEOPLE: Final = 2_000
ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """One row of the form.

    Attributes:
        success_measure: Its address.
        title: What is counted, for people.
        shape: A whole number, any number, or yes and no.
        dimension: A breakdown, `area`, another way it is divided, or `all`.
        by: The dimension for people.
        code: The group's id; empty where whoever fills it in writes one.
        group: The group for people.
    """

    success_measure: str
    title: str
    shape: Literal["whole", "number", "yes_no"]
    dimension: str
    by: str
    code: str
    group: str

    @property
    def is_total(self) -> bool:
        """Say whether it is the total and not a part."""
        return self.dimension == ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForm:
    """A form for one initiative, period and organisation.

    Attributes:
        guidance: Lines of the first sheet.
        lines: Rows of the sheet `Return`.
        with_people: Measures whose people may be listed, so that each is counted once.
        due: ISO day by which it is asked for; empty where none is named.
    """

    initiative: str
    title: str
    period: str
    organisation: str
    organisation_name: str
    guidance: tuple[str, ...]
    lines: tuple[FormLine, ...]
    with_people: tuple[str, ...] = ()
    due: str = ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What the hidden sheet holds, by name."""
        return (
            ("form", MARK),
            ("version", FORM_VERSION),
            ("initiative", self.initiative),
            ("period", self.period),
            ("organisation", self.organisation),
            ("rows", str(len(self.lines))),
        )
