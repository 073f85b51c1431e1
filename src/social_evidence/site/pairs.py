"""Two boroughs side by side: every measure, and whether they can be told apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from social_evidence.model.address import slug
from social_evidence.model.comparison import Comparison
from social_evidence.model.comparison import Verdict as Word
from social_evidence.model.estimate import Estimate
from social_evidence.site.addresses import area_path, pair_path
from social_evidence.site.assets import COMPARE, COMPARE_CHOICES
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place
from social_evidence.site.drawings import beside
from social_evidence.site.figures import Told, Verdict, verdict_of
from social_evidence.site.render import Page
from social_evidence.site.standing import Standing, by_domain, of_borough
from social_evidence.wording import labels
from social_evidence.wording.findings import listed

SECTION: Final = "Compare"
INDEX: Final = "compare/index.html"
_TURNED: Final[Mapping[Word, Word]] = {"higher": "lower", "lower": "higher"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """One measure in two boroughs, of one series and period."""

    standing: Standing
    other: Told | None
    verdict: Verdict | None

    @property
    def bars(self) -> Markup:
        """Both ranges drawn; empty for what is no share."""
        told = self.standing.told
        return beside(told, self.other, self.verdict) if told else Markup()

    @property
    def code(self) -> str:
        """The verdict on the first borough, where both have a figure."""
        return self.verdict.code if self.verdict else ""


def pair_pages(choices: Choices, of_groups: str = "") -> Iterable[Page]:
    """Make a page for every two boroughs, one list for each, and the list of lists.

    Args:
        choices: The release.
        of_groups: The list of pairs of groups; empty where there are none.
    """
    boroughs = choices.site.boroughs
    if len(boroughs) < 2:
        return
    yield Page(
        path=INDEX,
        template="compare.html",
        title="Compare two boroughs",
        summary="Every measure in two boroughs, and whether they can be told apart.",
        section=SECTION,
        scripts=(COMPARE_CHOICES, COMPARE),
        says={
            "lists": [(place.name, list_path(place)) for place in boroughs],
            "place": None,
            "of_groups": of_groups,
        },
    )
    for place in boroughs:
        others = [(one.name, pair_path(place.name, one.name)) for one in boroughs if one != place]
        yield Page(
            path=list_path(place),
            template="compare.html",
            title=f"Compare {place.name} with another borough",
            section=SECTION,
            says={"lists": others, "place": place},
        )
    standings = {place.code: of_borough(choices, place, "") for place in boroughs}
    for first, second in itertools.combinations(boroughs, 2):
        yield _page(choices, first, second, standings[first.code])


def list_path(place: Place) -> str:
    """Address of the list of boroughs to compare one with."""
    return f"compare/{slug(place.name)}/index.html"


def _page(choices: Choices, first: Place, second: Place, standings: Iterable[Standing]) -> Page:
    path = pair_path(first.name, second.name)
    lines = {
        id(one): _line(choices, one, second, path)
        for one in standings
        if one.told and one.told.is_shown
    }
    kept = [line.standing for line in lines.values() if line.other]
    by_id = {id(line.standing): line for line in lines.values()}
    return Page(
        path=path,
        template="pair.html",
        title=f"{first.name} and {second.name}",
        summary=pair_finding(first.name, second.name, list(by_id.values())),
        section=SECTION,
        says={
            "first": first.name,
            "second": second.name,
            "back": ("Compare two boroughs", INDEX),
            "where": "",
            "noun": "boroughs",
            "paths": (area_path(first.name), area_path(second.name)),
            "finding": pair_finding(first.name, second.name, list(by_id.values())),
            "domains": [
                (domain, [by_id[id(one)] for one in domain.standings]) for domain in by_domain(kept)
            ],
        },
    )


def _line(choices: Choices, one: Standing, second: Place, path: str) -> PairLine:
    row = one.told.row if one.told else None
    key = (*row.key[:5], second.code, *row.key[6:]) if row else ()
    return pair_line(choices, one, choices.site.figures.by_key.get(key), path)


def pair_line(choices: Choices, one: Standing, other: Estimate | None, path: str) -> PairLine:
    """Set a standing beside another place's or group's figure of the same series and period.

    Args:
        choices: The release.
        one: The standing.
        other: The other figure; None where there is no such row.
        path: The page it is for.
    """
    figures = choices.site.figures
    row = one.told.row if one.told else None
    if row is None:
        return PairLine(standing=one, other=None, verdict=None)
    standing = Standing(
        measure=one.measure,
        title=one.title,
        label=one.label,
        path=one.path,
        told=choices.told(row, path),
        period=one.period,
        note=one.note,
    )
    if other is None:
        return PairLine(standing=standing, other=None, verdict=None)
    found = figures.pair(other, row.area, row.group)
    mirrored = turned(figures.pair(row, other.area, other.group))
    verdict = verdict_of(found or mirrored, one.measure.unit, one.measure.decimals or 0)
    return PairLine(standing=standing, other=choices.told(other, path), verdict=verdict)


def turned(one: Comparison | None) -> Comparison | None:
    """Look at a comparison from its other side."""
    if one is None:
        return None
    return Comparison(
        population=one.population,
        measure=one.measure,
        part=one.part,
        series=one.series,
        kind=one.kind,
        breakdown=one.breakdown,
        group_from=one.group_to,
        group_to=one.group_from,
        area_from=one.area_to,
        area_to=one.area_from,
        period_from=one.period_to,
        period_to=one.period_from,
        statistic=one.statistic,
        difference=None if one.difference is None else -one.difference,
        lower=None if one.upper is None else -one.upper,
        upper=None if one.lower is None else -one.lower,
        p_value=one.p_value,
        verdict=_TURNED.get(one.verdict, one.verdict),
        status=one.status,
    )


def pair_finding(first: str, second: str, lines: Sequence[PairLine]) -> str:
    """Sum up on which measures the first borough is clearly different from the second."""
    compared = [line for line in lines if line.code in labels.VERDICTS]
    clear = [line for line in compared if line.verdict and not line.verdict.is_counted]
    told = []
    for code in ("higher", "lower"):
        titles = [f"“{line.standing.label}”" for line in clear if line.code == code]
        if titles:
            told.append(f"{first} stands clearly {code} than {second} on {listed(titles, most=3)}.")
    unclear = sum(
        line.code == "no_clear_difference" and not (line.verdict and line.verdict.is_same)
        for line in compared
    )
    if unclear:
        noun = "measure" if unclear == 1 else "measures"
        told.append(f"On {unclear} {noun} we cannot tell the two apart.")
    return " ".join(told) or f"What is known of {first} and {second}."
