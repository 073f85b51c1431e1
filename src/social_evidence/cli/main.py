"""The program: one module a command, our own errors in plain words, bugs with their traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Final

import typer

from social_evidence.errors import EvidenceError

COMMANDS: Final[dict[str, str]] = {
    "demo": "demo",
    "init": "init",
    "check": "check",
    "build": "build",
    "explain": "explain",
    "estimate": "estimate",
    "cache": "cache",
}
"""The whole registry: name on the command line -> the module of `cli` whose `command` runs it."""


def program(asked: Sequence[str]) -> typer.Typer:
    """Put the program together.

    Args:
        asked: The arguments. Where the first is a command's name only that command's module is
            imported, so that `explain` need not wait for the engine.
    """
    app = typer.Typer(
        name="social-evidence",
        help="Measure, publish and improve social integration.",
        epilog="New here? Try `social-evidence demo`, then `social-evidence init my-city`. Every "
        "command has --help with an example.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_every_command)
    names = asked[:1] if asked and asked[0] in COMMANDS else list(COMMANDS)
    for name in names:
        module = import_module(f"social_evidence.cli.{COMMANDS[name]}")
        app.command(name)(module.command)
    return app


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"social-evidence {version('social-evidence')}")
        raise typer.Exit


def _every_command(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    """Measure, publish and improve social integration."""


def entrypoint() -> None:
    """Run the program; a refusal of ours is one message and its exit code, never a traceback."""
    try:
        program(sys.argv[1:])(prog_name="social-evidence")
    except EvidenceError as refusal:
        sys.stderr.write(f"error: {refusal}\n")
        sys.exit(refusal.exit_code)
