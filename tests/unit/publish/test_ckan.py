"""A CKAN package is brought in line with a publication, against a server that speaks its API."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import hashlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from social_evidence.app import decide
from social_evidence.app.publish import Publication, publish
from social_evidence.app.publish_ckan import send
from social_evidence.cli.main import program
from social_evidence.errors import DisclosureError, StoreError
from social_evidence.publish.ckan_client import Ckan

TODAY = dt.date(2026, 11, 23)
KEY = "a-secret-token"


class Site:
    """What a CKAN site holds, and how it answers."""

    def __init__(self) -> None:
        self.packages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.keys: set[str | None] = set()
        self.trouble: Callable[[str], tuple[int, dict[str, Any]] | None] = lambda _: None
        self.lose: list[str] = []
        self.address = ""

    def answer(
        self, action: str, values: dict[str, Any], upload: bytes | None
    ) -> tuple[int, dict[str, Any]]:
        self.calls.append(action)
        if (trouble := self.trouble(action)) is not None:
            return trouble
        done = getattr(self, action)(values, upload)
        if action in self.lose:
            self.lose.remove(action)
            return 503, {}
        if done is None:
            missing = {"__type": "Not Found Error", "message": "Not found"}
            return 404, {"success": False, "error": missing}
        return 200, {"success": True, "result": done}

    def package_show(self, values: dict[str, Any], _: object) -> Any:
        wanted = values["id"]
        found = [p for p in self.packages.values() if wanted in {p["id"], p["name"]}]
        return found[0] if found else None

    def package_create(self, values: dict[str, Any], _: object) -> Any:
        made = {**values, "id": f"id-of-{values['name']}", "resources": []}
        return self.packages.setdefault(made["id"], made)

    def package_patch(self, values: dict[str, Any], _: object) -> Any:
        self.packages[values["id"]].update(values)
        return self.packages[values["id"]]

    def resource_create(self, values: dict[str, Any], upload: bytes | None) -> Any:
        package = self.package_show({"id": values.pop("package_id")}, None)
        made = {**values, "id": f"resource-{len(self.files)}"}
        package["resources"].append(made)
        self.files[made["id"]] = upload or b""
        return made

    def resource_update(self, values: dict[str, Any], upload: bytes | None) -> Any:
        for package in self.packages.values():
            for resource in package["resources"]:
                if resource["id"] == values["id"]:
                    resource.update(values)
                    self.files[values["id"]] = upload or b""
                    return resource
        return None

    def resource_delete(self, values: dict[str, Any], _: object) -> Any:
        for package in self.packages.values():
            package["resources"] = [r for r in package["resources"] if r["id"] != values["id"]]
        return {}


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            site.keys.add(self.headers.get("Authorization"))
            body = self.rfile.read(int(self.headers["Content-Length"]))
            values, upload = read(self.headers["Content-Type"], body)
            status, told = site.answer(self.path.removeprefix("/api/3/action/"), values, upload)
            content = json.dumps(told).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://elsewhere.example/api/3/action/x")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def read(kind: str, body: bytes) -> tuple[dict[str, Any], bytes | None]:
    if kind == "application/json":
        return json.loads(body), None
    form = email.message_from_bytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.HTTP
    )
    values: dict[str, Any] = {}
    upload = None
    for part in form.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename():
            upload = content
        else:
            values[name] = content.decode()
    return values, upload


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def base(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evidence base whose release is approved."""
    made = tmp_path_factory.mktemp("approved") / "base"
    subprocess.run(["cp", "-r", town.parent.parent, made], check=True)
    decide.approve(made, "2026.1.0", by="statistician", as_of=TODAY)
    return made


@pytest.fixture(scope="module")
def made(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return publish(base, tmp_path_factory.mktemp("out"), today=TODAY, only=("csv", "parquet"))


def ckan(site: Site, waits: list[float] | None = None) -> Ckan:
    kept = waits if waits is not None else []
    return Ckan(address=site.address, key=KEY, wait=kept.append)


def test_a_package_and_its_resources_are_made(site: Site, made: Publication) -> None:
    steps = send(made, ckan(site), "integration", organisation="city")
    (package,) = site.packages.values()
    assert (package["name"], package["owner_org"]) == ("integration", "city")
    assert package["version"] == "2026.1.0"
    assert "made up by a program" in package["notes"]
    assert {step.doing for step in steps} == {"create"}
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) > 8
    assert "Estimates" in names
    assert "Estimates (Parquet)" in names


def test_the_files_arrive_byte_for_byte(site: Site, made: Publication) -> None:
    send(made, ckan(site), "integration")
    (package,) = site.packages.values()
    for resource in package["resources"]:
        digest = hashlib.sha256(site.files[resource["id"]]).hexdigest()
        assert resource["hash"] == f"sha256:{digest}", resource["name"]


def test_doing_it_again_sends_nothing(site: Site, made: Publication) -> None:
    send(made, ckan(site), "integration")
    site.calls.clear()
    steps = send(made, ckan(site), "integration")
    assert {step.doing for step in steps} == {"unchanged"}
    assert site.calls == ["package_show"]


def test_a_changed_file_keeps_its_resource_and_others_are_left_alone(
    site: Site, made: Publication
) -> None:
    send(made, ckan(site), "integration")
    (package,) = site.packages.values()
    package["resources"].append({"id": "theirs", "name": "Somebody else's"})
    package["extras"].append({"key": "theirs", "value": "kept"})
    (estimates,) = [r for r in package["resources"] if r["name"] == "Estimates"]
    estimates["hash"] = "sha256:older"
    steps = send(made, ckan(site), "integration")
    assert [(s.doing, s.what) for s in steps if s.doing != "unchanged"] == [("update", "Estimates")]
    assert [r["id"] for r in package["resources"] if r["name"] == "Estimates"] == [estimates["id"]]
    assert "theirs" in {resource["id"] for resource in package["resources"]}
    assert {"key": "theirs", "value": "kept"} in package["extras"]


def test_a_dry_run_reads_and_writes_nothing(site: Site, made: Publication) -> None:
    steps = send(made, ckan(site), "integration", dry_run=True)
    assert {step.doing for step in steps} == {"create"}
    assert (site.calls, site.packages) == (["package_show"], {})


def test_the_key_is_sent_and_never_told(site: Site, made: Publication) -> None:
    site.trouble = lambda _: (
        403,
        {"success": False, "error": {"__type": "Authorization Error", "message": f"no {KEY}"}},
    )
    with pytest.raises(StoreError) as refused:
        send(made, ckan(site), "integration")
    assert site.keys == {KEY}
    assert "CKAN_API_TOKEN" in str(refused.value)
    assert KEY not in str(refused.value)
    assert KEY not in repr(ckan(site))


def test_a_busy_site_is_asked_again(site: Site, made: Publication) -> None:
    waits: list[float] = []
    site.trouble = lambda _: (503, {}) if len(site.calls) < 3 else None
    send(made, ckan(site, waits), "integration")
    assert waits == [0.5, 1.0]


def test_a_site_that_never_answers_is_given_up(made: Publication) -> None:
    waits: list[float] = []
    silent = Ckan(address="http://127.0.0.1:9", key=KEY, wait=waits.append)
    with pytest.raises(StoreError, match="did not answer package_show in 4 tries"):
        send(made, silent, "integration")
    assert len(waits) == 3


def test_a_lost_answer_makes_no_second_resource(site: Site, made: Publication) -> None:
    site.lose = ["resource_create"]
    send(made, ckan(site), "integration")
    (package,) = site.packages.values()
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names))


def test_a_site_that_sends_elsewhere_is_refused(site: Site, made: Publication) -> None:
    site.trouble = lambda _: (302, {})
    with pytest.raises(StoreError, match=r"elsewhere\.example"):
        send(made, ckan(site), "integration")


def test_what_ckan_refuses_is_told(site: Site, made: Publication) -> None:
    site.trouble = lambda action: (
        (409, {"success": False, "error": {"owner_org": ["Missing value"]}})
        if action == "package_create"
        else None
    )
    with pytest.raises(StoreError, match=r"package_create \(409\): owner_org"):
        send(made, ckan(site), "integration")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://data.example.org", "not encrypted"),
        ("ftp://data.example.org", "no address"),
        ("https://me:secret@data.example.org", "without a name or a password"),
    ],
)
def test_an_address_that_would_give_the_key_away_is_refused(address: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as refused:
        Ckan(address=address, key=KEY)
    assert "secret" not in str(refused.value)


def test_a_preview_is_not_sent(site: Site, made: Publication) -> None:
    marked = dataclasses.replace(made, marks=("synthetic", "draft"))
    with pytest.raises(DisclosureError, match="draft"):
        send(marked, ckan(site), "integration")
    assert site.calls == []


def test_a_withdrawn_release_leaves_its_notice(
    site: Site, base: Path, made: Publication, tmp_path: Path
) -> None:
    send(made, ckan(site), "integration")
    (package,) = site.packages.values()
    package["resources"].append({"id": "theirs", "name": "Somebody else's"})
    own = tmp_path / "base"
    subprocess.run(["cp", "-r", base, own], check=True)
    decide.withdraw(own, "2026.1.0", reason="A wrong weight.", by="head", as_of=TODAY)
    withdrawn = publish(own, tmp_path / "out", today=TODAY)
    steps = send(withdrawn, ckan(site), "integration")
    assert {step.doing for step in steps} == {"update", "delete"}
    assert [resource["id"] for resource in package["resources"]] == ["theirs"]
    assert "A wrong weight." in package["notes"]


def test_the_program_sends_with_the_key_of_the_environment(
    site: Site, base: Path, tmp_path: Path
) -> None:
    told = ["publish", str(base), "--out", str(tmp_path), "--only", "csv"]
    told += ["--ckan", site.address, "--package", "integration"]
    runner = CliRunner()
    without = runner.invoke(program(["publish"]), told, env={"CKAN_API_TOKEN": ""})
    assert without.exit_code == 2
    tried = runner.invoke(program(["publish"]), [*told, "--dry-run"], env={"CKAN_API_TOKEN": ""})
    assert "would create: integration" in tried.stdout
    assert site.packages == {}
    done = runner.invoke(program(["publish"]), [*told, "--json"], env={"CKAN_API_TOKEN": KEY})
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["ckan"][0] == {
        "doing": "create",
        "what": "integration",
        "bytes": 0,
    }
    assert KEY not in done.output
