"""The desk has its own threads: however slow its pages are, the portal answers."""

import time

import pytest

from tests.webui.serving.test_connections import WHOLE, got, running
from webui.desk import desk
from webui.portal import portal
from webui.serving import lanes
from webui.serving.lanes import Lanes, of_the_desk


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/", False), ("/apply", False), ("/query/case", False), ("/static/gongkai.css", False),
        ("/desks", False), ("/api/v1/applications", False), ("/api/v1/applications/2024-0001", False),
        ("/desk", True), ("/desk/", True), ("//desk/cases", True), ("/desk/reports/panlong/2024", True),
        ("/api/v1/cases", True), ("/api/v1/openapi.json", True),
    ],
)  # fmt: skip
def test_a_request_has_its_lane_by_its_address(path, whose):
    assert of_the_desk(path) is whose


def test_every_page_of_staff_is_the_desks_and_every_page_of_applicants_the_portals(app):
    desks = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(desk.name)]
    portals = [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(portal.name)
    ]
    assert len(desks) > 20 and all(of_the_desk(path) for path in desks)
    assert len(portals) > 8 and not any(of_the_desk(path) for path in portals)


def test_the_portal_answers_while_every_thread_of_the_desk_is_taken():
    with running(lanes=Lanes(portal=1, desk=2)) as there:
        there.pages.go.clear()
        slow = [there.opened(WHOLE.replace(b"/ ", b"/desk/ ", 1)) for _ in range(5)]
        for _ in range(2):
            assert there.pages.begun.acquire(timeout=20)
        quick = there.opened(WHOLE)
        assert there.pages.begun.acquire(timeout=20)
        assert not there.pages.begun.acquire(timeout=0.2)
        there.pages.go.set()
        assert got(quick) == b"page "
        assert [got(one) for one in slow] == [b"page "] * 5


def test_who_finds_the_lane_of_the_desk_full_is_told_at_once(monkeypatch):
    monkeypatch.setattr(lanes, "WAITING_MOST", 2)
    with running(lanes=Lanes(portal=1, desk=1)) as there:
        there.pages.go.clear()
        slow = [there.opened(WHOLE.replace(b"/ ", b"/desk/ ", 1))]
        assert there.pages.begun.acquire(timeout=20)
        slow += [there.opened(WHOLE.replace(b"/ ", b"/desk/ ", 1)) for _ in range(2)]
        time.sleep(0.3)
        late = there.opened(WHOLE.replace(b"/ ", b"/desk/ ", 1))
        assert there.pages.begun.acquire(timeout=20)
        there.pages.go.set()
        assert got(late) == b"busy"
        assert [got(one) for one in slow] == [b"page "] * 3


def test_a_full_lane_is_a_page_in_plain_words_and_for_a_program_a_problem(app):
    busy = {lanes.BUSY: True}
    page = app.test_client().get("/desk/", environ_overrides=busy)
    assert page.status_code == 503 and page.headers["Retry-After"] == "5"
    assert "系统正忙" in page.get_data(as_text=True)
    call = app.test_client().get("/api/v1/cases", environ_overrides=busy)
    assert call.status_code == 503 and call.headers["Retry-After"] == "5"
    assert call.mimetype == "application/problem+json"


@pytest.mark.parametrize("path", lanes.HEALTH)
def test_who_watches_the_server_is_answered_while_all_other_threads_are_taken(path):
    with running(lanes=Lanes(portal=1, desk=1)) as there:
        there.pages.go.clear()
        for taken in (b"/desk/ ", b"/ "):
            there.opened(WHOLE.replace(b"/ ", taken, 1))
            assert there.pages.begun.acquire(timeout=20)
        waiting = there.opened(WHOLE)
        watched = there.opened(WHOLE.replace(b"/ ", path.encode() + b" ", 1))
        assert there.pages.begun.acquire(timeout=20)
        assert not there.pages.begun.acquire(timeout=0.2)
        there.pages.go.set()
        assert got(watched) == got(waiting) == b"page "
