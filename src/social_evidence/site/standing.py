"""How one place or group stands on every measure: the rows of profiles, indexes and comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from social_evidence.model.breakdown import ALL
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import domain_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place
from social_evidence.site.figures import Told, Verdict, verdict_of
from social_evidence.site.headline import group_name
from social_evidence.wording import labels
from social_evidence.wording.periods import period_words, since_words

_OF_NO_BOROUGH: Final = "Not known by borough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One measure, or one part of one, for one place or group.

    Attributes:
        measure: The measure.
        title: Its title, with the part's where it has parts.
        label: The same where there is little room.
        path: Its page.
        told: The figure; None where there is none, not even a hidden one.
        period: Of the figure, in words.
        other: What it is set against, of the same series.
        other_period: Filled where that is of another period.
        verdict: How it stands to that; None where nobody has compared them.
        note: What must be known of its series; filled where it asks another question.
        absent: What to say where there is no figure at all.
    """

    measure: Measure
    title: str
    label: str
    path: str
    told: Told | None = None
    period: str = ""
    other: Told | None = None
    other_period: str = ""
    verdict: Verdict | None = None
    note: str = ""
    absent: str = "No figure"

    @property
    def code(self) -> str:
        """The verdict, where there is a figure and somebody has compared it."""
        return self.verdict.code if self.verdict and self.told and self.told.is_shown else ""

    @property
    def is_same(self) -> bool:
        """Whether two counts in full are the same."""
        return bool(self.code and self.verdict and self.verdict.is_same)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainStandings:
    """The standings of one domain."""

    domain: str
    name: str
    path: str
    standings: tuple[Standing, ...]


def parts_of(measure: Measure) -> Sequence[str]:
    """Ids of a measure's parts, the one it is known by as the empty text."""
    if not measure.parts:
        return ("",)
    main = measure.headline.part
    return ("", *(part.id for part in measure.parts if part.id != main))


def by_domain(standings: Sequence[Standing]) -> tuple[DomainStandings, ...]:
    """Group standings by domain, in the order of the domains."""
    return tuple(
        DomainStandings(
            domain=domain,
            name=name,
            path=domain_path(domain),
            standings=own,
        )
        for domain, name in labels.DOMAINS.items()
        if (own := tuple(one for one in standings if one.measure.domain == domain))
    )


def of_city(choices: Choices, page: str) -> list[Standing]:
    """The city on every measure, with the release's verdict on its latest change."""
    found = []
    for measure in choices.measures:
        for part in parts_of(measure):
            row = choices.headline(measure, part)
            one = _standing(choices, measure, part, row, page)
            for change in choices.site.figures.changes_of(row)[:1] if row else ():
                since = since_words(change.period_from)
                one = replace(one, other_period=since, verdict=verdict_of(change, measure.unit))
            found.append(one)
    return found


def of_borough(choices: Choices, place: Place, page: str) -> list[Standing]:
    """A borough on every measure, against the city."""
    found = []
    for measure in choices.measures:
        for part in parts_of(measure):
            row = choices.of_borough(measure, part, place)
            one = _standing(choices, measure, part, row, page)
            if row is None and not choices.boroughs(measure, part):
                one = replace(one, absent=_OF_NO_BOROUGH)
            if row is not None:
                verdict = choices.site.figures.against_city(row, choices.site.city.code)
                one = _set_against(choices, one, choices.city_beside(row), verdict, page)
            found.append(one)
    return found


def of_group(choices: Choices, breakdown: str, group: str, page: str) -> list[Standing]:
    """A group of the city on every measure that has it, against everybody."""
    found = []
    figures, city = choices.site.figures, choices.site.city.code
    for measure in choices.measures:
        for part in parts_of(measure):
            cell = (part or measure.headline.part, breakdown, group, measure.statistic)
            own = figures.of_cell(measure.id, city, cell)
            row = choices.preference(measure).best(own) or (own[-1] if own else None)
            if row is not None:
                everybody = figures.by_key.get((*row.key[:6], ALL, ALL, row.statistic))
                verdict = figures.against_everybody(row)
                one = _standing(choices, measure, part, row, page, names_group=False)
                if measure.gap:
                    one = replace(
                        one,
                        title=f"{one.title}: the rate itself",
                        label=f"{one.label}: the rate itself",
                    )
                found.append(_set_against(choices, one, everybody, verdict, page))
    return found


def _standing(
    choices: Choices,
    measure: Measure,
    part: str,
    row: Estimate | None,
    page: str,
    *,
    names_group: bool = True,
) -> Standing:
    names = choices.site.names
    shown_part = (part or measure.headline.part) if measure.parts else ""
    part_name = names.parts.get((measure.id, shown_part))
    title, label = part_name or measure.title, part_name or measure.label
    group = group_name(choices.site, row) if row and names_group else ""
    is_other = row is not None and row.series in choices.preference(measure).major
    return Standing(
        measure=measure,
        title=f"{title}: {group}" if group else title,
        label=f"{label}: {group}" if group else label,
        path=measure_path(measure.id, part),
        told=choices.told(row, page) if row else None,
        period=period_words(row.period, short=True) if row else "",
        note=choices.series_note(measure, row.series) if row and is_other else "",
    )


def _set_against(
    choices: Choices,
    one: Standing,
    other: Estimate | None,
    comparison: Comparison | None,
    page: str,
) -> Standing:
    """Add the figure a standing is set against, and how it stands to it."""
    measure = one.measure
    row = one.told.row if one.told else None
    differs = other is not None and row is not None and other.period != row.period
    return replace(
        one,
        other=choices.told(other, page) if other else None,
        other_period=period_words(other.period, short=True) if other and differs else "",
        verdict=verdict_of(comparison, measure.unit, measure.decimals or 0),
    )
