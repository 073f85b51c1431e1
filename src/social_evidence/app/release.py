"""Use a release from Python: its tables, one measure's rows, and where a number comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.app.explain import Explanation, Question, explain
from social_evidence.model.release import Manifest
from social_evidence.store.release import FOLDER, StoredRelease, latest, read_release


@dataclass(frozen=True, slots=True)
class Release:
    """A published release, its digests checked when it was loaded.

    stored: the release as read. `estimates` and `comparisons` are Arrow tables with the columns
    of the contract, and so is `initiatives`, empty where there are none; a number that is not shown
    is null, and `status` says why.
    """

    stored: StoredRelease

    @property
    def manifest(self) -> Manifest:
        """What the release states about itself: version, date, sources and digests."""
        return self.stored.manifest

    @property
    def estimates(self) -> pa.Table:
        """Every published estimate, one row a cell, sorted by key."""
        return self.stored.estimates

    @property
    def comparisons(self) -> pa.Table:
        """Every published comparison, one row each, sorted by key."""
        return self.stored.comparisons

    @property
    def initiatives(self) -> pa.Table:
        """Every number of the success measures of initiatives, one row each, sorted by key."""
        return self.stored.initiatives

    def measure(self, measure: str) -> pa.Table:
        """The estimates of one measure.

        Raises:
            DefinitionError: The release has no such measure; the nearest name is suggested.
        """
        Question(measure=measure).check_measure(self.stored)
        return self.estimates.filter(pc.equal(self.estimates["measure"], measure))

    def explain(
        self,
        measure: str,
        *,
        area: str = "",
        breakdown: str = "",
        group: str = "",
        period: str = "",
        part: str = "",
        series: str = "",
        statistic: str = "",
    ) -> Explanation:
        """Say where one number comes from, from file and question to formula and interval.

        Args:
            measure: Its id.
            area: Code or name; by default the largest area the figure exists for.
            breakdown: Needed only where two breakdowns have a group of the same id.
            group: A group's id; by default everybody.
            period: A period's label; by default the latest.
            part: A part of the measure; by default the first.
            series: A series; by default the latest one.
            statistic: `difference` for the gap to the reference group; by default the figure.

        Returns:
            The explanation; `str()` gives it as text.

        Raises:
            DefinitionError: There is no such figure; the message says what there is.
        """
        asked = Question(
            measure=measure,
            area=area,
            breakdown=breakdown,
            group=group,
            period=period,
            part=part,
            series=series,
            statistic=statistic,
        )
        return explain(self.stored, asked)


def load_release(path: str | Path) -> Release:
    """Load a release and check every file against its digest.

    Args:
        path: A release folder, a `releases` folder or an evidence base (its latest release).

    Raises:
        StoreError: There is no release there, or a file differs from what was written.
    """
    return Release(read_release(Path(path)))


def latest_release(base: Path) -> Path | None:
    """Find the newest release of an evidence base; None where there is none yet."""
    return latest(base / FOLDER)
