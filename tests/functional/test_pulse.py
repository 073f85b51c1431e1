"""Another city's catalogue on 4.5 million rows: nothing in the program knows London.

Expectations are worked out from the Parquet files with plain sums, by none of the program's code.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from social_evidence import load_release

FILES = {
    "2020-2021": "microdata/hps/hps_weeks01-33_core.parquet",
    "2021-2023": "microdata/hps/hps_weeks34-63_core.parquet",
}


@pytest.fixture(scope="module")
def release(root, data_root, tmp_path_factory):
    """The release of the second example catalogue, built by the program as a user would."""
    out = tmp_path_factory.mktemp("pulse")
    program = "from social_evidence.cli.main import entrypoint as run; run()"
    command = [sys.executable, "-c", program, "build", "--as-of", "2026-11-22"]
    command += ["--catalogue", str(root / "examples" / "pulse")]
    command += ["--sources", str(data_root), "--out", str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return load_release(out)


def one(release, **wanted):
    """The single row that has some values."""
    rows = [
        row
        for row in release.estimates.to_pylist()
        if all(row[name] == value for name, value in wanted.items())
    ]
    assert len(rows) == 1, wanted
    return rows[0]


@pytest.mark.parametrize("period", FILES)
@pytest.mark.parametrize(("area", "state"), [("US", None), ("US-WY", 56)])
def test_a_share_is_the_plain_weighted_share(release, data_root, period, area, state):
    table = pq.read_table(data_root / FILES[period], columns=["EST_ST", "PWEIGHT", "CURFOODSUF"])
    if state is not None:
        table = table.filter(pc.equal(table["EST_ST"], state))
    weight = table["PWEIGHT"].to_numpy().astype(np.float64)
    answer = table["CURFOODSUF"].to_numpy()
    asked = np.isin(answer, (1, 2, 3, 4)) & (weight > 0)
    short = asked & np.isin(answer, (3, 4))
    row = one(release, measure="short_of_food", period=period, area=area, group="all")
    assert row["estimate"] == pytest.approx(weight[short].sum() / weight[asked].sum(), abs=0.0005)
    assert row["base"] == asked.sum()
    assert row["lower"] <= row["estimate"] <= row["upper"]


def test_every_state_has_every_measure(release):
    rows = release.estimates.to_pylist()
    assert len({row["area"] for row in rows}) == 52
    totals = {(row["measure"], row["area"]) for row in rows if row["group"] == "all"}
    assert len(totals) == 5 * 52


def test_a_gap_is_the_reference_group_less_the_group(release):
    wanted = {"measure": "in_work", "period": "2021-2023", "area": "US", "breakdown": "sex"}
    male = one(release, **wanted, group="male", statistic="proportion")["estimate"]
    female = one(release, **wanted, group="female", statistic="proportion")["estimate"]
    gap = one(release, **wanted, group="female", statistic="difference")
    assert gap["estimate"] == pytest.approx(male - female, abs=0.001)
    assert gap["standard_error"] > 0
