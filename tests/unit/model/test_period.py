"""Every label of the contract means its days; anything else is refused with the forms to use."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.period import parse


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016Q3", "2016-07-01", "2016-09-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("y2023Q4", "2023-01-01", "2023-12-31"),
        ("y2023-06", "2022-07-01", "2023-06-30"),
        ("y2023-12", "2023-01-01", "2023-12-31"),
        ("fy2016-17", "2016-04-01", "2017-03-31"),
        ("fy1999-00", "1999-04-01", "2000-03-31"),
        ("ay2016-17", "2016-09-01", "2017-08-31"),
        ("2014-2015", "2014-01-01", "2015-12-31"),
        ("p2013-2015", "2013-01-01", "2015-12-31"),
        ("fy2013-16", "2013-04-01", "2016-03-31"),
        ("ay2013-16", "2013-09-01", "2016-08-31"),
        ("2016-12-01", "2016-12-01", "2016-12-01"),
    ],
)
def test_a_label_means_its_days(label: str, start: str, end: str) -> None:
    period = parse(label)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.label == label


@pytest.mark.parametrize(
    "label",
    [
        "",
        "16",
        "2016-13",
        "2016-02-30",
        "2015-2014",
        "FY2016-17",
        "2016/17",
        "y2023",
        "\u0662\u0660\u0661\u0666",
    ],
)
def test_anything_else_is_refused(label: str) -> None:
    with pytest.raises(DefinitionError):
        parse(label)


def test_order_is_by_days() -> None:
    assert parse("fy2015-16") < parse("2016")
    assert parse("fy2015-16").overlaps(parse("2016"))
    assert not parse("2015").overlaps(parse("2016"))
