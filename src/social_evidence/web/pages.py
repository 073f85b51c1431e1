"""The office's pages as one application: reading, sending in, and being told what is wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from social_evidence.app.participant_import import AnswersAsked, accept_answers
from social_evidence.app.returns_accept import Outcome, accept_returns
from social_evidence.app.returns_form import WRITERS, form_of
from social_evidence.errors import DataError, DefinitionError, EvidenceError, StoreError
from social_evidence.model.office import (
    ARMS,
    MOVES,
    SCOPES,
    WAVES,
    Organisation,
    RecordSet,
    Status,
)
from social_evidence.store.office.office import Office, open_office
from social_evidence.web.guard import Guard, TooLargeError
from social_evidence.web.render import STATIC, shown, static
from social_evidence.web.settings import MEGABYTE, OfficeSettings
from social_evidence.web.tokens import Tokens
from social_evidence.web.uploads import kept_for_now
from social_evidence.web.views import (
    AGREED,
    STATUS,
    asks_people,
    home,
    initiative_view,
    return_view,
    titles_of,
)

RETURN_SUFFIXES: Final = (".xlsx", ".ods", ".csv")
ANSWER_SUFFIXES: Final = (".csv", ".xlsx", ".ods", ".sav", ".dta", ".parquet")
MOST_SHOWN: Final = 500
_FORM_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_MOVES: Final[tuple[Status, ...]] = ("verified", "queried")
"""What whoever reads a return may note on these pages."""
_VALUES: Final = ("wave", "period", "project", "form", "arm")
_TOLD: Final = {
    400: ("The form could not be read.", "Open its page and send it again."),
    403: (
        "The form was not taken.",
        "It was opened too long ago, or elsewhere. Open its page again and send it from there.",
    ),
    404: ("There is no such page.", ""),
}
_LONGEST_FIELD: Final = 65_536


def office_pages(settings: OfficeSettings, tokens: Tokens | None = None) -> FastAPI:
    """Make the application.

    Args:
        settings: Which office, which definitions.
        tokens: Of its forms; made here where none are given.
    """
    app = FastAPI(title="Office", docs_url=None, redoc_url=None, openapi_url=None)
    made = _Pages(settings, tokens or Tokens())
    for path, page in (
        ("/", made.home),
        ("/imports", made.imports),
        ("/initiatives/{name}", made.initiative),
        ("/initiatives/{name}/form", made.form),
        ("/returns/new", made.new_return),
        ("/answers/new", made.new_answers),
        ("/returns/{name}", made.one_return),
        ("/{name}.{ending}", made.static),
    ):
        app.add_api_route(path, page, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/returns/new", made.send_return, methods=["POST"], response_model=None)
    app.add_api_route("/answers/new", made.send_answers, methods=["POST"], response_model=None)
    app.add_api_route("/returns/{name}", made.move_return, methods=["POST"], response_model=None)
    app.add_exception_handler(HTTPException, made.no_such_page)
    app.add_exception_handler(TooLargeError, made.too_large)
    app.add_exception_handler(EvidenceError, made.refused)
    app.add_middleware(Guard, hosts=settings.hosts, largest=settings.largest)
    return app


class _Pages:
    """One method a page. Those that read are run beside each other; a form is read as it comes."""

    def __init__(self, settings: OfficeSettings, tokens: Tokens) -> None:
        self.settings = settings
        self.tokens = tokens

    def home(self) -> HTMLResponse:
        with self._office() as office:
            return self._page("home.html", "Office", found=home(office, self.settings))

    def imports(self) -> HTMLResponse:
        with self._office() as office:
            found = tuple(reversed(office.imports()))
        return self._page("imports.html", "Everything taken in", imports=found)

    def initiative(self, name: str) -> HTMLResponse:
        self._known(name)
        with self._office() as office:
            found = initiative_view(office, self.settings, name)
        return self._page("initiative.html", found.initiative.title, found=found, status=STATUS)

    def form(
        self, name: str, organisation: str, period: str, title: str = "", ending: str = ".xlsx"
    ) -> Response:
        self._known(name)
        if ending not in WRITERS:
            raise DataError("A form is written as .xlsx or .ods.")
        if not organisation.strip():
            raise DataError("Say which organisation the form is for, by its register number.")
        with self._office() as office:
            known = {one.id: one for one in office.organisations()}
        asked = Organisation(id=organisation.strip(), name=title.strip() or organisation.strip())
        form = form_of(self.settings.catalogue, name, period.strip(), known.get(asked.id, asked))
        with tempfile.TemporaryDirectory(prefix="social-evidence-") as folder:
            path = Path(folder) / f"form{ending}"
            WRITERS[ending](form, path)
            content = path.read_bytes()
        sent_as = f"{name}-{period.strip()}{ending}".replace('"', "")
        return Response(
            content,
            media_type=_FORM_TYPES[ending],
            headers={"Content-Disposition": f'attachment; filename="{sent_as}"'},
        )

    def new_return(self) -> HTMLResponse:
        return self._return_form()

    def new_answers(self, initiative: str = "") -> HTMLResponse:
        return self._answers_form({"initiative": initiative})

    def one_return(self, name: str, problem: str = "", status_code: int = 200) -> HTMLResponse:
        with self._office() as office:
            found = return_view(office, self.settings.catalogue, name)
        if found is None:
            raise HTTPException(404)
        return self._page(
            "return.html",
            found.title,
            status_code=status_code,
            found=found,
            status=STATUS,
            token=self.tokens.make(f"/returns/{name}"),
            moves=[to for to in _MOVES if to in MOVES[found.found.status]],
            problem=problem,
        )

    async def move_return(self, name: str, request: Request) -> HTMLResponse:
        form = await self._sent(request)
        to = next((one for one in _MOVES if one == form.get("to")), None)
        reason = str(form.get("reason", "")).strip()

        def take() -> HTMLResponse:
            if to is None:
                return self.one_return(name, "Choose what is to be noted.", 422)
            try:
                with self._office() as office:
                    office.move_return(name, to, by=self.settings.signed(), reason=reason)
            except DataError as fault:
                return self.one_return(name, str(fault), 422)
            return self.one_return(name)

        return await self._read(form, take)

    def static(self, name: str, ending: str) -> Response:
        asked = f"{name}.{ending}"
        if asked not in STATIC:
            raise HTTPException(404)
        return Response(static(asked), headers={"Content-Type": STATIC[asked][1]})

    async def send_return(self, request: Request) -> HTMLResponse:
        form = await self._sent(request)

        def take() -> HTMLResponse:
            try:
                with (
                    kept_for_now(form, "file", RETURN_SUFFIXES) as path,
                    self._office() as office,
                ):
                    outcome = accept_returns(
                        office,
                        path,
                        self.settings.catalogue,
                        by=self.settings.signed(),
                        today=self.settings.today,
                        key=self.settings.key,
                    )
            except (DataError, DefinitionError) as fault:
                return self._return_form(str(fault), 422)
            return self._outcome(outcome, "return", "/returns/new")

        return await self._read(form, take)

    async def send_answers(self, request: Request) -> HTMLResponse:
        form = await self._sent(request)
        said = {name: str(value).strip() for name, value in form.items() if isinstance(value, str)}

        def take() -> HTMLResponse:
            try:
                asked, promised = self._asked(said, form.getlist("scopes"))
                with (
                    kept_for_now(form, "file", ANSWER_SUFFIXES) as path,
                    self._office() as office,
                ):
                    outcome = accept_answers(
                        office,
                        path,
                        self.settings.catalogue,
                        asked,
                        promised,
                        by=self.settings.signed(),
                        today=self.settings.today,
                    )
            except (DataError, DefinitionError) as fault:
                return self._answers_form(said, str(fault), 422)
            return self._outcome(outcome, "answers", f"/answers/new?initiative={asked.initiative}")

        return await self._read(form, take)

    async def no_such_page(self, _request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 404
        told, reason = _TOLD.get(status, ("That cannot be done here.", ""))
        return self._page("problem.html", told, status_code=status, reason=reason)

    async def too_large(self, _request: Request, _fault: Exception) -> Response:
        limit = self.settings.largest // MEGABYTE
        reason = f"Files of up to {limit} MB are taken. Split it, or use `social-evidence returns`."
        return self._page("problem.html", "The file is too large.", status_code=413, reason=reason)

    async def refused(self, _request: Request, fault: Exception) -> Response:
        status = 503 if isinstance(fault, StoreError) else 422
        return self._page(
            "problem.html", "That could not be done.", status_code=status, reason=str(fault)
        )

    def _asked(self, said: Mapping[str, str], scopes: list[Any]) -> tuple[AnswersAsked, RecordSet]:
        """Read what the form says of a file of answers.

        Raises:
            DataError: There is no such initiative, or a promise is missing.
        """
        initiative = said.get("initiative", "")
        if initiative not in self.settings.catalogue.initiatives:
            raise DataError("Say whose participants these are: choose an initiative.")
        for name in ("purpose", "lawful_basis"):
            if not said.get(name):
                raise DataError(f"Say the {name.replace('_', ' ')} on which the answers are held.")
        asked = AnswersAsked(
            initiative=initiative,
            key=self.settings.key,
            values={name: said[name] for name in _VALUES if said.get(name)},
        )
        promised = RecordSet(
            id="",
            initiative=initiative,
            notice_version=said.get("notice_version", ""),
            scopes=tuple(str(scope) for scope in scopes),
            purpose=said["purpose"],
            lawful_basis=said["lawful_basis"],
            keep_until=said.get("keep_until", ""),
            special_category_condition=said.get("special_category_condition", ""),
        )
        return asked, promised

    async def _sent(self, request: Request) -> FormData:
        """Read a form as it comes, and refuse one that no page of ours wrote."""
        form = await request.form(max_files=1, max_fields=40, max_part_size=_LONGEST_FIELD)
        token = form.get("token")
        if not isinstance(token, str) or not self.tokens.is_good(request.url.path, token):
            await form.close()
            raise HTTPException(403)
        return form

    async def _read(self, form: FormData, take: Callable[[], HTMLResponse]) -> HTMLResponse:
        try:
            return await run_in_threadpool(take)
        finally:
            await form.close()

    def _return_form(self, problem: str = "", status_code: int = 200) -> HTMLResponse:
        return self._page(
            "new_return.html",
            "Send in a return",
            status_code=status_code,
            problem=problem,
            token=self.tokens.make("/returns/new"),
            endings=", ".join(RETURN_SUFFIXES),
        )

    def _answers_form(
        self, said: Mapping[str, str], problem: str = "", status_code: int = 200
    ) -> HTMLResponse:
        initiatives = [
            initiative
            for initiative in self.settings.catalogue.initiatives.values()
            if asks_people(initiative)
        ]
        return self._page(
            "new_answers.html",
            "Send in answers of participants",
            status_code=status_code,
            problem=problem,
            said=said,
            token=self.tokens.make("/answers/new"),
            initiatives=sorted(initiatives, key=lambda one: one.title),
            waves=WAVES,
            arms=ARMS,
            scopes=SCOPES,
            agreed=AGREED,
            has_key=self.settings.key is not None,
            endings=", ".join(ANSWER_SUFFIXES),
        )

    def _outcome(self, outcome: Outcome, kind: str, again: str) -> HTMLResponse:
        is_faultless = not outcome.faults and not outcome.more_faults
        title = "Taken in" if is_faultless else "Something is wrong with the file"
        return self._page(
            "outcome.html",
            title,
            status_code=200 if is_faultless else 422,
            outcome=outcome,
            shown=outcome.faults[:MOST_SHOWN],
            unshown=len(outcome.faults[MOST_SHOWN:]) + outcome.more_faults,
            kind=kind,
            again=again,
        )

    def _page(
        self, template: str, title: str, *, status_code: int = 200, **says: Any
    ) -> HTMLResponse:
        frame = {
            "title": title,
            "role": self.settings.role,
            "base_title": self.settings.catalogue.title,
            "initiative_titles": titles_of(self.settings.catalogue),
        }
        return shown(template, {**frame, **says}, status_code)

    def _known(self, name: str) -> None:
        if name not in self.settings.catalogue.initiatives:
            raise HTTPException(404)

    def _office(self) -> Office:
        return open_office(self.settings.place)
