"""The office's nouns: what is not in the catalogue, such as returns, events and record sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from social_evidence.errors import DataError
from social_evidence.model.initiative import Counted

Status = Literal["draft", "submitted", "queried", "verified", "revised"]
Wave = Literal["before", "after", "followup_3m", "followup_6m", "followup_12m"]
Arm = Literal["taking_part", "comparison"]
Level = Literal["contacted", "engaged", "committed", "reporting", "left"]
OrganisationKind = Literal["funder", "provider", "employer", "sponsor_group", "borough", "other"]

WAVES: Final[tuple[Wave, ...]] = (
    "before",
    "after",
    "followup_3m",
    "followup_6m",
    "followup_12m",
)
ARMS: Final[tuple[Arm, ...]] = ("taking_part", "comparison")
SCOPES: Final = (
    "take_part",
    "link_waves",
    "link_admin",
    "recontact",
    "quote_internal",
    "quote_public",
    "archive",
)
"""What a participant may agree to, one by one."""

MOVES: Final[Mapping[Status, tuple[Status, ...]]] = {
    "draft": ("submitted",),
    "submitted": ("queried", "verified", "revised"),
    "queried": ("submitted", "verified", "revised"),
    "verified": ("queried", "revised"),
    "revised": (),
}
"""Status -> where it may go from there. `revised` is what a return becomes once another has taken
its place; nothing leads out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who did something, as the role held, and when.

    Attributes:
        role: A role, never a person's name.
        at: Date and time in UTC, ISO 8601, for example `2026-05-04T09:30:00Z`.
    """

    role: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Somebody that gives, provides, employs or sponsors.

    Attributes:
        id: Its register number with the register's prefix (org-id), for example `GB-CHC-1074655`.
        sector: Section of the standard classification of industries, or a word for it.
        size: Band of its size.
        area: Code of the borough it is in; empty where not known or more than one.
    """

    id: str
    name: str
    kind: OrganisationKind = "other"
    alternate_name: str = ""
    charity_number: str = ""
    company_number: str = ""
    sector: str = ""
    size: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step that an organisation or an area took in an initiative, on a day.

    Attributes:
        id: Its own name, so that a correction takes its place.
        date: ISO day.
        level: How far it has come with that day.
    """

    id: str
    initiative: str
    date: str
    level: Level
    organisation: str = ""
    area: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """One person's part in an initiative, under a pseudonym; answers to questions stand elsewhere.

    Attributes:
        role: `participant`, `peer_champion`, `sponsor`, `new_citizen` or `rewarded`.
        joined: ISO day or month from which the role is active.
        left: ISO day or month in which it ended; empty while it lasts.
        groups: Breakdown -> group.
    """

    pseudonym: str
    initiative: str
    role: str
    joined: str
    left: str = ""
    organisation: str = ""
    area: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One part of a return's total: the value of one group of a dimension.

    Attributes:
        dimension: A breakdown of the catalogue, `area`, or another way it is divided.
        code: The group, the area's code, or a word.
        value: In what the return counts.
    """

    dimension: str
    code: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What one organisation reports for one success measure and period.

    Attributes:
        success_measure: Its address, for example `WIN-ETHMON`.
        organisation: Its register number.
        period: Label of the contract, for example `2026Q1`.
        counted: What one of it is.
        value: The total; for a practice in place 1 is yes and 0 is no.
        cells: Its parts.
        people: Pseudonyms of those counted, where people recur; filled on the way in only.
        query: Why it is queried, where it is.
        id: Given by the office.
        revision: 1 for the first, and one more for each that takes its place.
        revision_of: The return it takes the place of.
    """

    initiative: str
    success_measure: str
    organisation: str
    period: str
    counted: Counted
    value: float
    cells: tuple[Cell, ...] = ()
    people: tuple[str, ...] = ()
    query: str = ""
    status: Status = "submitted"
    note: str = ""
    evidence_ref: str = ""
    id: str = ""
    revision: int = 1
    revision_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a file that somebody sent, and where.

    Attributes:
        sheet: Empty where the file has none.
        row: As its program numbers rows, from 1; 0 for the file as a whole.
        column: The column's letter in a workbook, with its heading, or its name.
        reason: What is wrong and what to do; never somebody's value.
        is_refused: What stands there is not taken in; otherwise it is, and is queried.
    """

    sheet: str = ""
    row: int = 0
    column: str = ""
    reason: str
    is_refused: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A return that was asked for. While it does not come it is missing, which is not zero.

    Attributes:
        due: ISO day by which it was asked for; empty where none was named.
    """

    initiative: str
    success_measure: str
    organisation: str
    period: str
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step in the life of a return: who put it into which status, when and why."""

    id: str
    status: Status
    by: Signature
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSet:
    """Answers that came in together, with what is promised to the people in them.

    Attributes:
        scopes: What the people agreed to, of `SCOPES`.
        keep_until: ISO day after which the answers must go.
        special_category_condition: Condition of Article 9 under which special categories are held;
            empty where there are none.
        rows: How many answers of it are held.
        at: When it came in.
    """

    id: str
    initiative: str
    purpose: str
    lawful_basis: str
    keep_until: str
    scopes: tuple[str, ...] = ("take_part", "link_waves")
    special_category_condition: str = ""
    notice_version: str = ""
    kind: str = "answers"
    rows: int = 0
    at: str = ""

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.scopes) - set(SCOPES)):
            raise DataError(
                f"Consent scopes {unknown} are not known. Known are {', '.join(SCOPES)}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One line of the log of imports. It holds no value of anybody's.

    Attributes:
        kind: `returns`, `answers`, or the kind of record.
        file: The file's name without its folder; empty where it came from no file.
        digest: sha-256 of the file.
        accepted: Rows taken in for the first time.
        unchanged: Rows that were there already.
        refused: Rows that were not taken in.
    """

    id: int
    kind: str
    initiative: str
    file: str
    digest: str
    role: str
    at: str
    accepted: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something comes from on its way into the office.

    Attributes:
        file: The file's name without its folder.
        digest: sha-256 of it.
        refused: Rows of it that are not taken in.
    """

    file: str = ""
    digest: str = ""
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of an import.

    Attributes:
        accepted: Rows that are new.
        revised: Those of them that take the place of an older one.
        unchanged: Rows that were there already, and were not added again.
        conflicts: Positions, from 0, of rows that were refused because other content stands under
            their name.
    """

    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    conflicts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """That a person or a record set was removed; it marks what must be rebuilt.

    Attributes:
        rebuilt_by: Version of the release made without them; empty while there is none.
    """

    id: int
    at: str
    initiative: str
    rows: int
    rebuilt_by: str = ""
