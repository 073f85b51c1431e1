"""The program: one module a command, our own errors in plain words, bugs with their traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import typer

from social_evidence.cli import check
from social_evidence.errors import EvidenceError

app = typer.Typer(
    name="social-evidence",
    help="Measure, publish and improve social integration.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def program() -> None:
    """Measure, publish and improve social integration."""


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "check": check.command,
}
"""The whole registry: name on the command line -> the function that runs it."""

for _name, _command in COMMANDS.items():
    app.command(_name)(_command)


def entrypoint() -> None:
    """Run the program; a refusal of ours is one message and its exit code, never a traceback."""
    try:
        app()
    except EvidenceError as refusal:
        sys.stderr.write(f"error: {refusal}\n")
        sys.exit(refusal.exit_code)
