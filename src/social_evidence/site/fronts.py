"""The front pages: home, the list of measures, and the four domains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from social_evidence.site import drawings
from social_evidence.site.addresses import area_path, domain_path
from social_evidence.site.choices import Choices
from social_evidence.site.measure_page import measure_model
from social_evidence.site.render import Page
from social_evidence.site.standing import Standing, by_domain, of_city
from social_evidence.wording import labels
from social_evidence.wording.findings import listed

HOME: Final = "index.html"
MEASURES: Final = "measures/index.html"
_SENTENCES: Final = 3

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
        "{} may have moved either way": moved.count("no_clear_difference"),
        "{} had nothing to be set against": len(moved)
        - sum(moved.count(code) for code in ("higher", "lower", "same", "no_clear_difference")),
    }
    told = listed([text.format(count) for text, count in counted.items() if count])
    return f"Of {len(moved)} {'figure' if len(moved) == 1 else 'figures'} {told}."


def _sentences(choices: Choices, standings: Sequence[Standing]) -> Iterable[dict[str, object]]:
    """Choose one measure a domain, a survey's share of everybody where there is one, and tell it.

    Outcomes come before equality: what the rest leads to belongs among three sentences.
    """
    order = {domain: at for at, domain in enumerate(("relationships", "participation", "outcomes"))}
    best: dict[str, Standing] = {}
    for one in sorted(standings, key=_plainness):
        if one.told and one.told.is_shown and one.told.row.lower is not None:
            best.setdefault(one.measure.domain, one)
    chosen = sorted(best, key=lambda domain: order.get(domain, len(order)))[:_SENTENCES]
    for domain in chosen:
        model = measure_model(choices, best[domain].measure)
        chart = drawings.trend(model, choices.site.city.name, choices.site.mark, height=200.0)
        yield {"model": model, "domain": domain, "finding": model.trend_finding, "chart": chart}


def _plainness(one: Standing) -> tuple[bool, ...]:
    """Rank a measure by how plainly it can be told: false comes first."""
    row = one.told.row if one.told else None
    return (
        one.measure.supporting,
        row is None or row.method != "survey",
        row is None or row.breakdown != "all",
        bool(one.measure.parts),
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
