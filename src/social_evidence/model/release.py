"""Releases: what a manifest states and how versions follow each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from social_evidence.errors import StoreError

SCHEMA_VERSION: Final = "1"
"""Version of the release folder's layout and tables; raised when a contract changes."""

Step = Literal["line", "minor", "patch"]
_VERSION = re.compile(r"(\d{4})\.(\d+)\.(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A release's version: year line, minor, patch.

    A new line means something was removed or restructured; minor, that figures were added or
    revised; patch, that a mistake was corrected.
    """

    line: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.line}.{self.minor}.{self.patch}"

    @staticmethod
    def is_version(text: str) -> bool:
        """Say whether a text is a version, for example the name of a release's folder."""
        return _VERSION.fullmatch(text) is not None

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `2026.1.0`; refuse anything else, because versions are folder names."""
        found = _VERSION.fullmatch(text)
        if not found:
            raise StoreError(f"{text!r} is not a release version. Write year.minor.patch: 2026.1.0")
        return cls(*(int(part) for part in found.groups()))

    @classmethod
    def first(cls, year: int) -> Version:
        """The first release of a year line."""
        return cls(year, 1, 0)

    def following(self, step: Step, year: int) -> Version:
        """The next version after this one, for a release created in `year`."""
        if step == "line":
            return Version.first(max(year, self.line + 1))
        if step == "minor":
            return Version(self.line, self.minor + 1, 0)
        return Version(self.line, self.minor, self.patch + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDigest:
    """One file that went into a release: its source, its name and the sha-256 of its bytes."""

    source: str
    file: str
    sha256: str
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release folder states about itself.

    created: a date, an input of the build. content: sha-256 over everything published except
    versions; two builds of the same inputs share it. inputs: sha-256 over everything it follows
    from: definitions, files, options, program, date. files: path -> sha-256. previous: version
    of the release its changes are told against, empty for the first. not_before: the first day
    on which it may be public, as 2026-11-22; empty where any day will do. seal: sha-256 of the
    manifest itself as written with an empty seal. engine: the program that summed the files, with
    its version; empty where nobody wrote it down. against: approved releases whose hidden counts
    this one was built not to give away.
    """

    version: str
    created: str
    software_version: str
    catalogue_digest: str
    content: str
    title: str = ""
    synthetic: bool = False
    schema_version: str = SCHEMA_VERSION
    previous: str = ""
    inputs: str = ""
    not_before: str = ""
    seal: str = ""
    engine: str = ""
    against: tuple[str, ...] = ()
    sources: tuple[SourceDigest, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


State = Literal["draft", "approved", "withdrawn"]
"""What may be done with a release: public output refuses a draft and a withdrawn one."""

STATES: Final[tuple[State, ...]] = ("draft", "approved", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRecord:
    """What happened to a release after it was written: one line of `states.jsonl`.

    Attributes:
        version: The release.
        state: What it is from then on.
        role: Who decided, as a role and never as a person.
        time: The day, as 2026-11-22; an input, so that the same decisions give the same bytes.
        manifest: sha-256 of the release's manifest as it was judged.
        checked: What was checked before an approval.
        reason: Why it was withdrawn.
    """

    version: str
    state: State
    role: str
    time: str
    manifest: str
    checked: str = ""
    reason: str = ""
