"""The pages of the languages: home, measures, boroughs and what there is to know of the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from social_evidence.site.addresses import area_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place
from social_evidence.site.fronts import ABOUT
from social_evidence.site.language_charts import Drawn, groups, trend
from social_evidence.site.language_html import html
from social_evidence.site.language_links import Tongue
from social_evidence.site.language_model import GroupTable, Teller, language_path, measure_page
from social_evidence.site.measure_model import MeasureModel
from social_evidence.site.measure_page import measure_model
from social_evidence.site.render import Page, said_beside
from social_evidence.site.standing import Standing, of_borough
from social_evidence.wording import labels
from social_evidence.wording.language import ENGLISH, Language, message
from social_evidence.wording.language_sentences import (
    caution,
    certainty,
    headline,
    told_of_place,
)
from social_evidence.wording.phrases import NOTHING, Phrase, plain

UNREVIEWED: Final = message(
    "Nobody has reviewed this translation yet, and it may be wrong. What counts is the English "
    "page."
)
"""Stands on every page of a language that nobody reviewed, in that language and in English."""
NEWER: Final = message(
    "This is how the page stood in this release. See whether there is anything newer"
)
"""Leads from a page that is kept for good to its latest twin."""
FOR_GOOD: Final = message(
    "This page as it stands in this release, at an address that never changes"
)
"""Leads from the latest page to the one that is kept for good."""
IS_OUT: Final = message("A newer release is out: {version}, of {day}.")
"""What the script of a kept page says where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A measure in a list: its title and page, and its headline or its sentences."""

    title: Phrase
    path: str
    sentences: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A domain of the home page: its name, what it is about, its measures."""

    domain: str
    name: Phrase
    about: Phrase
    measures: tuple[Listed, ...]


def tongues(languages: Sequence[Language]) -> tuple[Tongue, ...]:
    """Name the languages that have pages, for links between them."""
    return tuple(Tongue(code=one.code, name=one.name, direction=one.direction) for one in languages)


def language_pages(choices: Choices, languages: Sequence[Language]) -> Iterable[Page]:
    """Make the pages of every language.

    Args:
        choices: The release, and what is chosen of it.
        languages: Those that may be shown.
    """
    if not languages:
        return
    models = [measure_model(choices, measure) for measure in choices.measures]
    standings = {
        place.code: of_borough(choices, place, area_path(place.name))
        for place in choices.site.boroughs
    }
    for language in languages:
        yield _home(choices, language, models)
        for model in models:
            yield _measure(choices, language, model)
        for place in choices.site.boroughs:
            yield _area(choices, language, place, standings[place.code])
        yield _about(choices, language)


def _page(teller: Teller, template: str, title: Phrase, says: dict[str, Any]) -> Page:
    """Put a page together: the language, its banners, and its words as the template asks them."""
    language, site = teller.language, teller.choices.site

    def say(english: str, /, **values: Phrase | str) -> Markup:
        return html(language.say(english, **values))

    named = language.label("site", site.title)
    heading = f"{plain(title, language.direction)} – {plain(named, language.direction)}"
    return Page(
        path=teller.page,
        template=f"language/{template}.html",
        title=plain(title),
        has_charts=template == "measure",
        says={
            "language": language,
            "say": say,
            "html": html,
            "heading": Markup("{}").format(heading),
            "site_name": html(named),
            "city_name": html(teller.city),
            "notices": [html(language.label("notice", notice)) for notice in site.notices],
            "unreviewed": (say(UNREVIEWED), UNREVIEWED) if language.review.lacks() else (),
            "released": say(
                "Release {version} of {day}.",
                version=language.digits(language.formats.digits(site.manifest.version)),
                day=_day(language, site.manifest.created),
            ),
            "beside": _beside(language),
            "h1": html(title),
            "english_path": teller.page.partition("/")[2],
            "home_path": f"{language.code}/index.html",
            "about_path": f"{language.code}/accessibility/index.html",
            **says,
        },
    )


def _beside(language: Language) -> Markup | None:
    """Say what stands beside a page's twin; None where the language lacks any of it."""
    if not all(language.has(one) for one in (NEWER, FOR_GOOD, IS_OUT)):
        return None
    values = {"version": "{version}", "day": "{day}"}
    words = {one: plain(language.say(one), language.direction) for one in (NEWER, FOR_GOOD)}
    words[IS_OUT] = plain(language.say(IS_OUT, **values), language.direction)
    return said_beside(words)


def _day(language: Language, created: str) -> Phrase:
    return Phrase((language.formats.day(date.fromisoformat(created[:10])),))


def _home(choices: Choices, language: Language, models: Sequence[MeasureModel]) -> Page:
    teller = Teller(language, choices, f"{language.code}/index.html")
    parts = []
    for domain, name in labels.DOMAINS.items():
        own = tuple(_listed(teller, one) for one in models if one.measure.domain == domain)
        if own:
            parts.append(
                Part(
                    domain=domain,
                    name=language.label("domain", name),
                    about=language.label("domain", ABOUT.get(domain, "")),
                    measures=own,
                )
            )
    return _page(
        teller,
        "home",
        language.say("How people live together: {place}", place=teller.city),
        {
            "parts": parts,
            "boroughs": [
                (language.label("place", place.name), _in(language, area_path(place.name)))
                for place in choices.site.boroughs
            ],
        },
    )


def _in(language: Language, path: str) -> str:
    return f"{language.code}/{path}"


def _listed(teller: Teller, model: MeasureModel) -> Listed:
    row = model.headline.row if model.headline else None
    language = teller.language
    title = teller.title(model.measure)
    sentence = (
        headline(language, row, teller.unit(row), teller.subject(row, title, teller.city))
        if row
        else language.say("{place}: there is no figure.", place=teller.city)
    )
    return Listed(
        title=language.label("measure", model.measure.title),
        path=language_path(language, model.measure),
        sentences=tuple(
            filter(None, (sentence, certainty(language, row, teller.unit(row)) if row else NOTHING))
        ),
    )


def _measure(choices: Choices, language: Language, model: MeasureModel) -> Page:
    teller = Teller(language, choices, language_path(language, model.measure))
    told = measure_page(teller, model)
    return _page(
        teller,
        "measure",
        told.title,
        {
            "told": told,
            "certainty": html(_meant(language)),
            "trend_chart": trend(language, told.trend, told.trend.caption) if told.trend else None,
            "group_charts": [_group_chart(language, shown) for shown in told.groups],
        },
    )


def _meant(language: Language) -> Phrase:
    """Say what a likely range means."""
    return language.say(
        "We asked some people, not all. If we asked again in the same way, the answer would move a "
        "little by chance. The likely range (a {level} confidence interval) covers the true figure "
        "{times} times out of {all}. It does not cover mistakes, such as people we failed to "
        "reach.",
        level=language.digits(language.formats.percent(Decimal(95))),
        times=language.number(Decimal(19)),
        all=language.number(Decimal(20)),
    )


def _group_chart(language: Language, shown: GroupTable) -> Drawn | None:
    return groups(language, shown.table, shown.table.caption, shown.everybody, shown.place)


def _area(
    choices: Choices, language: Language, place: Place, standings: Sequence[Standing]
) -> Page:
    teller = Teller(language, choices, _in(language, area_path(place.name)))
    name = teller.place(place)
    return _page(
        teller,
        "area",
        name,
        {"city_phrase": teller.city, "listed": [_standing(teller, one, name) for one in standings]},
    )


def _standing(teller: Teller, one: Standing, place: Phrase) -> Listed:
    """Say how a borough stands on a measure."""
    language, choices = teller.language, teller.choices
    row = one.told.row if one.told else None
    title = language.label("measure", one.measure.title)
    if one.measure.parts:
        title = teller.title(one.measure, row.part) if row else language.label("part", one.title)
    path = language_path(language, one.measure)
    if row is None:
        nothing = language.say("{place}: there is no figure.", place=place)
        return Listed(title=title, path=path, sentences=(nothing,))
    if row.breakdown != "all":
        title = language.say(
            "{title}: {group}", title=title, group=teller.group(row.breakdown, row.group)
        )
    unit = teller.unit(row)
    against = choices.site.figures.against_city(row, choices.site.city.code)
    is_shown = row.estimate is not None and one.told is not None and one.told.is_shown
    said = (
        told_of_place(language, row, unit, place),
        certainty(language, row, unit),
        caution(language, row),
        teller.verdict(against, row, teller.city) if is_shown else NOTHING,
        language.say(
            "This survey asks another question. Its figures are not to be set against those of "
            "other surveys."
        )
        if one.note
        else NOTHING,
    )
    return Listed(title=title, path=path, sentences=tuple(filter(None, said)))


def _about(choices: Choices, language: Language) -> Page:
    teller = Teller(language, choices, f"{language.code}/accessibility/index.html")
    review = language.review
    reviewed = NOTHING
    if not review.lacks():
        reviewed = language.say(
            "Reviewed by {reviewer}, {day}.",
            reviewer=language.english(review.by),
            day=_day(language, review.on),
        )
    return _page(
        teller,
        "about",
        language.say("Accessibility, and this translation"),
        {"reviewed": html(reviewed), "is_english": language.code == ENGLISH},
    )
