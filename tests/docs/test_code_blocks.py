"""Every code block of the README and the docs runs, in order, as a reader would run it.

The small demonstration is made once, and every page that makes it gets a copy.
A block of another language than those below is prose. A block that cannot run in a test has a
comment before it: `<!-- not run: reason -->`; set-up lines are run by the continuous integration.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
BLOCK = re.compile(
    r"(?P<note><!-- not run: (?P<reason>[^>]+) -->\n+)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
SET_UP = ("pip install uv", "python3 -m venv", "uv run pytest", "python tools/lock.py")
RUN = {"sh", "python"}
DEMONSTRATION = re.compile(r"social-evidence demo (?=.*--small\b).*--dir demo")


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    line: int
    reason: str


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found["language"],
            found["text"],
            text.count("\n", 0, found.start()) + 1,
            found["reason"] or "",
        )
        for found in BLOCK.finditer(text)
    ]


def environment() -> dict[str, str]:
    """The program of this environment first on the path; no colour, a wide page."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "120"}


def commands(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    return [
        line.replace("uv run social-evidence", "social-evidence").replace("uv run ", "")
        for line in joined.splitlines()
        if line.strip() and not line.startswith("#") and not line.startswith(SET_UP)
    ]


@pytest.fixture(scope="session")
def small_london(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration that pages begin with."""
    folder = tmp_path_factory.mktemp("small")
    made = run_block(
        Block("sh", "social-evidence demo --small --no-serve --dir made", 1, ""), folder
    )
    assert made.returncode == 0, made.stderr
    return folder / "made"


def without_demonstration(block: Block) -> Block:
    """Leave the line out that makes the demonstration; what stands in its place is a copy."""
    kept = [line for line in commands(block.text) if not DEMONSTRATION.fullmatch(line)]
    return Block(block.language, "\n".join(kept), block.line, block.reason)


def makes_demonstration(block: Block) -> bool:
    return block.language == "sh" and any(map(DEMONSTRATION.fullmatch, commands(block.text)))


def run_block(block: Block, folder: Path) -> subprocess.CompletedProcess[str]:
    if block.language == "python":
        command = [sys.executable, "-c", block.text]
    else:
        command = ["sh", "-e", "-c", "\n".join(commands(block.text))]
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_of_the_page_runs(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for written in blocks(page):
        block = written
        if not block.reason and makes_demonstration(block):
            shutil.copytree(request.getfixturevalue("small_london"), tmp_path / "demo")
            block = without_demonstration(block)
        where = f"{page.name}, line {block.line}"
        if block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language in RUN and not block.reason:
            done = run_block(block, tmp_path)
            assert done.returncode == 0, f"{where}:\n{block.text}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [t for t in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in t and t[0] != "#"]
    missing = [t for t in targets if not (page.parent / t.split("#")[0]).exists()]
    assert missing == []


def test_a_block_that_fails_is_noticed(tmp_path: Path) -> None:
    assert run_block(Block("sh", "false\ntrue\n", 1, ""), tmp_path).returncode != 0
    assert run_block(Block("python", "raise SystemExit(3)", 1, ""), tmp_path).returncode == 3


def test_the_demonstration_is_found_in_a_block_and_the_rest_of_it_stays() -> None:
    text = "uv run social-evidence demo --no-serve --small \\\n  --dir demo\nls demo\n"
    block = Block("sh", text, 1, "")
    assert makes_demonstration(block)
    assert without_demonstration(block).text == "ls demo"
    assert not makes_demonstration(Block("sh", "social-evidence demo --dir demo\n", 1, ""))


def test_a_block_not_run_says_why(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- not run: needs a licence -->\n\n```sh\nfalse\n```\n\n```sh\ntrue\n```\n")
    assert [block.reason for block in blocks(page)] == ["needs a licence", ""]
    assert shutil.which("sh")
