"""Which waves make a pool, what it is called and when it is refused."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.period import parse
from social_evidence.model.publication import PublicationPlan
from social_evidence.model.source import Pool, Source
from social_evidence.plan.pools import pools_of

PLAN = PublicationPlan()
YEARS = ("2012", "2013", "2014", "2015", "2016", "2017", "2018")


def source(**given):
    return Source(
        id="s", kind="microdata", title="S", publisher="P", licence="L", how_to_get="Ask.",
        files=(), pool=Pool(**given) if given else None,
    )  # fmt: skip


def financial(first, last):
    return [f"fy{year}-{(year + 1) % 100:02d}" for year in range(first, last + 1)]


def test_a_source_without_pools_has_none():
    assert pools_of(source(), YEARS, PLAN) == ()


def test_pools_run_back_from_the_newest_wave_and_the_rest_makes_none():
    pools = pools_of(source(waves=3), YEARS, PLAN)

    assert [pool.label for pool in pools] == ["p2013-2015", "p2016-2018"]
    assert pools[0].waves == ("2013", "2014", "2015")


def test_the_order_in_which_waves_are_listed_does_not_matter():
    assert pools_of(source(waves=3), reversed(YEARS), PLAN) == pools_of(
        source(waves=3), YEARS, PLAN
    )


def test_financial_and_academic_pools_are_named_from_first_to_last_year_touched():
    waves = financial(2013, 2015)
    (pool,) = pools_of(source(waves=3, form="fy"), waves, PLAN)
    (taught,) = pools_of(source(waves=2, form="ay"), ["ay2013-14", "ay2014-15"], PLAN)

    assert pool.label == "fy2013-16"
    assert parse(pool.label).start == parse(waves[0]).start
    assert parse(pool.label).end == parse(waves[-1]).end
    assert taught.label == "ay2013-15"


def test_a_wave_left_out_keeps_its_place():
    waves = [wave for wave in financial(2016, 2022) if wave != "fy2020-21"]
    left_out = {"fy2020-21": "Too few were asked."}
    older, newer = pools_of(source(waves=3, form="fy", leave_out=left_out), waves, PLAN)

    assert newer.waves == ("fy2021-22", "fy2022-23")
    assert (newer.label, newer.left_out) == ("fy2021-23", ("fy2020-21",))
    assert older.waves == ("fy2017-18", "fy2018-19", "fy2019-20")


def test_two_waves_with_one_left_out_between_them_are_two_apart():
    (pool,) = pools_of(source(waves=3, leave_out={"2013": "r"}), ["2012", "2013", "2014"], PLAN)

    assert (pool.waves, pool.places) == (("2012", "2014"), (0, 2))


def test_a_wave_left_out_at_the_newest_end_starts_no_pool():
    (pool,) = pools_of(source(waves=2, leave_out={"2014": "r"}), ["2012", "2013", "2014"], PLAN)

    assert (pool.label, pool.left_out) == ("p2012-2013", ())


def test_pools_that_share_waves_need_the_plans_word():
    rolling = source(waves=3, step=1)

    with pytest.raises(DefinitionError, match="overlapping_pools"):
        pools_of(rolling, YEARS, PLAN)
    allowed = pools_of(rolling, YEARS, PublicationPlan(overlapping_pools=True))
    assert [pool.label for pool in allowed][-2:] == ["p2015-2017", "p2016-2018"]


def test_a_form_that_cannot_name_the_days_of_the_waves_is_refused():
    with pytest.raises(DefinitionError, match=r"pool\.form"):
        pools_of(source(waves=2, form="fy"), ["2014", "2015"], PLAN)
