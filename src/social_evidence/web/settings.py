"""What the office's pages are made for: which office, which definitions, who sits at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Signature

MEGABYTE: Final = 1_000_000
LARGEST_UPLOAD: Final = 50 * MEGABYTE
HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSettings:
    """One office and the definitions it is read by.

    Attributes:
        place: The office: a folder, a file or a URL.
        catalogue: The definitions.
        role: In which role whoever sits here acts.
        port: Where the pages answer.
        key: Secret of the pseudonyms; None where identifiers are refused.
        largest: Bytes of an upload.
        now: The clock.
    """

    place: str
    catalogue: Catalogue
    role: str
    port: int
    key: bytes | None = field(default=None, repr=False)
    largest: int = LARGEST_UPLOAD
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which a browser on this machine may ask."""
        return frozenset(f"{name}:{self.port}" for name in (HOST, "localhost"))

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self.now().date()

    @property
    def base(self) -> Path | None:
        """The evidence base whose releases stand beside the office; None for a database's URL."""
        if "://" in self.place:
            return None
        path = Path(self.place)
        return path.parent if path.suffix else path

    def signed(self) -> Signature:
        """Sign what is done now."""
        return Signature(role=self.role, at=self.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
