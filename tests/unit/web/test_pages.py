"""The office's pages: what is expected, what came, and every fault in its place."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.model.office import Signature
from social_evidence.store.office.office import open_office

WIN = "workforce_integration_network"
FUND = "london_family_fund"
LONG = "initiative,success_measure,organisation,period,dimension,code,value\n"
GOOD = f"{WIN},WIN-ETHMON,GB-COH-01234567,2026Q1,all,all,yes\n"
PROMISE = {
    "initiative": FUND,
    "purpose": "evaluation",
    "lawful_basis": "public task",
    "special_category_condition": "research",
    "keep_until": "2028-12-31",
    "scopes": ["take_part", "link_waves"],
    "wave": "before",
    "period": "2026",
}
ANSWERS = (
    "person,sex,ethnic_group,friends_similar_age\n"
    "ann@example.org,female,white,all\n"
    "bob@example.org,male,white,all\n"
)


def test_the_first_page_says_what_has_not_come_and_never_as_nought(client: httpx.Client) -> None:
    page = client.get("/").text
    row = re.search(rf'<tr><th scope="row"><a href="/initiatives/{WIN}">.*?</tr>', page)
    assert row
    assert re.findall(r'class="r">([^<]*)<', row[0])[:4] == ["1", "0", "1", "0"]
    row = re.search(rf'<tr><th scope="row"><a href="/initiatives/{FUND}">.*?</tr>', page)
    assert row
    assert re.findall(r'class="r">([^<]*)<', row[0]) == ["–", "–", "–", "–", "0"]
    page = client.get(f"/initiatives/{WIN}").text
    assert "not come yet" in page
    assert "due 30 April 2026" in page
    assert "Example &lt;b&gt;Works&lt;/b&gt;" in page


def test_a_return_is_taken_in_shown_and_not_added_twice(client: httpx.Client, send: Any) -> None:
    first = send("/returns/new", "returns.csv", (LONG + GOOD).encode())
    assert first.status_code == 200
    assert "1 new" in first.text
    assert "0 new, 1 held already" in send("/returns/new", "r.csv", (LONG + GOOD).encode()).text
    page = client.get(f"/initiatives/{WIN}").text
    link = re.search(r'href="(/returns/[^"]+)">came in', page)
    assert link
    shown = client.get(link[1]).text
    assert "2026Q1" in shown
    assert "1 employers" in shown
    assert "returns.csv" in client.get("/imports").text


def test_a_changed_return_is_its_next_revision_and_the_first_can_still_be_read(
    client: httpx.Client, send: Any, place: Path
) -> None:
    send("/returns/new", "r.csv", (LONG + GOOD).encode())
    send("/returns/new", "r.csv", (LONG + GOOD.replace("yes", "no")).encode())
    with open_office(place) as office:
        (now,) = office.returns(WIN)
        by = Signature(role="tester", at="2026-11-22T11:00:00Z")
        office.move_return(now.id, "queried", by=by, reason="Why <no>?")
    page = client.get(f"/returns/{now.id}").text
    assert "Revision 2" in page
    assert "Why &lt;no&gt;?" in page
    earlier = re.search(r'href="(/returns/[^"]+)">see revision 1', page)
    assert earlier
    assert "replaced by a newer one" in client.get(earlier[1]).text


def test_a_return_is_queried_with_a_reason_and_verified_on_its_page(
    client: httpx.Client, send: Any, place: Path
) -> None:
    send("/returns/new", "r.csv", (LONG + GOOD).encode())
    with open_office(place) as office:
        (found,) = office.returns(WIN)

    def note(**said: str) -> httpx.Response:
        page = client.get(f"/returns/{found.id}").text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        own = {"Origin": "http://127.0.0.1:8017", "Sec-Fetch-Site": "same-origin"}
        said["token"] = token[1]
        return client.post(f"/returns/{found.id}", data=said, headers=own)

    assert note(to="queried").status_code == 422
    assert note(to="draft").status_code == 422
    queried = note(to="queried", reason="Which <groups>?")
    assert queried.status_code == 200
    assert "Which &lt;groups&gt;?" in queried.text
    assert note(to="verified", reason="by telephone").status_code == 200
    assert "not come yet" not in client.get(f"/initiatives/{WIN}").text
    with open_office(place) as office:
        assert [move.status for move in office.moves(found.id)][-2:] == ["queried", "verified"]


def test_faults_are_listed_by_row_and_column_and_what_is_good_is_kept(
    client: httpx.Client, send: Any
) -> None:
    bad = GOOD.replace("2026Q1,all,all,yes", "2026Q2,all,all,maybe")
    sent = send("/returns/new", "r.csv", (LONG + GOOD + bad).encode())
    assert sent.status_code == 422
    assert "<title>Error: " in sent.text
    assert "1 new" in sent.text
    row = re.search(r'<tr id="fault-1">(.*?)</tr>', sent.text, flags=re.DOTALL)
    assert row
    assert '<td class="r">3</td>' in row[1]
    assert "<td>value</td>" in row[1]
    assert "left out" in row[1]
    assert 'href="#fault-1"' in sent.text


def test_a_form_is_downloaded_filled_in_and_sent_back(client: httpx.Client, send: Any) -> None:
    got = client.get(
        f"/initiatives/{WIN}/form",
        params={"organisation": "GB-COH-01234567", "period": "2026Q1", "ending": ".xlsx"},
    )
    assert got.status_code == 200
    assert got.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    sheet = book["Return"]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "WIN-ETHMON" and row[7].value == "all":
            row[4].value = "yes"
    filled = io.BytesIO()
    book.save(filled)
    sent = send("/returns/new", "../../win form.xlsx", filled.getvalue())
    assert "win form.xlsx: 1 new" in sent.text


def test_answers_are_taken_in_under_pseudonyms(
    client: httpx.Client, send: Any, place: Path
) -> None:
    sent = send("/answers/new", "before.csv", ANSWERS.encode(), **PROMISE, project="p1")
    assert sent.status_code == 200, sent.text
    assert "2 new" in sent.text
    with open_office(place) as office:
        (held,) = office.record_sets(FUND)
        names = set(office.answers(FUND)["pseudonym"].to_pylist())
    key = b"0123456789abcdef0123456789abcdef"
    assert pseudonym("ann@example.org", f"linkage:{FUND}", key) in names
    assert (held.keep_until, held.rows) == ("2028-12-31", 2)
    page = client.get(f"/initiatives/{FUND}").text
    assert "under 10" in page
    assert "ann@" not in page + client.get("/").text + client.get("/imports").text
    assert not names & set(re.findall(r"[A-Z2-7]{16}", page))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"keep_until": "2020-01-01"}, "must lie after"),
        ({"keep_until": ""}, "no day"),
        ({"special_category_condition": ""}, "special categories"),
        ({"initiative": "nobody"}, "choose an initiative"),
        ({"lawful_basis": " "}, "lawful basis"),
        ({"scopes": ["link_waves"]}, "take part"),
        ({"scopes": ["everything"]}, "not known"),
    ],
)
def test_a_promise_that_is_missing_is_told_beside_the_form(
    send: Any, change: dict[str, Any], reason: str
) -> None:
    sent = send("/answers/new", "b.csv", ANSWERS.encode(), **{**PROMISE, **change}, project="p")
    assert sent.status_code == 422
    summary = re.search(r'role="alert".*?</div>', sent.text, flags=re.DOTALL)
    assert summary
    assert reason in summary[0]
    assert 'href="#file"' in summary[0]
    assert 'aria-invalid="true"' in sent.text


def test_what_is_not_there_is_404_and_what_is_not_done_is_405(client: httpx.Client) -> None:
    for path in ("/nothing", "/initiatives/nobody", "/returns/none", "/initiatives/nobody/form"):
        page = client.get(path, params={"organisation": "a", "period": "2026"})
        assert page.status_code == 404
        assert "There is no such page." in page.text
    assert client.delete("/").status_code == 405
    assert client.get(f"/initiatives/{WIN}/form", params={"organisation": "a", "period": "May"})


def test_a_period_that_is_none_is_told_in_words(client: httpx.Client) -> None:
    asked = {"organisation": "GB-COH-1", "period": "May"}
    page = client.get(f"/initiatives/{WIN}/form", params=asked)
    assert page.status_code == 422
    assert "May" in page.text


def test_marks_and_old_record_sets_stand_on_the_first_page(
    client: httpx.Client, send: Any, place: Path
) -> None:
    send("/answers/new", "b.csv", ANSWERS.encode(), **{**PROMISE, "keep_until": "2026-11-23"})
    assert "To be done" not in client.get("/").text
    send("/answers/new", "b.csv", ANSWERS.encode(), **PROMISE, project="p1")
    with open_office(place) as office:
        name = office.answers(FUND)["pseudonym"][0].as_py()
        office.forget(name, by=Signature(role="tester", at="2026-11-22T11:00:00Z"))
    page = client.get("/").text
    assert "must be built again" in page
    assert name not in page
