"""One flipped byte anywhere in a release is found, and the file it is in is named."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from social_evidence.app.check_release import check_release
from social_evidence.app.demo import demonstrate
from social_evidence.errors import StoreError


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flipped")
    demonstrate(folder)
    return folder


def flip(path: Path, place: int) -> bytes:
    """Flip one bit of a file; return the file as it was."""
    content = path.read_bytes()
    changed = bytearray(content)
    changed[place] ^= 1
    path.write_bytes(bytes(changed))
    return content


def test_a_flipped_byte_of_every_file_is_found_and_the_file_named(base: Path) -> None:
    (release,) = (path for path in (base / "releases").iterdir() if path.is_dir())
    assert check_release(release).state == "approved"
    draw = random.Random(20261122)
    files = [path for path in sorted(release.rglob("*")) if path.is_file()]
    assert {"manifest.json", "estimates.parquet"} < {path.name for path in files}
    for path in files:
        for _ in range(3):
            before = flip(path, draw.randrange(path.stat().st_size))
            with pytest.raises(StoreError) as found:
                check_release(release)
            assert path.relative_to(release).as_posix() in str(found.value)
            path.write_bytes(before)
    check_release(release)


def test_a_flipped_byte_of_a_draft_s_manifest_breaks_its_seal(base: Path) -> None:
    (release,) = (path for path in (base / "releases").iterdir() if path.is_dir())
    (base / "releases" / "states.jsonl").rename(base / "kept")
    path = release / "manifest.json"
    for place in range(0, path.stat().st_size, 5):
        before = flip(path, place)
        with pytest.raises(StoreError, match=r"manifest\.json"):
            check_release(release)
        path.write_bytes(before)
    (base / "kept").rename(base / "releases" / "states.jsonl")


def test_the_command_exits_with_14_and_names_the_file(base: Path) -> None:
    (release,) = (path for path in (base / "releases").iterdir() if path.is_dir())
    before = flip(release / "provenance.json", 7)
    run = "from social_evidence.cli.main import entrypoint; entrypoint()"
    done = subprocess.run(
        [sys.executable, "-c", run, "check", str(release)],
        capture_output=True,
        text=True,
        check=False,
    )
    (release / "provenance.json").write_bytes(before)
    assert done.returncode == 14
    assert "provenance.json differs from its digest" in done.stderr
