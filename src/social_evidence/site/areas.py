"""Borough profiles: every measure against the city, and beside the boroughs most like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from social_evidence.model.estimate import Estimate
from social_evidence.site import drawings
from social_evidence.site.addresses import area_path, relative
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place
from social_evidence.site.figures import Told, Verdict, verdict_of
from social_evidence.site.pairs import turned
from social_evidence.site.render import Page
from social_evidence.site.standing import DomainStandings, Standing, by_domain, of_borough
from social_evidence.wording.findings import change_sentence, listed
from social_evidence.wording.periods import since_words
from social_evidence.wording.spoken import when

SECTION = "Boroughs"
INDEX = "areas/index.html"
_LIKE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A figure of a borough most like another, and how it stands to the other's."""

    told: Told
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One measure in a borough and in those most like it, of one series and period."""

    standing: Standing
    figures: tuple[Neighbour | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaModel:
    """What a borough's profile says."""

    place: Place
    path: str
    lede: str
    counts: str
    domains: tuple[DomainStandings, ...]
    changes: tuple[tuple[str, str, str], ...]
    unchanged: int
    like: tuple[Place, ...]
    beside: tuple[Beside, ...]


def area_pages(choices: Choices) -> Iterable[Page]:
    """Make the profile of every borough, and the list of them."""
    boroughs = choices.site.boroughs
    if not boroughs:
        return
    yield Page(
        path=INDEX,
        template="areas.html",
        title="Boroughs",
        summary=f"A profile of each of the {len(boroughs)} boroughs.",
        section=SECTION,
        says={
            "boroughs": [(place.name, area_path(place.name)) for place in boroughs],
            "finder": drawings.finder(
                choices.site.geography,
                {place.code: relative(INDEX, area_path(place.name)) for place in boroughs},
                "The boroughs: one square for each",
            ),
        },
    )
    for place in boroughs:
        model = area_model(choices, place)
        yield Page(
            path=model.path,
            template="area.html",
            has_charts=True,
            title=place.name,
            summary=model.lede,
            section=SECTION,
            says={
                "model": model,
                "likeness": choices.site.catalogue.likeness,
                "boroughs": [(one.name, area_path(one.name)) for one in boroughs],
                "paths": {one.code: area_path(one.name) for one in boroughs},
                "charts": drawings.profiles(
                    model.domains, place.name, choices.site.city.name, choices.site.mark
                ),
            },
        )


def area_model(choices: Choices, place: Place) -> AreaModel:
    """Read what a borough's profile says."""
    path = area_path(place.name)
    standings = of_borough(choices, place, path)
    like = _like(choices, place)
    changes, unchanged = _changes(choices, standings)
    return AreaModel(
        place=place,
        path=path,
        lede=lede(standings, place.name, choices.site.city.name),
        counts=counts(standings, choices.site.city.name),
        domains=by_domain(standings),
        changes=changes,
        unchanged=unchanged,
        like=like,
        beside=tuple(_beside(choices, standings, like, path)) if like else (),
    )


def lede(standings: Sequence[Standing], name: str, whole: str) -> str:
    """Say in a sentence or two on which measures a place is clearly different.

    Only figures with a verdict are spoken of; counts in full differ by fact and are left to the
    table, because nearly all of them do.
    """
    clear = [one for one in standings if one.verdict and not one.verdict.is_counted]
    higher = [_quoted(one.label) for one in clear if one.code == "higher"]
    lower = [_quoted(one.label) for one in clear if one.code == "lower"]
    told = []
    if higher:
        told.append(f"{name} stands clearly higher than {whole} on {listed(higher, most=3)}.")
    if lower:
        start = "It stands" if higher else f"{name} stands"
        than = "" if higher else f" than {whole}"
        told.append(f"{start} clearly lower{than} on {listed(lower, most=3)}.")
    if not told and any(one.code == "no_clear_difference" for one in standings):
        told.append(f"On no survey question can we tell {name} apart from {whole}.")
    return " ".join(told) or f"What is known of {name}, measure by measure."


def _quoted(title: str) -> str:
    return f"“{title}”"


def counts(standings: Sequence[Standing], whole: str) -> str:
    """Count the verdicts."""
    clear = sum(one.code in {"higher", "lower"} for one in standings)
    same = sum(one.is_same for one in standings)
    unclear = sum(one.code == "no_clear_difference" for one in standings) - same
    without = len(standings) - clear - unclear - same
    differ = "differs" if clear == 1 else "differ"
    told = [f"Of {len(standings)} figures, {clear} {differ} from those of {whole}"]
    if same:
        told.append(f"{same} are the same, counted in full")
    if unclear:
        told.append(f"{unclear} cannot be told apart from them")
    if without:
        told.append(f"for {without} there is no figure, or nothing to set it against")
    return f"{listed(told)}."


def _like(choices: Choices, place: Place) -> tuple[Place, ...]:
    known = {one.code: one for one in choices.site.boroughs}
    similar = choices.site.catalogue.similar.get(place.code, ())
    return tuple(known[code] for code, _ in similar[:_LIKE] if code in known)


def _beside(
    choices: Choices, standings: Sequence[Standing], like: Sequence[Place], page: str
) -> Iterable[Beside]:
    figures = choices.site.figures
    for one in standings:
        if one.told is None or not one.told.is_shown:
            continue
        row = one.told.row
        rows = [figures.by_key.get((*row.key[:5], p.code, *row.key[6:])) for p in like]
        if any(other is not None and other.estimate is not None for other in rows):
            beside = tuple(
                _neighbour(choices, one, row, other, page) if other else None for other in rows
            )
            yield Beside(standing=one, figures=beside)


def _neighbour(
    choices: Choices, one: Standing, row: Estimate, other: Estimate, page: str
) -> Neighbour:
    """Put another borough's figure beside this one's, with the release's verdict on the two."""
    figures = choices.site.figures
    found = figures.pair(row, other.area, other.group)
    if found is None:
        found = turned(figures.pair(other, row.area, row.group))
    verdict = verdict_of(found, one.measure.unit, one.measure.decimals or 0)
    return Neighbour(told=choices.told(other, page), verdict=verdict)


def _changes(
    choices: Choices, standings: Sequence[Standing]
) -> tuple[tuple[tuple[str, str, str], ...], int]:
    """Tell what moved since the period before: title, page and sentence; and how many did not."""
    told: list[tuple[str, str, str]] = []
    unchanged = 0
    for one in standings:
        row = one.told.row if one.told else None
        for change in choices.site.figures.changes_of(row)[:1] if row else ():
            verdict = verdict_of(change, one.measure.unit)
            if verdict and verdict.code in {"higher", "lower"}:
                since = since_words(change.period_from)
                sentence = change_sentence(
                    verdict.code,
                    since,
                    verdict.extent,
                    at=when(change.period_from),
                    counted=verdict.is_counted,
                    alone=verdict.is_alone,
                )
                told.append((one.title, one.path, sentence))
            elif verdict and verdict.code == "no_clear_difference" and not verdict.is_same:
                unchanged += 1
    return tuple(told), unchanged
