"""The sample design: what is numbered how, and what is refused."""

import numpy as np
import pytest

from social_evidence.errors import DesignError
from social_evidence.methods.design import degrees_of_freedom, make_design


def test_unit_numbers_are_read_within_their_stratum():
    design = make_design(
        np.ones(4), strata=[np.array(["a", "a", "b", "b"])], units=[np.array([1, 2, 1, 2])]
    )
    assert len(set(design.psu)) == 4
    assert list(design.stages[0].sampled) == [2, 2]


def test_second_stage_units_are_read_within_their_first_stage_unit():
    design = make_design(
        np.ones(4),
        units=[np.array([1, 1, 2, 2]), np.array([7, 8, 7, 8])],
        fpc=[np.full(4, 10.0), np.full(4, 5.0)],
    )
    assert len(set(design.stages[1].unit)) == 4
    assert list(design.stages[1].sampled) == [2, 2]
    assert list(design.stages[1].share) == [0.2, 0.2]


def test_without_units_each_row_is_its_own_unit():
    design = make_design(np.ones(5))
    assert sorted(design.psu) == [0, 1, 2, 3, 4]


def test_units_of_one_stratum_are_numbered_together():
    design = make_design(
        np.ones(6), strata=[np.array([2, 1, 2, 1, 2, 1])], units=[np.array([1, 1, 2, 2, 3, 3])]
    )
    assert (np.diff(design.stages[0].stratum) >= 0).all()
    assert (design.stages[0].stratum[design.psu] == design.stratum).all()


def test_zero_weight_keeps_its_row_and_unit_in_the_design():
    design = make_design(np.array([0.0, 1.0, 1.0]), units=[np.array([1, 2, 3])])
    assert list(design.stages[0].sampled) == [3]


def test_fractions_and_sizes_describe_the_same_population():
    strata, units = [np.array([1, 1, 2, 2, 2])], [np.array([1, 2, 1, 2, 3])]
    sizes = make_design(
        np.ones(5), strata=strata, units=units, fpc=[np.array([4.0, 4.0, 6.0, 6.0, 6.0])]
    )
    fractions = make_design(
        np.ones(5), strata=strata, units=units, fpc=[np.array([0.5, 0.5, 0.5, 0.5, 0.5])]
    )
    assert sizes.stages[0].population == pytest.approx(fractions.stages[0].population)


def test_weights_follow_from_population_sizes_where_none_are_given():
    design = make_design(
        units=[np.array([1, 1, 2]), np.array([1, 2, 1])],
        fpc=[np.full(3, 6.0), np.array([4.0, 4.0, 3.0])],
        lonely_psu="remove",
    )
    assert design.weight == pytest.approx([3 * 2, 3 * 2, 3 * 3])


def test_weights_are_one_where_nothing_says_otherwise():
    assert list(make_design(units=[np.array([1, 2])]).weight) == [1.0, 1.0]


def test_later_stages_without_a_population_were_taken_in_full():
    design = make_design(
        np.ones(4),
        units=[np.array([1, 1, 2, 2]), np.array([1, 2, 1, 2])],
        fpc=[np.full(4, 10.0)],
    )
    assert len(design.stages) == 1


def test_missing_and_negative_weights_are_counted_in_the_refusal():
    with pytest.raises(DesignError, match="Of 4 weights, 2 are missing, 1 negative"):
        make_design(np.array([np.nan, np.nan, -1.0, 1.0]))


def test_infinite_weight_is_refused():
    with pytest.raises(DesignError, match="1 infinite"):
        make_design(np.array([np.inf, 1.0]))


def test_stratum_with_one_unit_is_refused_by_its_code_with_the_ways_out():
    with pytest.raises(DesignError, match=r"1 of 2 strata .*stratum N7.*remove, certainty, adjust"):
        make_design(np.ones(3), strata=[np.array(["a", "a", "N7"])])


def test_single_unit_of_a_population_of_one_is_no_gap_in_knowledge():
    design = make_design(np.ones(3), strata=[np.array([1, 1, 2])], fpc=[np.array([5.0, 5.0, 1.0])])
    assert list(design.stages[0].sampled) == [2, 1]


def test_single_second_stage_unit_is_refused_under_fail():
    with pytest.raises(DesignError, match="strata at stage 2 have a single"):
        make_design(
            np.ones(3),
            units=[np.array([1, 1, 2]), np.array([1, 2, 1])],
            fpc=[np.full(3, 9.0), np.full(3, 9.0)],
        )


def test_population_smaller_than_sample_is_refused():
    with pytest.raises(DesignError, match="In 3 of 3 rows the population at stage 1 is smaller"):
        make_design(np.ones(3), fpc=[np.full(3, 2.0)])


def test_mixed_sizes_and_fractions_are_refused():
    with pytest.raises(DesignError, match=r"mix sizes \(over 1: 1\) and fractions \(under 1: 1\)"):
        make_design(np.ones(2), fpc=[np.array([5.0, 0.5])])


def test_missing_population_is_refused():
    with pytest.raises(DesignError, match="1 finite-population values are missing"):
        make_design(np.ones(2), fpc=[np.array([5.0, np.nan])])


@pytest.mark.parametrize("codes", [np.array([1.0, np.nan]), np.array(["a", None])])
def test_missing_code_is_refused(codes):
    with pytest.raises(DesignError, match="1 rows have no code in the design's strata, stage 1"):
        make_design(np.ones(2), strata=[codes])


def test_columns_of_different_length_are_refused():
    with pytest.raises(DesignError, match="different lengths"):
        make_design(np.ones(2), strata=[np.array([1, 1, 1])])


def test_unknown_rule_is_refused_with_the_known_ones():
    with pytest.raises(DesignError, match="'ignore'; it must be one of fail, remove"):
        make_design(np.ones(2), lonely_psu="ignore")


def test_design_of_nothing_is_refused():
    with pytest.raises(DesignError, match="number of rows is unknown"):
        make_design()


def test_strata_without_units_of_their_stage_are_refused():
    with pytest.raises(DesignError, match="1 stage"):
        make_design(np.ones(2), strata=[np.array([1, 1]), np.array([1, 1])])


def test_weights_cannot_follow_from_an_infinite_population():
    with pytest.raises(DesignError, match="infinite population"):
        make_design(units=[np.array([1, 2])], fpc=[np.array([np.inf, np.inf])])


def test_degrees_of_freedom_are_units_minus_strata_with_weight_in_the_domain():
    design = make_design(
        np.array([1.0, 1, 1, 0, 1, 1]),
        strata=[np.array([1, 1, 1, 1, 2, 2])],
        units=[np.array([1, 1, 2, 3, 4, 5])],
    )
    assert list(degrees_of_freedom(design)) == [4 - 2]
    domain = np.array([0, 0, 0, 0, 1, -1])
    assert list(degrees_of_freedom(design, domain, 3)) == [1, 0, 0]


def test_population_that_differs_within_a_stratum_is_read_from_its_first_unit_as_in_r():
    design = make_design(
        np.ones(3), units=[np.array([2, 1, 3])], fpc=[np.array([50.0, 10.0, 99.0])]
    )
    stage = design.stages[0]
    assert list(stage.population) == [10.0]
    rows = np.array([0, 2])
    assert stage.populations(rows, np.zeros(2, dtype=np.int64), 1).tolist() == [[50.0]]
