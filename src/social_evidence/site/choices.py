"""What is chosen of a release for its pages: the figure each measure and place is known by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.cells import CellAddresses
from social_evidence.site.content import Place, SiteInput
from social_evidence.site.figures import Told, tell
from social_evidence.site.select import (
    Preference,
    borough_choices,
    headline_cell,
    is_shown,
)
from social_evidence.wording import labels


@dataclass(slots=True)
class Choices:
    """The figures of a release that its pages show, and where each is published."""

    site: SiteInput
    addresses: CellAddresses = field(init=False)
    _preferences: dict[str, Preference] = field(default_factory=dict)
    _boroughs: dict[tuple[str, str], list[dict[str, Estimate]]] = field(default_factory=dict)
    _measures: list[Measure] | None = None

    def __post_init__(self) -> None:
        self.addresses = CellAddresses(self.site)

    @property
    def measures(self) -> Sequence[Measure]:
        """The measures the release has rows of, by domain, those that only support others last."""
        if self._measures is None:
            there = {measure for measure, _ in self.site.figures.by_place}
            domains = list(labels.DOMAINS)
            self._measures = sorted(
                (m for m in self.site.catalogue.measures.values() if m.id in there),
                key=lambda m: (domains.index(m.domain), m.supporting, m.title),
            )
        return self._measures

    def preference(self, measure: Measure) -> Preference:
        """How far each series of a measure compares."""
        if measure.id not in self._preferences:
            self._preferences[measure.id] = Preference.of(measure, self.site.catalogue)
        return self._preferences[measure.id]

    def told(self, row: Estimate, page: str) -> Told:
        """Put a row into words, with the link from a page to its address."""
        stated = self.site.subjects[row.measure].decimals
        return tell(row, stated, self.addresses.href(row, page))

    def series_note(self, measure: Measure, series: str) -> str:
        """What must be known to compare a series with others."""
        return next((one.note for one in measure.series if one.id == series), "")

    def headline(self, measure: Measure, part: str = "") -> Estimate | None:
        """The city's figure a measure is known by; None where there is none."""
        cell = headline_cell(measure, part)
        rows = self.site.figures.of_cell(measure.id, self.site.city.code, cell)
        return self.preference(measure).best(rows)

    def boroughs(self, measure: Measure, part: str = "") -> Sequence[Mapping[str, Estimate]]:
        """The rows of boroughs to set side by side; see `select.borough_choices`."""
        key = (measure.id, part)
        if key not in self._boroughs:
            figures, cell = self.site.figures, headline_cell(measure, part)
            self._boroughs[key] = borough_choices(
                {
                    one.code: figures.of_cell(measure.id, one.code, cell)
                    for one in self.site.boroughs
                },
                figures.of_cell(measure.id, self.site.city.code, cell),
                cell,
                self.preference(measure),
            )
        return self._boroughs[key]

    def borough_values(self, measure: Measure, part: str, series: str) -> Sequence[float]:
        """Every shown figure of boroughs of a measure's headline cell, over all periods.

        Only of series that ask the same question as one: another's figures lie elsewhere.
        """
        cell = headline_cell(measure, part)
        major = self.preference(measure).major
        return [
            row.estimate
            for place in self.site.boroughs
            for row in self.site.figures.of_cell(measure.id, place.code, cell)
            if row.estimate is not None
            and (row.series == series if series in major else row.series not in major)
        ]

    def of_borough(self, measure: Measure, part: str, place: Place) -> Estimate | None:
        """The row of one borough to set against the city; None where it has none.

        Of two choices the one the city has a figure of is taken, as a profile is about that.
        """
        for choice in reversed(self.boroughs(measure, part)):
            if place.code in choice:
                return choice[place.code]
        return None

    def city_beside(self, row: Estimate) -> Estimate | None:
        """The city's figure of a row's series and period, else of its latest period; or None."""
        cell = (row.part, row.breakdown, row.group, row.statistic)
        rows = self.site.figures.of_cell(row.measure, self.site.city.code, cell)
        same = [one for one in rows if one.series == row.series and is_shown(one)]
        exact = [one for one in same if one.period == row.period]
        return exact[0] if exact else max(same, key=lambda one: one.period_end, default=None)
