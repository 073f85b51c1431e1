"""What an evaluation says of designs whose truth is known."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.app.evaluate import evaluate_initiative
from social_evidence.app.evaluate_benchmark import CitySurvey
from social_evidence.app.evaluate_pool import pool_outcomes
from social_evidence.app.evaluate_report import check_report, report_of, to_html, to_text
from social_evidence.app.evaluation_published import published
from social_evidence.app.participant_change import share_change
from social_evidence.errors import DefinitionError
from social_evidence.methods.evaluation.strength import DesignFacts, maryland_level, strength
from social_evidence.model.evaluation import Evaluation
from social_evidence.model.record_mapping import from_mapping, to_mapping
from social_evidence.synthetic.evaluation_designs import (
    INITIATIVE,
    MEASURE,
    QUESTION,
    Design,
    answers_of,
    catalogue_of,
    city_survey,
    registration_of,
)
from social_evidence.wording.claims import FLAGS, Seen, claim, refused_words
from social_evidence.wording.evaluation_words import CAPS, METHODS, RAISES

LOTTERY = Design(
    people=300, effect=0.2, has_arm=True, comparison="people", assignment="lottery", lost=0.03
)


def evaluated(design: Design, seed: int = 1, **more: object) -> Evaluation:
    rng = np.random.default_rng(seed)
    known = {"registrations": [registration_of(design)]} | more
    return evaluate_initiative(
        catalogue_of(design),
        INITIATIVE,
        answers_of(design, rng),
        **known,
    )


def beside_city(design: Design, *, twice: bool, apart: float = 0.0) -> Evaluation:
    first, later = city_survey(design, np.random.default_rng(2), apart=apart)
    survey = CitySurvey(source="the city", before=first, later=later if twice else None)
    return evaluated(design, benchmark=survey)


def test_before_and_after_alone_is_level_one_and_never_effective() -> None:
    outcome = evaluated(Design(effect=0.2)).outcomes[0]
    assert (outcome.level, outcome.nesta) == (1, 2)
    assert outcome.claim.verdict == "supports"
    assert not outcome.claim.is_effective
    assert "we cannot say why" in outcome.claim.reason


def test_a_lottery_with_few_lost_may_be_called_effective() -> None:
    outcome = evaluated(LOTTERY).outcomes[0]
    assert outcome.level == 5
    assert outcome.claim.is_effective
    assert outcome.main is not None
    assert outcome.main.method == "between_arms"
    assert outcome.e_value is not None
    assert outcome.e_value > 1


def test_the_change_is_that_of_the_one_function() -> None:
    design = Design(effect=0.1)
    answers = answers_of(design, np.random.default_rng(1))
    frame = {
        wave: {
            row["pseudonym"]: row
            for row in answers.filter(pa.compute.equal(answers["wave"], wave)).to_pylist()
        }
        for wave in ("before", "after")
    }
    both = [name for name in frame["before"] if name in frame["after"]]
    columns = [
        [float(frame[wave][name][QUESTION] == "yes") for name in both]
        for wave in ("before", "after")
    ]
    change = share_change(*columns, [frame["before"][name]["project"] for name in both])
    told = evaluated(design).outcomes[0].effects[0]
    assert (told.estimate, told.lower, told.upper) == (change.change, change.lower, change.upper)


@pytest.mark.parametrize(
    ("design", "cap", "flag"),
    [
        (replace(LOTTERY, broken="question"), "question_changed", "question_changed"),
        (replace(LOTTERY, broken="late_plan"), "chosen_afterwards", "no_plan"),
        (replace(LOTTERY, broken="dropout", lost=0.3), "dropout_could_explain", "self_report"),
    ],
)
def test_what_goes_wrong_lowers_a_lottery(design: Design, cap: str, flag: str) -> None:
    outcome = evaluated(design).outcomes[0]
    assert cap in outcome.caps
    assert flag in outcome.flags
    assert outcome.level < 3
    assert not outcome.claim.is_effective


def test_few_areas_keep_the_level_below_three_and_print_the_smallest_p() -> None:
    design = replace(
        LOTTERY, assignment="chosen", assigned_by="area", projects=3, people=240, lost=0.1
    )
    outcome = evaluated(design).outcomes[0]
    assert outcome.level < 3
    assert "few_treated_areas" in outcome.flags
    assert outcome.main is not None
    assert outcome.main.p_value is not None
    assert outcome.main.p_value >= 0.05  # 20 choices of 3 in 6, both ways round
    assert "smallest p value" in outcome.main.note


def test_a_city_asked_once_is_no_comparison() -> None:
    outcome = beside_city(Design(effect=0.2), twice=False, apart=0.15).outcomes[0]
    assert outcome.level == 1
    assert "benchmark_once" in outcome.flags
    assert not outcome.facts["comparison_group"]
    assert outcome.main is not None
    assert outcome.main.method == "between_projects"
    assert outcome.benchmark is not None
    assert outcome.benchmark.share_after is None


def test_shares_of_the_citys_survey_come_with_limits_rounded_away_from_them() -> None:
    told = beside_city(Design(effect=0.2), twice=False)
    outcome, shown = told.outcomes[0], published(told).outcomes[0]
    assert outcome.benchmark is not None
    assert shown.benchmark is not None
    assert outcome.benchmark.balance
    for row, rounded in zip(outcome.benchmark.balance, shown.benchmark.balance, strict=True):
        assert row.compared_lower is not None
        assert row.compared_upper is not None
        assert row.compared is not None
        assert 0 < row.compared_lower < row.compared < row.compared_upper < 1
        assert rounded.compared_lower is not None
        assert rounded.compared_upper is not None
        assert rounded.compared_lower <= row.compared_lower
        assert rounded.compared_upper >= row.compared_upper


def test_a_city_asked_twice_enters_with_its_own_error() -> None:
    outcome = beside_city(
        Design(effect=0.2, comparison="benchmark", lost=0.04), twice=True
    ).outcomes[0]
    assert outcome.level == 3
    told = {one.method: one for one in outcome.effects}
    alone, beside = told["between_projects"], told["benchmark_difference"]
    assert beside.is_main
    assert beside.standard_error is not None
    assert alone.standard_error is not None
    assert beside.standard_error > alone.standard_error
    assert outcome.benchmark is not None
    assert max(abs(row.difference_matched or 0) for row in outcome.benchmark.balance) < 1e-6


def test_a_panel_of_the_city_is_matched_person_by_person() -> None:
    design = Design(effect=0.2, comparison="benchmark", lost=0.04)
    first, _ = city_survey(design, np.random.default_rng(3))
    names = pa.array([str(one) for one in range(first.num_rows)])
    first = first.append_column("person", names)
    survey = CitySurvey(source="panel", before=first, later=first, is_panel=True)
    outcome = evaluated(design, benchmark=survey).outcomes[0]
    told = {one.method: one for one in outcome.effects}
    # Nobody in the city changed, and that is known without any error.
    assert told["benchmark_difference"].estimate == pytest.approx(
        told["between_projects"].estimate, abs=1e-12
    )
    assert told["benchmark_difference"].standard_error == pytest.approx(
        told["between_projects"].standard_error, rel=1e-9
    )


def test_people_chosen_low_must_rise_beyond_what_would_have_come_anyway() -> None:
    none = evaluated(Design(kind="score", broken="chosen_low", people=800)).outcomes[0]
    assert none.expected_return == pytest.approx(0.4 * 1.141, abs=0.1)
    assert none.claim.found == "rose"
    assert none.claim.verdict == "not_enough_data"
    some = evaluated(Design(kind="score", broken="chosen_low", effect=0.5)).outcomes[0]
    assert some.claim.verdict == "supports"
    assert some.level == 1


def test_no_change_that_matters_is_told_from_too_little_to_tell() -> None:
    wide = evaluated(Design(people=60)).outcomes[0]
    assert wide.claim.verdict == "not_enough_data"
    narrow = evaluated(Design(people=4000, moved=0.1, alike=0.0)).outcomes[0]
    assert narrow.claim.verdict == "no_meaningful_change"


def test_people_who_cannot_be_matched_are_compared_as_two_sets() -> None:
    design = Design(effect=0.3, people=600)
    answers = answers_of(design, np.random.default_rng(1))
    names = [f"{row['pseudonym']} {row['wave']}" for row in answers.to_pylist()]
    anonymous = answers.set_column(0, "pseudonym", pa.array(names))
    told = evaluate_initiative(
        catalogue_of(design), INITIATIVE, anonymous, registrations=[registration_of(design)]
    )
    outcome = told.outcomes[0]
    assert outcome.level == 1
    assert "unpaired" in outcome.flags
    assert outcome.main is not None
    assert outcome.main.method == "different_people"
    assert outcome.claim.verdict == "supports"
    report = report_of(published(told), catalogue_of(design))
    check_report(report, told)
    assert refused_words(to_text(report)) == []


def test_without_a_plan_everything_counts_as_chosen_afterwards() -> None:
    design = Design(effect=0.2)
    catalogue = replace(catalogue_of(design), evaluation_plans={})
    answers = answers_of(design, np.random.default_rng(1))
    told = evaluate_initiative(catalogue, INITIATIVE, answers)
    assert [one.kind for one in told.departures] == ["no_plan"]
    assert told.outcomes[0].role == "chosen_afterwards"
    assert told.outcomes[0].smallest is None


def test_a_change_of_the_plan_after_registration_is_told() -> None:
    design = Design(effect=0.2)
    catalogue = catalogue_of(design)
    plan = catalogue.evaluation_plans[INITIATIVE]
    moved = replace(
        plan,
        outcomes=(replace(plan.outcomes[0], smallest=0.3),),
        subgroups=("sex",),
        weighted_on=("sex",),
    )
    now = replace(catalogue, evaluation_plans={INITIATIVE: moved})
    answers = answers_of(design, np.random.default_rng(1))
    told = evaluate_initiative(now, INITIATIVE, answers, registrations=[registration_of(design)])
    kinds = [one.kind for one in told.departures]
    assert kinds == ["plan_changed", "group_added", "method_changed"]
    # What was promised holds: the smallest change that matters is the registered one.
    assert told.outcomes[0].smallest == 0.05


def test_an_outcome_added_later_is_chosen_afterwards_and_one_dropped_is_still_looked_at() -> None:
    design = Design(effect=0.2)
    catalogue = catalogue_of(design)
    plan = catalogue.evaluation_plans[INITIATIVE]
    later = replace(plan.outcomes[0], wave="followup_6m")
    now = replace(catalogue, evaluation_plans={INITIATIVE: replace(plan, outcomes=(later,))})
    answers = answers_of(design, np.random.default_rng(1))
    told = evaluate_initiative(now, INITIATIVE, answers, registrations=[registration_of(design)])
    assert [(one.wave, one.role) for one in told.outcomes] == [("after", "primary")]
    kinds = {one.kind for one in told.departures}
    assert {"outcome_changed", "outcome_added", "outcome_missing"} <= kinds


def test_an_initiative_that_is_not_there_is_refused() -> None:
    design = Design()
    answers = answers_of(design, np.random.default_rng(1))
    with pytest.raises(DefinitionError, match="no initiative"):
        evaluate_initiative(catalogue_of(design), "nothing", answers)


@pytest.mark.parametrize("kind", ["share", "moves", "score"])
def test_an_evaluation_goes_into_json_and_back(kind: str) -> None:
    design = Design(effect=0.1, kind=kind, subgroups=("sex",))
    told = evaluated(design)
    assert from_mapping(Evaluation, json.loads(json.dumps(to_mapping(told)))) == told


def test_small_groups_are_hidden_and_what_would_tell_them() -> None:
    shown = published(evaluated(Design(people=60, projects=3, subgroups=("age_band",))))
    groups = [one for one in shown.outcomes[0].groups if one.breakdown == "age_band"]
    hidden = [one for one in groups if one.is_hidden]
    assert len(hidden) >= 2
    assert all(one.people is None and one.change is None for one in hidden)
    assert all((one.people or 0) >= 10 for one in groups if not one.is_hidden)


def test_a_row_that_is_hidden_hides_its_group_here() -> None:
    told = evaluated(Design(effect=0.2))
    shown = published(told, {(MEASURE, "headline", "sex", "female", "change")})
    sexes = [one for one in shown.outcomes[0].groups if one.breakdown == "sex"]
    assert [one.is_hidden for one in sexes] == [True, True]
    none = published(told, {(MEASURE, "headline", "all", "all", "after")}).outcomes[0]
    assert none.is_hidden
    assert none.effects == ()
    assert none.people is None


def test_too_few_people_are_told_of_in_words_only() -> None:
    outcome = published(evaluated(Design(people=11, projects=1, lost=0.4))).outcomes[0]
    assert outcome.is_hidden
    assert "Too few people" in outcome.claim.seen
    assert not any(isinstance(value, float) for value in outcome.facts.values())


def test_what_is_published_is_rounded_outward() -> None:
    told = evaluated(Design(effect=0.1))
    before, after = told.outcomes[0].effects[0], published(told).outcomes[0].effects[0]
    assert after.lower == pytest.approx(before.lower, abs=0.001)
    assert before.lower is not None
    assert after.lower is not None
    assert after.lower <= before.lower
    assert round(after.lower, 3) == after.lower


def test_below_three_initiatives_nothing_is_averaged() -> None:
    every = [evaluated(Design(effect=0.1), seed) for seed in range(4)]
    refused = pool_outcomes(every[:2], QUESTION)
    assert refused.average is None
    assert "too few" in refused.refusal
    rough = pool_outcomes(every, QUESTION)
    assert rough.is_rough
    assert rough.average is not None
    assert rough.next_lower is not None
    assert rough.average.lower is not None
    assert rough.next_lower <= rough.average.lower


@pytest.mark.parametrize("broken", ["", "dropout", "question", "chosen_low", "late_plan"])
@pytest.mark.parametrize("kind", ["share", "moves", "score"])
def test_no_report_below_level_three_holds_a_refused_word(broken: str, kind: str) -> None:
    design = Design(effect=0.1, broken=broken, kind=kind, subgroups=("sex",))
    told = published(evaluated(design))
    report = report_of(told, catalogue_of(design))
    check_report(report, told)
    assert refused_words(to_text(report)) == []
    page = to_html(report)
    assert page.count("<h1>") == 1
    assert "<script" not in page


def test_an_initiative_may_be_called_what_it_likes_and_no_more() -> None:
    design = Design()
    told = published(replace(evaluated(design), title="Hackney Works"))
    catalogue = catalogue_of(design)
    check_report(report_of(told, catalogue), told)
    worse = replace(told, design="It worked.")
    with pytest.raises(DefinitionError, match="'worked'"):
        check_report(report_of(worse, catalogue), worse)


def test_a_report_escapes_what_a_catalogue_says() -> None:
    design = Design()
    catalogue = catalogue_of(design)
    known = replace(catalogue.initiatives[INITIATIVE], title="<b>Bold</b>")
    told = replace(evaluated(design), title=known.title)
    assert "<b>Bold" not in to_html(report_of(published(told), catalogue))


facts = st.builds(
    DesignFacts,
    **{
        name: st.booleans()
        for name in (
            *("before_after", "comparison_group", "comparator_justified", "adequate_controls"),
            *("quasi_random", "instrument_or_cutoff_tested", "randomised", "question_changed"),
            *("chosen_afterwards", "adjusted_for_dropout", "dropout_could_explain"),
            *("chosen_for_low_value",),
        )
    },
    attrition_overall=st.floats(0, 1),
    attrition_difference=st.floats(0, 1),
    treated_areas=st.none() | st.integers(1, 30),
)
limits = st.tuples(st.integers(-999, 999), st.integers(-999, 999)).map(
    lambda two: (min(two) / 1000, max(two) / 1000)
)


@given(
    facts,
    limits,
    st.lists(st.sampled_from(sorted(FLAGS)), max_size=5),
    st.booleans(),
    st.sampled_from(["", "people who did not take part", "similar people of the city"]),
)
@settings(max_examples=300, deadline=None)
def test_over_random_facts_no_claim_below_level_three_holds_a_refused_word(
    own: DesignFacts, ends: tuple[float, float], flags: list[str], is_sure: bool, other: str
) -> None:
    found = strength(own)
    assert found.level <= maryland_level(own)
    assert set(found.caps) <= set(CAPS)
    seen = Seen(
        outcome="they have somebody to rely on",
        people=40,
        change=sum(ends) / 2,
        lower=ends[0],
        upper=ends[1],
        smallest=0.05,
        compared_with=other,
    )
    text = claim(seen, level=found.level, flags=flags, is_sure=is_sure).text
    if found.level < 3:
        assert refused_words(text) == []
        assert "put down to it" not in text


def test_every_word_of_reports_is_free_of_refused_ones() -> None:
    for words in (METHODS, CAPS, RAISES, FLAGS):
        assert [text for text in words.values() if refused_words(text)] == []


def test_every_method_of_an_effect_has_its_words() -> None:
    designs = [
        Design(),
        Design(kind="moves"),
        Design(kind="score"),
        replace(LOTTERY, lost=0.2),
        replace(LOTTERY, assignment="chosen", assigned_by="area", projects=3),
        Design(kind="score", broken="chosen_low"),
    ]
    used = {one.method for design in designs for one in evaluated(design).outcomes[0].effects}
    assert used <= set(METHODS)
