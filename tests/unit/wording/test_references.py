"""References of a report say what they mean, and nothing can be computed by one."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.wording.references import FORMS, Reference, checked, references


@pytest.fixture(scope="module")
def london(root: Path) -> Catalogue:
    return load([root / "src/social_evidence/catalogues/london"])


def one(text: str) -> Reference:
    ((_, _, found),) = references(text, "state.md")
    return found


def test_a_measure_alone_is_its_figure_with_its_range() -> None:
    found = one("{{ volunteering }}")
    assert (found.form, found.subjects[0].measure, found.may_miss) == (
        "label",
        "volunteering",
        False,
    )


def test_every_key_is_read() -> None:
    told = one(
        '{{ m part=p group="age_band*sex:16_24 * male" area="Kensington and Chelsea" '
        "period=fy2016-17 series=s_2 statistic=difference | value }}"
    ).subjects[0]
    assert (told.part, told.breakdown, told.group) == ("p", "age_band*sex", "16_24 * male")
    assert (told.area, told.period, told.series) == ("Kensington and Chelsea", "fy2016-17", "s_2")
    assert told.statistic == "difference"


def test_latest_is_the_same_as_naming_no_period() -> None:
    assert one("{{ m period=latest }}").subjects[0].period == ""


def test_a_figure_takes_several_measures_a_title_and_words_for_when_it_is_missing() -> None:
    found = one('{{ a by=part + b | chart "Both, side by side" or "Nothing" }}')
    assert [subject.measure for subject in found.subjects] == ["a", "b"]
    assert (found.subjects[0].by, found.title, found.fallback) == (
        ("part",),
        "Both, side by side",
        "Nothing",
    )


def test_or_why_needs_no_form() -> None:
    found = one("{{ m or why }}")
    assert found.says_why
    assert found.may_miss


def test_where_it_stands_is_told_by_its_line() -> None:
    assert one("first\n\nthird {{ m }}").line == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a {{ m", "line 1: {{ has no }}"),
        ("a\nb }} c", "line 2: }} has no {{"),
        ("{{ }}", "is empty"),
        ("\n{{ m | shar }}", "line 2: .*Did you mean 'share'"),
        ("{{ m perod=2016 }}", "no key 'perod'. Did you mean 'period'"),
        ("{{ m period=2016 period=2017 }}", "given twice"),
        ("{{ m | value | share }}", "two |"),
        ("{{ m | value or }}", "after `or`"),
        ("{{ m | value or maybe }}", "not 'maybe'"),
        ('{{ m | value "a title" }}', "take a title"),
        ("{{ m group=age_band }}", "breakdown:group"),
        ("{{ m 2016 }}", "'2016' is not understood"),
        ('{{ __import__("os").system("x") }}', "cannot be read"),
        ("{{ m.__class__.__mro__() }}", "cannot be read"),
        ("{{ 1 + 1 | value }}", "no measure '1'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(
    text: str, told: str, london: Catalogue
) -> None:
    with pytest.raises(DefinitionError, match=told):
        [checked(found, london, "state.md") for _, _, found in references(text, "state.md")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ volunteerin }}", "no measure 'volunteerin'. Did you mean 'volunteering'"),
        ("{{ friends_similar part=agee }}", "Did you mean 'age'"),
        ("{{ volunteering group=age_bnd:16_24 }}", "Did you mean 'age_band'"),
        ("{{ volunteering group=age_band:16-24 }}", "Did you mean '16_24'"),
        ("{{ volunteering group=age_band*sex:16_24 }}", "2 dimensions"),
        ("{{ volunteering area=Camdn }}", "Did you mean 'Camden'"),
        ("{{ volunteering period=2016/17 }}", "is not a period"),
        ("{{ volunteering series=nope }}", "no series of volunteering"),
        ("{{ volunteering statistic=gap }}", "no statistic 'gap'"),
        ("{{ volunteering by=part | chart }}", "has no parts"),
        ("{{ volunteering by=bourough | table }}", "Did you mean 'borough'"),
        ("{{ volunteering | chart }}", "needs by="),
        ("{{ volunteering | finding }}", "needs by="),
        ("{{ volunteering + offline | value }}", "only chart and table"),
    ],
)
def test_a_name_that_stands_for_nothing_is_told_with_the_nearest(
    text: str, told: str, london: Catalogue
) -> None:
    ((_, _, found),) = references(text, "state.md")
    with pytest.raises(DefinitionError, match=r"state\.md, line 1: .*" + told):
        checked(found, london, "state.md")


def test_an_area_may_be_named_as_people_do(london: Catalogue) -> None:
    found = checked(one('{{ volunteering area="Tower Hamlets" }}'), london, "state.md")
    assert found.subjects[0].area == "E09000030"


@given(st.text(max_size=80), st.sampled_from(sorted(FORMS)))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_the_braces_is_read_or_refused(text: str, form: str) -> None:
    for whole in (f"{{{{{text}}}}}", f"{{{{ m {text} | {form} }}}}"):
        with contextlib.suppress(DefinitionError):
            assert all(found.form in FORMS for _, _, found in references(whole, "state.md"))
