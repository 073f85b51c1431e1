"""Catalogues that come with the program are found by name, folders first."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_evidence.app.packaged import catalogue_folder, catalogue_folders, packaged_names
from social_evidence.errors import DefinitionError


def test_a_name_finds_the_folder_that_comes_with_the_program(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (catalogue_folder(Path("london")) / "strategy.toml").is_file()
    assert set(packaged_names()) >= {"demo", "london"}


def test_a_folder_of_ones_own_wins_over_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "london").mkdir()
    assert catalogue_folder(Path("london")) == Path("london")


def test_without_a_name_it_is_london(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert catalogue_folders(None) == [catalogue_folder(Path("london"))]


def test_what_is_neither_is_refused_with_the_nearest_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError, match="Did you mean 'london'"):
        catalogue_folder(Path("lodnon"))
