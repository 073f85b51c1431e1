from __future__ import annotations

import pytest

from social_evidence.app.probe import check_derived, probe_derived
from social_evidence.errors import DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.source import Source, SourceFile
from social_evidence.model.source_maps import Areas, Derived


def catalogue(expression, null_means=()):
    source = Source(
        id="survey",
        kind="microdata",
        title="Survey",
        publisher="Town",
        licence="open",
        how_to_get="ask",
        files=(SourceFile(path="a.csv", wave="2020"),),
        areas=Areas(whole="T1"),
        derived={"made": Derived(expression=expression, null_means=tuple(null_means))},
    )
    files = {"sources/health/survey.toml": ""}
    return Catalogue(title="Town", sources={"survey": source}, files=files)


HOUSING = """
case when income is null or cost is null then null
     when income > 0 then cost > income / 3.0
     else cost > 0 end
"""
SOUND = [
    "a + b",
    "a / nullif(b, 0)",
    "case when a is null then null when a >= 65 then 1 else 0 end",
    HOUSING,
    "case when code is null then null when code in ('1', '2') then 'yes' else 'no' end",
    "upper(trim(name))",
    "cast(code as integer) + 1",
    "case when region is null or age is null then null when region = 'london' then age > 15 end",
    "least(a, b) * case when a is null or b is null then null else 1 end",
]
FORGETFUL = [
    ("case when a >= 65 then 1 else 0 end", ["a"]),
    ("coalesce(a, 0)", ["a"]),
    ("coalesce(a, b)", ["a", "b"]),
    ("a is null", ["a"]),
    ("case when code in ('1', '2') then 'yes' else 'no' end", ["code"]),
    ("case when region = 'london' then case when age >= 16 then 1 else 0 end end", ["age"]),
    ("case when a = 7 and b is null then 1 when b is null then null else a end", ["b"]),
    ("least(a, b)", ["a", "b"]),
    ("greatest(a, 3)", ["a"]),
]


@pytest.mark.parametrize("expression", SOUND)
def test_a_variable_that_stays_unknown_is_sound(expression):
    assert probe_derived(catalogue(expression)) == ()


@pytest.mark.parametrize(("expression", "inputs"), FORGETFUL)
def test_a_variable_that_answers_for_the_unknown_is_told_with_the_input(expression, inputs):
    faults = probe_derived(catalogue(expression))
    assert [fault.file for fault in faults] == ["sources/health/survey.toml"] * len(inputs)
    for fault, name in zip(faults, inputs, strict=True):
        assert fault.field == "derived.made.expression"
        assert f"gives an answer although {name!r} is not known" in fault.message


@pytest.mark.parametrize(("expression", "inputs"), FORGETFUL)
def test_absence_that_is_an_answer_can_be_said_in_writing(expression, inputs):
    assert probe_derived(catalogue(expression, inputs)) == ()


def test_many_inputs_are_tried_in_bounded_time():
    names = [f"v{number}" for number in range(20)]
    tests = " or ".join(f"{name} is null" for name in names)
    total = " + ".join(names)
    sound = f"case when {tests} then null else {total} end"
    assert probe_derived(catalogue(sound)) == ()
    forgetful = f"case when {tests} then 0 else {total} end"
    assert len(probe_derived(catalogue(forgetful))) == 20


def test_a_forgetful_definition_is_refused():
    with pytest.raises(DefinitionError, match=r"derived\.made\.expression: gives an answer"):
        check_derived(catalogue("coalesce(a, 0)"))


def test_an_expression_that_fits_no_kind_of_value_is_told():
    (fault,) = probe_derived(catalogue("lower(a) + upper(a)"))
    assert "could not be tried" in fault.message


def test_an_expression_that_is_not_allowed_is_not_tried():
    assert probe_derived(catalogue("read_csv('secret')")) == ()
