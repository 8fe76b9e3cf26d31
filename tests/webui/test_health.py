"""/healthz, /readyz and /metrics; the number of a request in answer, log and page; the line of a request."""

import json
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text

from config.settings import load
from tests.webui.filing import file
from tests.webui.test_nothing_personal import personal_in
from tests.workflow.service.sampling import KEYS
from webui.app import create_app, open_doors
from webui.health import FIGURES
from webui.serving.counted import NUMBER, count_requests
from webui.serving.figures import Figures
from workflow.service import Office, Unavailable
from workflow.service.log_lines import ACCESS, FIELDS, REQUEST
from workflow.service.logs import Seldom
from workflow.service.readiness import LookedAt, Readiness
from workflow.service.stamps import BACKED_UP, said
from workflow.store.keyed import check_name
from workflow.store.store import Store

PROXY = {"REMOTE_ADDR": "10.1.0.7"}


def statements(office: Office) -> list[str]:
    """What the store is asked from now on."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    for engine in (office.store.engine, office.store._reading):
        event.listen(engine, "before_cursor_execute", note)
    return asked


def away(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store does not answer."""

    def read() -> None:
        raise Unavailable

    monkeypatch.setattr(office.store, "read", read)


# -- healthz, readyz ----------------------------------------------------------------------------------


def test_a_process_lives_without_a_question_to_the_store(app, office, monkeypatch):
    asked = statements(office)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 200 and answer.json == {"alive": True}
    assert asked == [] and "Set-Cookie" not in answer.headers
    away(office, monkeypatch)
    assert app.test_client().get("/healthz").status_code == 200


def readiness(app: Flask, office: Office) -> dict[str, Any]:
    """What /readyz says now, looked at anew; it answers 503 where something is wrong."""
    fresh = Readiness(office, fresh=-1)
    app.extensions["gongkai"] = replace(app.extensions["gongkai"], readiness=fresh)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == (200 if answer.json["ready"] else 503)
    assert ("Retry-After" in answer.headers) is not answer.json["ready"]
    return dict(answer.json)


def test_a_process_is_ready_until_store_shape_key_or_clock_are_wrong(
    app, office, today, monkeypatch
):
    assert readiness(app, office) == {"ready": True}
    with office.store.write() as unit:
        unit.set_stamp(check_name(0), office.keys.now.check_value())
        unit.set_stamp("clock", json.dumps({"at": office.now().isoformat(), "confirmed": {}}))
    assert readiness(app, office) == {"ready": True}
    today.moment -= timedelta(hours=1)
    assert readiness(app, office) == {"ready": False, "wrong": ["clock"]}
    today.moment += timedelta(hours=1)
    with office.store.write() as unit:
        unit.set_stamp(check_name(0), "of another key")
    assert readiness(app, office)["wrong"] == ["key"]
    today.moment += timedelta(days=366)
    assert readiness(app, office)["wrong"] == ["key", "clock"]
    with office.store.write() as unit:
        unit.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert readiness(app, office)["wrong"] == ["migration"]
    with office.store.write() as unit:
        unit.session.execute(text("DROP TABLE alembic_version"))
    assert readiness(app, office)["wrong"] == ["migration"]
    away(office, monkeypatch)
    assert readiness(app, office)["wrong"] == ["store"]


def test_being_ready_costs_few_questions_and_within_seconds_none(app, office):
    app.test_client().get("/readyz")
    asked = statements(office)
    assert app.test_client().get("/readyz").json["ready"]
    assert asked == []
    assert readiness(app, office)["ready"]
    assert 0 < len([one for one in asked if "PRAGMA" not in one]) < 15


def test_while_one_looks_the_others_are_told_what_was_found_last():
    within: list[object] = []
    looked = LookedAt(lambda: within.append(looked.now()) or len(within), fresh=-1)
    assert looked.now() == 1 and within == [None]  # nothing was known while the first one looked
    assert looked.now() == 2 and within == [None, 1]


def test_what_fails_to_be_looked_at_may_be_looked_at_again():
    found = iter((Unavailable(), 5))

    def look() -> int:
        one = next(found)
        if isinstance(one, Exception):
            raise one
        return int(one)

    looked = LookedAt(look, fresh=-1)
    with pytest.raises(Unavailable):
        looked.now()
    assert looked.now() == 5


# -- metrics ------------------------------------------------------------------------------------------


def figures_of(page: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Name → labels and value of each sample, as a reader of the format has it."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(page):
        assert family.documentation and family.type in ("counter", "gauge", "histogram")
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_the_figures_can_be_read_and_are_those_of_the_server_and_the_store(app, office, visitor):
    app.extensions[FIGURES] = figures = Figures(shared=True)
    open_doors(app, office, load({}))
    number, _ = file(visitor)
    figures.answered("portal", 200, 0.02)
    with office.store.write() as unit:
        unit.set_stamp(BACKED_UP, said(office.now()))
    page = app.test_client().get("/metrics")
    assert page.status_code == 200 and page.content_type.startswith("text/plain; version=0.0.4")
    found = figures_of(page.text)
    bodies = {labels["body"]: value for labels, value in found["gongkai_applications_open"]}
    assert bodies == {"yanshan": 0, "panlong": 1, "jiangna": 0}
    assert {labels["body"]: n for labels, n in found["gongkai_applications_late"]} == dict.fromkeys(
        bodies, 0
    )
    assert found["gongkai_store_writes_total"][0][1] == figures.writes >= 2
    assert found["gongkai_backup_time_seconds"] == [({}, office.now().timestamp())]
    assert found["gongkai_worker_leads"] == [({}, 0)] and found["gongkai_store_up"] == [({}, 1)]
    assert "gongkai_worker_last_round_time_seconds" not in found
    assert ({"kind": "portal", "status": "200"}, 1) in found["gongkai_requests_total"]
    assert [labels for labels, _ in found["gongkai_process_start_time_seconds"]] == [
        {"process": "all"}
    ]
    buckets = [n for labels, n in found["gongkai_request_seconds_bucket"]]
    assert (
        buckets == sorted(buckets) and buckets[-1] == found["gongkai_request_seconds_count"][0][1]
    )
    assert number not in page.text and personal_in(page.text) == []


def test_applications_become_late_in_the_figures(app, office, visitor, today):
    file(visitor)
    today.is_("2024-08-01")
    open_doors(app, office, load({}))
    found = figures_of(app.test_client().get("/metrics").text)
    late = {labels["body"]: n for labels, n in found["gongkai_applications_late"]}
    assert late["panlong"] == 1 and late["jiangna"] == 0


def test_figures_of_a_process_alone_say_whose_they_are(app):
    app.extensions[FIGURES] = figures = Figures()
    figures.answered("portal", 200, 0.02)
    found = figures_of(app.test_client().get("/metrics").text)
    assert all(labels["process"].isdigit() for labels, _ in found["gongkai_requests_total"])


def test_where_the_store_does_not_answer_the_server_still_tells_its_own(app, office, monkeypatch):
    away(office, monkeypatch)
    found = figures_of(app.test_client().get("/metrics").text)
    assert found["gongkai_store_up"] == [({}, 0)] and "gongkai_applications_open" not in found


@pytest.mark.parametrize(
    ("settings", "environ", "headers", "status"),
    [
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, {}, 200),
        ({}, {"REMOTE_ADDR": "::1"}, {}, 200),
        ({}, {"REMOTE_ADDR": "::ffff:127.0.0.1"}, {}, 200),
        ({}, PROXY, {}, 403),
        ({}, {"REMOTE_ADDR": ""}, {}, 403),
        # A proxy on this machine that is not named: whoever comes through it seems to come from here.
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, {"X-Forwarded-For": "9.9.9.9"}, 403),
        ({"METRICS_FROM": "10.1.0.0/16"}, PROXY, {}, 200),
        ({"METRICS_FROM": ""}, {"REMOTE_ADDR": "127.0.0.1"}, {}, 403),
        ({"METRICS_TOKEN": "a-word-for-it"}, PROXY, {"Authorization": "Bearer a-word-for-it"}, 200),
        ({"METRICS_TOKEN": "a-word-for-it"}, PROXY, {"Authorization": "Bearer another"}, 403),
        ({"METRICS_TOKEN": "a-word-for-it"}, PROXY, {"Authorization": "Basic YTph"}, 403),
        ({}, PROXY, {"Authorization": "Bearer "}, 403),
    ],
)  # fmt: skip
def test_figures_are_for_who_has_the_word_or_comes_from_the_right_place(
    app, office, settings, environ, headers, status
):
    open_doors(app, office, load({f"GONGKAI_{name}": said for name, said in settings.items()}))
    answer = app.test_client().get("/metrics", environ_overrides=environ, headers=headers)
    assert answer.status_code == status
    assert ("gongkai_" in answer.text) is (status == 200)


@pytest.fixture(scope="module")
def behind(furnished, tmp_path_factory) -> Iterator[Flask]:
    """The application behind HTTPS and a named proxy."""
    path = shutil.copy(furnished, tmp_path_factory.mktemp("behind") / "store.db")
    store = Store(f"sqlite:///{path}")
    settings = load({"GONGKAI_HTTPS": "true", "GONGKAI_TRUSTED_PROXIES": "10.1.0.7"})
    yield create_app(Office(store, KEYS), settings)
    store.close()


def test_who_watches_on_the_machine_is_not_sent_on_to_https(behind):
    client = behind.test_client()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path).status_code == 200, path
    assert client.get("/").status_code == 302


# -- the number of a request --------------------------------------------------------------------------


def test_every_answer_has_a_number_and_it_is_another_one_each_time(app):
    client = app.test_client()
    found = {client.get(path).headers["X-Request-ID"] for path in ("/", "/", "/none", "/healthz")}
    assert len(found) == 4 and all(re.fullmatch(r"[0-9a-f]{12}", one) for one in found)
    assert REQUEST.get() == ""


@pytest.mark.parametrize(
    ("given", "environ", "believed"),
    [
        ("req-2026.12_01", PROXY, True),
        ("req-2026.12_01", {"REMOTE_ADDR": "10.1.0.8"}, False),
        ("short", PROXY, False),
        ("-begins-so", PROXY, False),
        ("with a blank in it", PROXY, False),
        ("a" * 64, PROXY, True),
        ("a" * 65, PROXY, False),
    ],
)
def test_a_number_is_believed_of_a_named_proxy_where_it_is_well_formed(
    behind, given, environ, believed
):
    answer = behind.test_client().get(
        "/healthz", environ_overrides=environ, headers={"X-Request-ID": given}
    )
    assert (answer.headers["X-Request-ID"] == given) is believed


@pytest.mark.parametrize("fault", [RuntimeError("欧阳小燕"), Unavailable()])
def test_a_page_of_a_fault_says_the_number_under_which_it_stands_in_the_log(
    app, caplog, fault, monkeypatch
):
    monkeypatch.setitem(app.extensions, "seldom", Seldom(app.logger))  # nobody met it before

    def fail() -> str:
        raise fault

    app.view_functions["portal.start"] = fail
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.INFO, ACCESS):
        answer = app.test_client().get("/")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code in (500, 503)
    assert f'编号：<b class="num code">{number}</b>' in answer.text
    assert f"request {number}:" in caplog.text


def test_a_page_that_asks_to_come_again_says_its_number(app):
    answer = app.test_client().get("/desk/", environ_overrides={"gongkai.busy": True})
    assert answer.status_code == 503 and answer.headers["X-Request-ID"] in answer.text


def test_lines_that_are_written_meanwhile_have_the_number(app):
    seen: list[str] = []
    app.view_functions["portal.start"] = lambda: seen.append(REQUEST.get()) or "x"
    answer = app.test_client().get("/")
    assert seen == [answer.headers["X-Request-ID"]]


# -- the line of a request ----------------------------------------------------------------------------


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [getattr(one, FIELDS) for one in caplog.records if one.name == ACCESS]


def test_the_line_of_a_request_has_the_route_and_nothing_that_was_asked_for(
    app, visitor, staff, caplog
):
    number, _ = file(visitor)
    caplog.clear()
    with caplog.at_level(logging.INFO, ACCESS):
        staff("lifang").get(f"/desk/cases/{number}?q=%E6%AC%A7%E9%98%B3")
        app.test_client().open("/nothing/13987654321", method="FROBNICATE")
        app.test_client().get("/healthz")
    *_, case, nothing = lines_of(caplog)
    assert case == {
        "method": "GET", "route": "/desk/cases/<code>/<number>", "status": 200, "ms": case["ms"],
        "bytes": case["bytes"], "lane": "desk",
    }  # fmt: skip
    assert int(case["bytes"]) > 1000 and case["ms"] > 0
    assert (nothing["method"], nothing["route"], nothing["status"]) == ("OTHER", "-", 404)
    said = " ".join(one.getMessage() for one in caplog.records if one.name == ACCESS)
    assert f"GET /desk/cases/<code>/<number> 200 {case['ms']} {case['bytes']} desk" in said
    assert number not in said and "欧阳" not in said and "1398" not in said
    assert "127.0.0.1" not in said


def test_a_request_that_ends_without_an_answer_is_noted_as_a_fault():
    app = Flask("x")
    figures = Figures()

    def serve(environ: dict[str, Any], start: Any) -> list[bytes]:
        raise RuntimeError

    app.wsgi_app = serve  # type: ignore[method-assign, assignment]  # Flask's way
    count_requests(app, figures)
    environ = {"PATH_INFO": "/x", "REQUEST_METHOD": "GET"}
    with pytest.raises(RuntimeError):
        app.wsgi_app(environ, lambda *_: None)
    assert list(figures.requests()) == [("portal", 500, 1)]
    assert environ[NUMBER] and REQUEST.get() == ""


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "portal"), ("/desk/", "desk"), ("/static/gongkai.css", "static"), ("/metrics", "health"),
     ("/api/v1/openapi.json", "api"), ("/metrics/x", "portal")],
)  # fmt: skip
def test_a_request_is_counted_by_what_it_is_for(app, path, kind):
    app.test_client().get(path)
    before = app.extensions[FIGURES].times(kind).count
    app.test_client().get(path)
    assert app.extensions[FIGURES].times(kind).count == before + 1
