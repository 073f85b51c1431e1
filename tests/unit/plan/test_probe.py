from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.plan.probe import MOST_ROWS, probes


def first(expression, null_means=()):
    return next(probes(expression, field="x", null_means=null_means))


def test_each_input_is_unknown_in_turn_while_the_others_take_values():
    tried = first("a + b * 3")
    assert {probe.unknown for probe in tried} == {"", "a", "b"}
    for probe in tried:
        unknown = [name for name, value in probe.row.items() if value is None]
        assert unknown == [probe.unknown] * bool(probe.unknown)
    others = {probe.row["b"] for probe in tried if probe.unknown == "a"}
    assert {2.0, 3.0, 4.0} <= others, "a literal and its neighbours enter every branch"


def test_inputs_whose_absence_is_an_answer_stay_known():
    assert {probe.unknown for probe in first("coalesce(a, b)", ["a"])} == {"", "b"}


def test_numbers_are_tried_before_text_and_every_mixture_of_few_inputs():
    kinds = [
        tuple(type(tried[0].row[name]).__name__ for name in ("a", "b"))
        for tried in probes("a = b", field="x")
    ]
    assert kinds[0] == ("float", "float")
    assert sorted(kinds) == sorted(
        [("float", "float"), ("float", "str"), ("str", "float"), ("str", "str")]
    )


@settings(deadline=None, max_examples=40)
@given(inputs=st.integers(1, 12), literals=st.integers(0, 5))
def test_rows_stay_bounded_and_every_value_of_every_input_is_tried(inputs, literals):
    names = [f"v{number}" for number in range(inputs)]
    parts = [*names, *(str(10 * number) for number in range(1, literals + 1))]
    tried = first(" + ".join(parts))
    assert len(tried) <= 1 + inputs * MOST_ROWS
    values = 2 + 4 * literals
    for unknown in names:
        rows = [probe.row for probe in tried if probe.unknown == unknown]
        for name in names:
            if name != unknown:
                assert len({row[name] for row in rows}) == values


def test_few_combinations_are_all_tried_once():
    rows = [tuple(probe.row.values()) for probe in first("a + b + c") if probe.unknown == "a"]
    assert len(rows) == len(set(rows)) == 4
