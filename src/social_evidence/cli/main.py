"""The program: one module a command, our own errors in plain words, bugs with their traceback."""

from __future__ import annotations

import codecs
import gc
import io
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
    "status": "status",
    "fetch": "fetch",
    "build": "build",
    "approve": "approve",
    "withdraw": "withdraw",
    "publish": "publish",
    "site": "site",
    "serve": "serve",
    "explain": "explain",
    "diff": "diff",
    "verify": "verify",
    "gaps": "gaps",
    "estimate": "estimate",
    "cache": "cache",
    "evaluate": "evaluate",
    "returns": "returns",
    "grants": "grants",
    "services": "services",
    "forget": "forget",
    "annex": "annex",
}
"""The whole registry: name on the command line -> the module of `cli` whose `command` runs it, or
whose `group` holds several."""
_INTERRUPTED: Final = 130
_ESCAPED: Final = "social_evidence.escaped"


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
        if hasattr(module, "group"):
            app.add_typer(module.group, name=name)
        else:
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
    # A release is hundreds of thousands of records that all stay: looking for what could go among
    # them every seven hundred costs a tenth of a build.
    gc.set_threshold(100_000, 20, 20)
    try:
        _show_every_character()
        program(sys.argv[1:])(prog_name="social-evidence")
    except EvidenceError as refusal:
        sys.stderr.write(f"error: {refusal}\n")
        sys.exit(refusal.exit_code)
    except KeyboardInterrupt:
        # Also while modules are still being imported, before the program itself can catch it.
        sys.exit(_INTERRUPTED)


def _show_every_character() -> None:
    """Write what a terminal's encoding lacks as an escape, instead of failing over it."""
    codecs.register_error(_ESCAPED, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPED)


def _escaped(fault: UnicodeError) -> tuple[str, int]:
    """Escape characters as JSON does, so that what is printed as JSON stays JSON."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    units = fault.object[fault.start : fault.end].encode("utf-16-be", "surrogatepass")
    pairs = zip(units[::2], units[1::2], strict=True)
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in pairs), fault.end
