"""Initiatives made ready for pages: names of waves in order, history turned as figures are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import social_evidence
from social_evidence.app.site_initiatives import names_with, revisions_with
from social_evidence.catalogue.load import load
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.site.content import Names, Revision
from social_evidence.site.initiative_content import InitiativesInput

LONDON = Path(social_evidence.__file__).parent / "catalogues" / "london"
FUND = "london_family_fund"
NOTHING = Names(parts={}, series={}, periods={}, areas={}, breakdowns={}, groups={}, sources={})


@pytest.fixture(scope="module")
def catalogue():
    return load([LONDON])


def row(success, wave, **given):
    return InitiativeRow(
        success_measure=success,
        initiative=FUND,
        statistic="difference" if wave == "change" else "proportion",
        counted="people",
        period="2026",
        area="E12000007",
        wave=wave,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        unit="share",
        method="survey",
        source=FUND,
        **given,
    )


def given(*rows):
    by_measure = {}
    for one in rows:
        by_measure.setdefault(one.success_measure, {}).setdefault(one.item, []).append(one)
    return InitiativesInput(
        city="E12000007",
        rows=by_measure,
        groups={("sex", "female"): "Female", ("sex", "male"): "Male"},
        breakdowns={"sex": "Sex"},
    )


def test_waves_are_named_in_the_order_in_which_people_are_asked(catalogue):
    asked = [
        row("LFF-RELY", wave, breakdown="sex", group=group)
        for group in ("male", "female")
        for wave in ("after", "change", "before")
    ]
    names = names_with(NOTHING, given(*asked), catalogue)

    assert names.breakdowns == {"wave*sex": "When asked by sex"}
    assert list(names.groups.values()) == [
        f"{wave}, {group}"
        for group in ("Female", "Male")
        for wave in ("Before", "After", "Change, after less before")
    ]
    assert names.series["LFF-RELY", FUND] == "London Family Fund"


def test_without_initiatives_names_are_as_they_were(catalogue):
    assert names_with(NOTHING, None, catalogue) is NOTHING


def test_a_figure_shown_the_other_way_round_has_its_history_so_too(catalogue):
    before, change = row("LFF-RELY", "before"), row("LFF-RELY", "change")
    old = Revision(
        version="2026.0.1",
        old=0.3,
        old_lower=0.25,
        old_upper=0.36,
        new=None,
    )
    told = revisions_with(
        {before.figure.key: (old,), change.figure.key: (old,)}, given(before, change), catalogue
    )
    by_group = {key[7]: changes[0] for key, changes in told.items() if key[1] == "LFF-RELY"}

    assert (by_group["before"].old, by_group["before"].new) == (0.7, None)
    assert (by_group["before"].old_lower, by_group["before"].old_upper) == (0.64, 0.75)
    assert by_group["change"].old == -0.3
