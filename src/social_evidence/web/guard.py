"""What stands before every page: who may ask, how much may be sent, which headers go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: under it a browser does not say where a form came from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_DRAINED: Final = 4
"""So many times the limit are read and thrown away, so that a browser gets to see the answer."""


class TooLargeError(Exception):
    """More was sent than is taken."""


class Guard:
    """Refuses what no page of ours would ask, before any page sees it."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], largest: int) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        status, reason = self._refusal(scope)
        if reason:
            await PlainTextResponse(reason, status_code=status)(scope, receive, send_guarded)
            return
        await self._app(scope, self._bounded(receive), send_guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        headers = Headers(scope=scope)
        # A page of anybody's can point a name of its own at this machine; it cannot forge this.
        if headers.get("host", "").lower() not in self._hosts:
            return 421, "These pages answer only under this machine's own address.\n"
        if scope["method"] not in _METHODS:
            return 405, "These pages are read and their forms are sent; nothing else.\n"
        if scope["method"] == "POST" and not self._is_own(headers):
            return 403, (
                "The form came from elsewhere and was not taken. Open the page here and send it "
                "again.\n"
            )
        return 200, ""

    def _is_own(self, headers: Headers) -> bool:
        """Say whether a form comes from a page of ours, by what the browser says."""
        site = headers.get("sec-fetch-site", "same-origin")
        return site == "same-origin" and headers.get("origin", "") in self._origins

    def _bounded(self, receive: Receive) -> Receive:
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            while taken > self._largest:
                is_last = message["type"] != "http.request" or not message.get("more_body")
                if is_last or taken > _DRAINED * self._largest:
                    raise TooLargeError
                message = await receive()
                taken += len(message.get("body", b""))
            return message

        return bounded
