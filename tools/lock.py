"""Write the resolved versions to `requirements.lock` and, the same pins, to `pyproject.toml`.

Usage: python tools/lock.py [--exclude-newer DATE]

`uv.lock` is not committed, because it would hold the address of a package index. The pins under
`[tool.uv]` hold `uv run` on a clone without a lock; `requirements.lock` adds the hashes, for
`pip install --require-hashes`. Both come from one resolution that starts from nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
BEGIN, END = "# pins: written by tools/lock.py", "# pins end"
PIN = re.compile(r"^([A-Za-z0-9_.-]+==[^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")


def run(*command: str, folder: Path, given: str | None = None) -> str:
    """Run a program in a folder and return what it printed."""
    done = subprocess.run(
        command, cwd=folder, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def resolve(newest: str) -> tuple[str, str]:
    """Resolve from an empty lock; give the text with hashes and that of the build's packages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unpinned = without_pins(PROJECT.read_text(encoding="utf-8"))
        (folder / "pyproject.toml").write_text(unpinned, encoding="utf-8")
        for file in ("README.md", "LICENSE"):
            shutil.copy(ROOT / file, folder)
        (folder / "src" / "social_evidence").mkdir(parents=True)
        (folder / "src" / "social_evidence" / "__init__.py").touch()
        run("uv", "lock", "--exclude-newer", newest, folder=folder)
        plain = ("--no-header", "--no-annotate")
        exported = run(
            "uv", "export", "--frozen", "--no-emit-project", "--all-groups", "--all-extras",
            *plain, folder=folder,
        )  # fmt: skip
        build = run(
            "uv", "pip", "compile", "-", "--universal", "--python-version", "3.11",
            "--exclude-newer", newest, *plain, folder=folder,
            given="hatchling>=1.26\neditables\nsetuptools\n",
        )  # fmt: skip
    return exported, build


def pins(text: str) -> list[str]:
    """List the pins of a requirements text, markers kept, hashes left out."""
    found = []
    for line in text.splitlines():
        if match := PIN.match(line.strip()):
            pin, marker = match.groups()
            found.append(f"{pin} ; {marker.strip()}" if marker else pin)
    return found


def without_pins(text: str) -> str:
    """Take the written block of pins out of a project file."""
    return re.sub(rf"\n*{re.escape(BEGIN)}.*?{re.escape(END)}\n?", "\n", text, flags=re.DOTALL)


def block(names: list[str], build: list[str]) -> str:
    """Write the block of pins for `[tool.uv]`."""
    rows = ["", BEGIN, "[tool.uv]", "constraint-dependencies = ["]
    rows += [f"  {quoted(name)}," for name in names]
    rows += ["]", "build-constraint-dependencies = ["]
    rows += [f"  {quoted(name)}," for name in build]
    return "\n".join([*rows, "]", END, ""])


def quoted(text: str) -> str:
    """Write a TOML string; markers hold single quotes, so double ones go round."""
    return '"' + text.replace('"', '\\"') + '"'


def main() -> None:
    """Resolve and write both files."""
    week_ago = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=7)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exclude-newer", default=f"{week_ago}T00:00:00Z")
    exported, build = resolve(parser.parse_args().exclude_newer)
    head = "# Written by tools/lock.py. Use: pip install --require-hashes -r requirements.lock\n"
    LOCK.write_text(head + exported, encoding="utf-8")
    project = without_pins(PROJECT.read_text(encoding="utf-8")).rstrip("\n") + "\n"
    PROJECT.write_text(project + block(pins(exported), pins(build)), encoding="utf-8")
    sys.stdout.write(f"{len(pins(exported))} packages pinned, {len(pins(build))} to build with\n")


if __name__ == "__main__":
    main()
