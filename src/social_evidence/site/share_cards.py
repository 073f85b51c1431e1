"""The picture of a page that is shown where somebody shares its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from social_evidence.charts.cards import Card, social_card
from social_evidence.charts.strips import ALL
from social_evidence.site import drawings
from social_evidence.site.areas import AreaModel
from social_evidence.site.content import Formats
from social_evidence.site.figure_files import tokens
from social_evidence.site.figures import Told
from social_evidence.site.measure_model import MeasureModel
from social_evidence.site.points import point
from social_evidence.site.render import Frame, Page, clean, day

DRAWN: Final = "card.svg"
"""The drawing a picture is made from; it is no file of the site."""
PICTURE: Final = "card.png"
_WITH_CARDS: Final = frozenset({"measure.html", "area.html"})


def card_files(pages: Iterable[Page], frame: Frame) -> Iterator[tuple[str, str]]:
    """Draw the card of every page that says what its card shows: path and SVG."""
    for page in pages:
        if page.card:
            folder = page.path.removesuffix("index.html")
            yield f"{folder}{DRAWN}", social_card(card_of(page, frame), tokens()[0])


def card_of(page: Page, frame: Frame) -> Card:
    """Say what a page's card shows: title, sentence, release, and a ruler where there is one."""
    model = page.says["model"]
    sentence = model.lede if isinstance(model, (MeasureModel, AreaModel)) else page.summary
    told = model.headline if isinstance(model, MeasureModel) else None
    marks = [notice.partition(":")[0] + "." for notice in frame.notices]
    note = f"Release {frame.version}, {day(frame.created)}. {' '.join(marks)}".strip()
    if told is None or not _has_ruler(told):
        whole = f"{model.dated} {model.sure}" if isinstance(model, MeasureModel) else sentence
        return Card(site=frame.title, title=clean(page.title), sentence=clean(whole), note=note)
    return Card(
        site=frame.title,
        title=clean(page.title),
        sentence=clean(f"{sentence} {told.label} {model.at}."),
        note=note,
        point=point(frame.city, told),
        axis=drawings.axis_of(told),
        ends=ALL,
    )


def _has_ruler(told: Told) -> bool:
    """Whether a figure lies on a scale with natural ends: a share of all."""
    row = told.row
    is_share = row.unit == "share" and row.statistic == "proportion"
    return is_share and told.is_shown and row.estimate is not None and row.estimate <= 1.0


def with_cards(pages: Iterable[Page], formats: Formats) -> list[Page]:
    """Give measures and boroughs the words of their cards, where pictures are made."""
    if not formats.images:
        return list(pages)
    return [
        replace(page, card=clean(f"{page.title}. {page.summary}"))
        if isinstance(page.says.get("model"), (MeasureModel, AreaModel))
        and page.template in _WITH_CARDS
        else page
        for page in pages
    ]
