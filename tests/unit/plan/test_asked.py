"""What a build asks of a survey when only its last waves are wanted."""

from __future__ import annotations

import pytest

from social_evidence.model.publication import PublicationPlan
from social_evidence.model.source import Pool, Source, SourceFile
from social_evidence.plan.asked import asked_of

YEARS = tuple(f"fy{year}-{(year + 1) % 100:02d}" for year in range(2016, 2023))


class _Wanted:
    """As much of a wanted series as the question needs."""

    class measure:  # noqa: N801
        id = "m"
        statistic = "proportion"

    class series:  # noqa: N801
        id = "s"
        periods = ()


def source(**pool):
    return Source(
        id="s", kind="microdata", title="S", publisher="P", licence="L", how_to_get="Ask.",
        files=tuple(SourceFile(path=f"{year}.csv", wave=year) for year in YEARS),
        pool=Pool(waves=3, form="fy", **pool),
    )  # fmt: skip


@pytest.mark.parametrize(("latest", "first"), [(None, 0), (3, 4), (1, 6)])
def test_the_last_waves_are_asked(latest, first):
    asked = asked_of(source(), [_Wanted], PublicationPlan(), latest)

    assert tuple(asked.waves) == YEARS[first:]


def test_a_wave_that_no_pool_takes_is_not_counted_among_the_last():
    left_out = {"fy2020-21": "Too few were asked."}
    asked = asked_of(source(leave_out=left_out), [_Wanted], PublicationPlan(), 3)

    assert tuple(asked.waves) == YEARS[3:]
    assert [pool.waves for pool in asked.pools] == [("fy2021-22", "fy2022-23")]
