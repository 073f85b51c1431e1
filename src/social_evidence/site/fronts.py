"""The front pages: home, the list of measures, and the four domains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from social_evidence.model.measure import Measure
from social_evidence.site import drawings
from social_evidence.site.addresses import area_path, domain_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.measure_model import GroupFigure, MeasureModel
from social_evidence.site.measure_page import measure_model, of_breakdowns
from social_evidence.site.render import Page
from social_evidence.site.standing import Standing, by_domain, of_city
from social_evidence.wording import labels
from social_evidence.wording.findings import listed

HOME: Final = "index.html"
MEASURES: Final = "measures/index.html"
_SENTENCES: Final = 3
_MOST_GROUPS: Final = 9
_CLEAR: Final = frozenset({"higher", "lower"})
_SOUND: Final = frozenset({"A", "B"})
"""Grades that may be quoted without a warning."""

ABOUT: Final = {
    "relationships": "Whom people meet, trust and rely on.",
    "participation": "Who votes, volunteers and joins in.",
    "equality": "Whether work, school, homes and money are within the same reach for all.",
    "outcomes": "What the three lead to: belonging, and a good place to live.",
}
"""The strategy's own picture: relationships, participation and equality lead to outcomes."""


def front_pages(choices: Choices) -> Iterable[Page]:
    """Make the home page, the list of measures and a page for each domain."""
    yield _home(choices)
    standings = of_city(choices, MEASURES)
    yield Page(
        path=MEASURES,
        template="measures.html",
        title="Measures",
        summary=f"All {len(choices.measures)} measures, each with its latest figure.",
        section="Measures",
        says={
            "domains": by_domain(standings),
            "about": ABOUT,
            "bars": drawings.bars(standings),
        },
    )
    for domain in {measure.domain: None for measure in choices.measures}:
        yield _domain(choices, domain)


def _home(choices: Choices) -> Page:
    site = choices.site
    standings = of_city(choices, HOME)
    return Page(
        path=HOME,
        template="home.html",
        has_charts=True,
        title=f"Do people in {site.city.name} connect as equals?",
        summary="Measures of how people live together, each with how sure we are of it.",
        says={
            "sentences": list(_sentences(choices, standings)),
            "domains": by_domain(standings),
            "states": {one.domain: state_words(one.standings) for one in by_domain(standings)},
            "bars": drawings.bars(standings),
            "about": ABOUT,
            "boroughs": [(place.name, area_path(place.name)) for place in site.boroughs],
            "measures": len(choices.measures),
            "finder": drawings.finder(
                site.geography,
                {place.code: area_path(place.name) for place in site.boroughs},
                "Find your borough: one square for each",
            ),
        },
    )


def state_words(standings: Sequence[Standing]) -> str:
    """Say how many figures of a domain have moved since the period before, and may have."""
    moved = ["same" if one.is_same else one.code for one in standings]
    counted = {
        "{} rose": moved.count("higher"),
        "{} fell": moved.count("lower"),
        "{} stayed the same": moved.count("same"),
        "{} may or may not have changed": moved.count("no_clear_difference"),
        "{} had nothing earlier to compare": len(moved)
        - sum(moved.count(code) for code in ("higher", "lower", "same", "no_clear_difference")),
    }
    told = listed([text.format(count) for text, count in counted.items() if count])
    return f"Of {len(moved)} {'figure' if len(moved) == 1 else 'figures'}, {told}."


def _sentences(choices: Choices, standings: Sequence[Standing]) -> Iterable[dict[str, object]]:
    """Choose one measure a domain, a survey's share of everybody where there is one, and tell it.

    Outcomes come before equality: what the rest leads to belongs among three sentences.
    """
    order = {domain: at for at, domain in enumerate(("relationships", "participation", "outcomes"))}
    best: dict[str, Standing] = {}
    for one in sorted(standings, key=plainness):
        if one.told and one.told.is_shown and one.told.row.lower is not None:
            best.setdefault(one.measure.domain, one)
    chosen = sorted(best, key=lambda domain: order.get(domain, len(order)))[:_SENTENCES]
    for domain in chosen:
        yield {"domain": domain, **_story(choices, best[domain].measure)}


def _story(choices: Choices, measure: Measure) -> Mapping[str, object]:
    """Tell a measure by the kind of groups that differs most, or over time where none does."""
    city, mark = choices.site.city.name, choices.site.mark
    model = measure_model(choices, measure, page=HOME)
    told: dict[str, object] = {"model": model, "path": measure_path(measure.id)}
    shown = clearest(model, city)
    if shown is None:
        chart = drawings.trend(model, city, mark, height=200.0)
        return told | {
            "finding": model.trend_finding,
            "chart": chart,
            "blocks": model.trend,
            "first": "Period",
        }
    chart = drawings.groups(shown, model.caption, city, mark)
    return told | {
        "finding": shown.finding,
        "chart": chart,
        "blocks": shown.blocks,
        "first": "Group",
    }


def clearest(model: MeasureModel, city: str) -> GroupFigure | None:
    """Choose the breakdown with the most groups that clearly differ from everybody.

    Args:
        model: What the measure's page says.
        city: The city's name, for the finding.

    Returns:
        The groups of that breakdown, at the headline's own moment; None where no group differs.
    """
    headline = model.headline.row if model.headline else None
    counted: dict[str, int] = {}
    own = next(
        (one for one in model.groups if one.everybody and one.everybody.row == headline), None
    )
    for block in own.blocks if own else ():
        clear = sum(
            line.verdict is not None and line.verdict.code in _CLEAR for line in block.lines
        )
        if clear and len(block.lines) <= _MOST_GROUPS:
            counted[block.lines[0].told.row.breakdown] = clear
    if own is None or not counted:
        return None
    return of_breakdowns(own, {max(counted, key=lambda breakdown: counted[breakdown])}, city)


def plainness(one: Standing) -> tuple[bool, ...]:
    """Rank a measure by how plainly it can be told and how well it stands: false comes first.

    Three sentences on a first page are what will be quoted. So a figure that is rough, or to be
    used with care, is told there only where its domain has no better one, and a question that
    differs in a major way from the measure's only where there is nothing else.
    """
    row = one.told.row if one.told else None
    if row is None:
        return (True, True)
    return (
        one.measure.supporting,
        bool(one.note),
        row.status != "shown",
        row.reliability not in _SOUND,
        row.breakdown != "all",
        bool(one.measure.parts),
        row.method != "survey",
    )


def _domain(choices: Choices, domain: str) -> Page:
    path = domain_path(domain)
    standings = [one for one in of_city(choices, path) if one.measure.domain == domain]
    name = labels.named(domain, labels.DOMAINS)
    models = [measure_model(choices, m) for m in choices.measures if m.domain == domain]
    return Page(
        path=path,
        template="domain.html",
        title=name,
        summary=ABOUT.get(domain, ""),
        section="Measures",
        says={
            "domain": domain,
            "name": name,
            "about": ABOUT.get(domain, ""),
            "standings": standings,
            "bars": drawings.bars(standings),
            "models": models,
            "others": [
                (labels.named(other, labels.DOMAINS), domain_path(other), other)
                for other in labels.DOMAINS
                if other != domain and any(m.domain == other for m in choices.measures)
            ],
        },
    )
