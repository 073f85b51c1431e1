"""Catalogues that come with the program: each is sound."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from social_evidence.app.check import check_catalogue

PACKAGED = sorted(
    Path(str(folder))
    for folder in files("social_evidence").joinpath("catalogues").iterdir()
    if folder.joinpath("catalogue.toml").is_file()
)


def test_the_program_brings_at_least_one_catalogue():
    assert PACKAGED


@pytest.mark.parametrize("folder", PACKAGED, ids=lambda folder: folder.name)
def test_a_packaged_catalogue_has_no_fault(folder):
    checked = check_catalogue([folder])
    assert checked.faults == ()
    assert checked.measures > 0
    assert checked.examples > 0
