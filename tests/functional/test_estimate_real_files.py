"""`estimate` on files as their publishers wrote them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest

from social_evidence import Design, difference, estimate, mean, proportion, total
from social_evidence.errors import DesignError


@pytest.fixture(scope="module")
def crime_survey(data_root: Path) -> Path:
    folder = data_root / "microdata" / "bcs_2007_8"
    if not folder.is_dir():
        pytest.skip("no British Crime Survey 2007-08 in the data folder")
    return folder


@pytest.fixture(scope="module")
def acs(data_root: Path) -> Path:
    path = data_root / "microdata" / "acs" / "acs_m_derived.parquet"
    if not path.is_file():
        pytest.skip("no American Community Survey in the data folder")
    return path


def test_rows_without_a_weight_are_counted_and_stop_the_estimate(crime_survey: Path) -> None:
    with pytest.raises(DesignError, match="16 have no weight"):
        estimate(
            crime_survey / "bcs_2007_8_teaching_data.tab",
            Design(weight="tcindwt"),
            proportion("walkdark"),
        )


def test_delimited_text_and_spss_give_the_same_figures(crime_survey: Path) -> None:
    """The SPSS file declares user-missing codes; the text file's reader must be told of them."""
    design = Design()
    text = crime_survey / "bcs_2007_8_teaching_data.tab"
    spss = crime_survey / "bcs_2007_8_teaching_data_derived.sav"
    told = mean("nullif(nullif(age, 998), 999)")
    left = estimate(text, design, [told, proportion("walkdark")], by="sex").to_pylist()
    right = estimate(spss, design, [mean("age"), proportion("walkdark")], by="sex").to_pylist()
    for one, other in zip(left, right, strict=True):
        assert {**one, "variable": ""} == {**other, "variable": ""}
    labelled = difference(spss, design, proportion("walkdark"), "sex", "male", "female")
    assert labelled.column("estimate").to_pylist() == [right[1]["estimate"] - right[3]["estimate"]]


def test_replicate_weights_of_the_acs_give_its_own_formula(acs: Path) -> None:
    design = Design(
        weight="pwgtp",
        replicates="pwgtp[1-80]",
        replicate_method="successive_difference",
        mse=True,
    )
    (found,) = estimate(acs, design, total("1"), where="sex = 2").to_pylist()
    rows = parquet.read_table(acs)
    women = np.asarray(rows["sex"]).astype(float) == 2
    whole = np.asarray(rows["pwgtp"], dtype=float)[women].sum()
    parts = [np.asarray(rows[f"pwgtp{r}"], dtype=float)[women].sum() for r in range(1, 81)]
    assert found["estimate"] == whole
    variance = 4 / 80 * sum((part - whole) ** 2 for part in parts)
    assert found["standard_error"] == pytest.approx(np.sqrt(variance), rel=1e-12)
