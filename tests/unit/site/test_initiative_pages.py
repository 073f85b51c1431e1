"""Pages of initiatives: figures with their ranges, the hidden in words, no claim too strong."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import social_evidence
from social_evidence.catalogue.load import load
from social_evidence.model.evaluation import (
    ClaimText,
    Dropout,
    Evaluation,
    EvaluationEffect,
    GroupEffect,
    OutcomeEvaluation,
)
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.model.release import Manifest
from social_evidence.site.choices import Choices
from social_evidence.site.content import Figures, Names, Place, SiteInput
from social_evidence.site.figures import tell
from social_evidence.site.initiative_content import (
    InitiativesInput,
    TookPart,
    addressed,
    figures_of,
)
from social_evidence.site.initiative_model import newest
from social_evidence.site.initiatives import initiative_pages
from social_evidence.site.render import render
from social_evidence.site.tree import frame_of
from social_evidence.wording.claims import refused_words

LONDON = Path(social_evidence.__file__).parent / "catalogues" / "london"
CITY = "E12000007"
FUND = "london_family_fund"
SEEN = "Of 338 people who were asked, 9 points fewer say so; very likely 3 to 15 points fewer."


@pytest.fixture(scope="module")
def catalogue():
    return load([LONDON])


def row(success, wave, estimate=None, lower=None, upper=None, **given):
    stated = {
        "initiative": FUND,
        "statistic": "difference" if wave == "change" else "proportion",
        "counted": "people",
        "period": "2026",
        "area": CITY,
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 12, 31),
        "unit": "share",
        "method": "survey",
        "source": FUND,
        **given,
    }
    return InitiativeRow(
        success_measure=success, wave=wave, estimate=estimate, lower=lower, upper=upper, **stated
    )


AGE = (
    row("LFF-FRIENDS-AGE", "before", 0.38, 0.33, 0.44),
    row("LFF-FRIENDS-AGE", "after", 0.29, 0.24, 0.35),
    row("LFF-FRIENDS-AGE", "change", -0.09, -0.15, -0.03),
    row("LFF-FRIENDS-AGE", "change", -0.08, -0.18, 0.03, breakdown="sex", group="female"),
    row("LFF-FRIENDS-AGE", "change", breakdown="sex", group="male", status="protected"),
)
RELY = (
    row("LFF-RELY", "before", 0.29, 0.24, 0.34),
    row("LFF-RELY", "after", 0.18, 0.14, 0.23),
    row("LFF-RELY", "change", -0.11, -0.17, -0.05),
)
ENGAGED = row(
    "WIN-ENG", "none", 41.0, initiative="workforce_integration_network", statistic="count",
    counted="employers", unit="count", method="administrative", period="2026Q1",
)  # fmt: skip
NOT_RETURNED = row(
    "WIN-ETHMON", "none", initiative="workforce_integration_network", counted="employers",
    status="not_available", caveat="Nobody has made a return yet.",
)  # fmt: skip


def outcome(success="LFF-FRIENDS-AGE", found="fell", *, level=1, groups=()):
    return OutcomeEvaluation(
        success_measure=success,
        item="headline",
        title="Friends",
        words="they have friends of one age only",
        question="friends_similar_age",
        kind="share",
        role="primary",
        wave="after",
        direction="lower_is_better",
        smallest=0.05,
        people=338,
        projects=22,
        before=0.38,
        after=0.29,
        facts={},
        level=level,
        design_level=level,
        caps=(),
        nesta=2,
        flags=(),
        claim=ClaimText(
            found=found,
            verdict="supports",
            is_effective=False,
            seen=SEEN,
            reason="There was nothing to compare with, so we cannot say why.",
            limits=("This is what people say of themselves.",),
        ),
        effects=(
            EvaluationEffect(
                method="tango", estimate=-0.09, lower=-0.15, upper=-0.03, is_main=True
            ),
        ),
        dropout=Dropout(began=521, answered=338, retention=0.649),
        groups=groups,
    )


def evaluation(*outcomes):
    return Evaluation(
        initiative=FUND,
        title="London Family Fund",
        design="Before and after.",
        plan=FUND,
        registered_on="2026-01-01",
        outcomes=outcomes,
    )


def pages(catalogue, *rows, evaluated=None, took=()):
    by_measure = {}
    for one in rows:
        by_measure.setdefault(one.success_measure, {}).setdefault(one.item, []).append(one)
    given = InitiativesInput(
        city=CITY,
        rows=by_measure,
        evaluations={FUND: evaluated} if evaluated else {},
        took_part={FUND: took},
        groups={("sex", "female"): "Women", ("sex", "male"): "Men"},
        breakdowns={"sex": "Sex"},
    )
    site = SiteInput(
        manifest=Manifest(
            version="2026.0.0", created="2026-01-01", software_version="0", catalogue_digest="",
            content="", title="Evidence",
        ),
        title="Evidence",
        notices=(),
        is_public=True,
        catalogue=catalogue,
        names=Names(
            parts={}, series={}, periods={}, areas={}, breakdowns={}, groups={}, sources={}
        ),
        places=(Place(code=CITY, name="London", kind="city"),),
        figures=Figures.of(figures_of(given, catalogue), ()),
        provenance={},
        initiatives=given,
    )  # fmt: skip
    made = list(initiative_pages(Choices(site)))
    frame = frame_of(site, made)
    return {page.path: " ".join(render(page, frame).split()) for page in made}


def text(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index("<main") :]).split())


def page(catalogue, *rows, name="london-family-fund", **given):
    return pages(catalogue, *rows, **given)[f"initiatives/{name}/index.html"]


def test_every_initiative_has_a_page_and_the_overview_links_to_each(catalogue):
    made = pages(catalogue)
    overview = made.pop("initiatives/index.html")

    assert len(made) == len(catalogue.initiatives)
    for path in made:
        assert f'href="{path.removeprefix("initiatives/")}"' in overview


def test_every_success_measure_stands_in_the_overview_with_a_way_to_its_definition(catalogue):
    made = pages(catalogue, *AGE, ENGAGED, NOT_RETURNED)
    overview = made["initiatives/index.html"]
    for initiative in catalogue.initiatives.values():
        for success in initiative.success_measures:
            anchor = f"def-{success.id.lower()}"
            folder = initiative.id.replace("_", "-")
            assert f'href="{folder}/index.html#{anchor}"' in overview
            assert f'id="{anchor}"' in made[f"initiatives/{folder}/index.html"]


def test_a_change_is_shown_with_both_sides_their_ranges_and_its_own(catalogue):
    told = text(page(catalogue, *AGE, evaluated=evaluation(outcome())))

    assert "38% (33 to 44)" in told
    assert "29% (24 to 35)" in told
    assert "−9 points" in told
    assert "Fewer" in told


def test_a_change_that_may_be_chance_is_called_neither_more_nor_fewer(catalogue):
    told = page(catalogue, *AGE, evaluated=evaluation(outcome(found="not_enough_data")))

    assert ">Cannot tell</td>" in told
    assert ">Fewer</td>" not in told


def test_what_a_measure_counts_the_other_way_round_is_turned_with_its_range(catalogue):
    success = catalogue.initiatives[FUND].success_measures[-1]
    assert success.shows_complement
    before, after, change = (tell(addressed(one, success)) for one in RELY)

    assert (before.label, after.label) == ("71% (66 to 76)", "82% (77 to 86)")
    assert (change.row.estimate, change.row.lower, change.row.upper) == (0.11, 0.05, 0.17)
    told = text(page(catalogue, *RELY, evaluated=evaluation(outcome("LFF-RELY", "rose"))))
    assert "More" in told


def test_every_number_leads_to_its_own_address(catalogue):
    told = page(catalogue, *AGE, evaluated=evaluation(outcome()))
    cells = "../../c/lff-friends-age/e12000007/index.html#"

    assert f'<a href="{cells}wave.before.2026">38% (33 to 44)</a>' in told
    assert f'<a href="{cells}wave.change.2026.difference">−9 points</a>' in told
    hidden = f'<a href="{cells}wave+sex.change+male.2026.difference">Too few people to say</a>'
    assert hidden in told


def test_a_hidden_group_keeps_its_row_and_says_why(catalogue):
    told = text(page(catalogue, *AGE, evaluated=evaluation(outcome())))

    assert "Men Too few people to say [c] Cannot say" in told


def test_a_group_is_called_changed_only_where_it_was_planned_and_stands_adjusted(catalogue):
    clear = GroupEffect(breakdown="sex", group="female", adjusted_p=0.01, is_planned=True)
    unclear = replace(clear, adjusted_p=0.2)
    for groups, word in (((), "Not tested"), ((unclear,), "Cannot tell"), ((clear,), "Fewer")):
        found = page(catalogue, *AGE, evaluated=evaluation(outcome(groups=groups)))
        line = next(one for one in found.split("<tr>") if one.startswith('<th scope="row">Women'))
        assert f"<td>{word}</td>" in line


def test_a_second_reading_stands_in_the_table_and_is_not_tested(catalogue):
    wider = [replace(one, item="more_than_half") for one in AGE[:3]]
    told = text(page(catalogue, *AGE, *wider, evaluated=evaluation(outcome())))

    assert "The answer moved by more than chance." in told
    assert "counted otherwise" in told
    assert "Not tested" in told


def test_what_was_counted_says_so_and_what_was_not_returned_is_no_zero(catalogue):
    told = text(page(catalogue, ENGAGED, NOT_RETURNED, name="workforce-integration-network"))

    assert "41 Counted in full employers" in told
    assert "Not available [x]" in told
    assert "Nobody has made a return yet." in told


def test_below_level_three_no_sentence_puts_the_change_down_to_the_initiative(catalogue):
    made = pages(catalogue, *AGE, *RELY, ENGAGED, evaluated=evaluation(outcome()))

    claimed = made["initiatives/london-family-fund/index.html"]
    claimed = claimed[claimed.index("<h1>") : claimed.index('id="about"')]
    assert refused_words(re.sub(r"<[^>]+>", " ", claimed), language="en") == []
    assert "Whether the same people would have changed without it." in claimed


def test_no_cost_of_a_change_is_given_below_level_three(catalogue):
    told = text(page(catalogue, *AGE, evaluated=evaluation(outcome())))

    assert "What a change cost: from evidence of level 1 nobody knows" in told


def test_a_claim_links_to_its_numbers_its_plan_and_its_limits(catalogue):
    told = page(catalogue, *AGE, evaluated=evaluation(outcome()))
    claim = told[told.index('id="claim"') : told.index('id="what-changed"')]

    for anchor in ("what-changed", "plan", "cannot"):
        assert f'href="#{anchor}"' in claim
        assert f'id="{anchor}"' in told


def test_a_claim_of_people_asked_later_only_links_to_what_was_counted(catalogue):
    later = row("LFF-FRIENDS-AGE", "followup_6m", 0.18, 0.14, 0.23)
    told = page(catalogue, later, evaluated=evaluation(outcome(found="unknown")))

    assert 'id="what-changed"' not in told
    assert '<a href="#counted">The numbers</a>' in told
    assert 'id="counted"' in told


def test_who_took_part_stands_beside_londoners_and_the_hidden_say_so(catalogue):
    took = (
        TookPart(breakdown="sex", group="female", people=0.88, londoners=0.52),
        TookPart(breakdown="sex", group="male", people=None, londoners=0.48),
    )
    told = text(page(catalogue, *AGE, evaluated=evaluation(outcome()), took=took))

    assert "Women 88% 52%" in told
    assert "Men Too few people to say [c] 48%" in told


def test_people_whose_group_nobody_knows_have_a_name_in_the_table(catalogue):
    took = (
        TookPart(breakdown="sex", group="", people=0.03, londoners=0.01),
        TookPart(breakdown="sex", group="male", people=0.30, londoners=0.48),
    )
    told = page(catalogue, *AGE, evaluated=evaluation(outcome()), took=took)

    assert '<th scope="row">Not known</th>' in told
    assert '<th scope="row"></th>' not in told


def test_how_many_answered_stands_in_a_table_too(catalogue):
    told = text(page(catalogue, *AGE, evaluated=evaluation(outcome())))

    assert "Of 521 people who answered at the start, 338 (65%) answered again." in told
    assert "Answered at the start 521 Answered again 338" in told


def test_an_initiative_without_figures_says_that_none_has_come(catalogue):
    told = text(page(catalogue))

    assert "None of its 5 success measures has a figure yet" in told
    assert "No record of it has come yet" in told


def test_the_newest_period_with_a_figure_is_shown():
    old = row("LFF-FRIENDS-AGE", "change", -0.09, -0.15, -0.03)
    empty = replace(
        old, period="2027", period_end=date(2027, 12, 31), estimate=None, lower=None, upper=None,
        status="protected",
    )  # fmt: skip

    assert newest([old, empty]) == [old]
    assert newest([empty]) == [empty]


def test_hostile_words_of_a_catalogue_are_text(catalogue):
    own = replace(catalogue.initiatives[FUND], title="<script>alert(1)</script>\u202e", note="<b>")
    hostile = replace(catalogue, initiatives={**catalogue.initiatives, FUND: own})
    told = page(hostile, *AGE, evaluated=evaluation(outcome()))

    assert "<script>alert" not in told
    assert "&lt;script&gt;alert(1)" in told
    assert "\u202e" not in told
