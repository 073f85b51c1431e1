"""Tokens in forms: only a form that this process wrote is taken."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Final

LIFE: Final = 12 * 60 * 60
"""Seconds for which a form that was opened can be sent."""


class Tokens:
    """Makes and checks tokens, each for one action and for some hours.

    The secret lives as long as the process and is written nowhere, so that no cookie is needed.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock

    def make(self, action: str) -> str:
        """Make a token for an action, which is the address its form is sent to."""
        return self._signed(action, str(int(self._clock())))

    def is_good(self, action: str, token: str) -> bool:
        """Say whether this process made the token, for this action and not too long ago."""
        made = token.partition(".")[0]
        if not (made.isascii() and made.isdigit() and len(made) <= 12):
            return False
        is_ours = hmac.compare_digest(self._signed(action, made).encode(), token.encode())
        return is_ours and 0 <= self._clock() - int(made) <= LIFE

    def _signed(self, action: str, made: str) -> str:
        digest = hmac.new(self._secret, f"{made} {action}".encode(), hashlib.sha256)
        return f"{made}.{digest.hexdigest()}"
