"""The product as people meet it: served over HTTP, a store like `make demo`, a real Chromium."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select
from waitress.server import create_server

from config.settings import load
from tests.browser.walking import PHONE, WIDE, Walker
from tests.workflow.service.sampling import PASSWORD, sample_office
from webui.app import create_app
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.hooks.receivers import Receivers, Wanted
from workflow.service.hooks.sending import HookOutbox
from workflow.store.models import CaseRow, EventRow

TODAY = date(2026, 5, 12)
HOOKS = {"hook_hosts": "oa.example, http://10.1.2.3:8080"}
"""Servers of other systems that the operator allows; nothing is sent there, as no worker runs."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        wanted = "no chromium on this machine: apt install chromium fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(wanted)
        pytest.skip(wanted)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A township and a county department with their staff, cases in every state, two past years."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, 0, tzinfo=SHANGHAI)
    office = sample_office(tmp_path_factory.mktemp("browser") / "store.db", noon)
    with office.store.write_rules() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "site_report_check", "open", TODAY, "", recorded_at=office.now())
    guanli = office.staff("guanli")
    assert guanli is not None
    elsewhere = Wanted("县政务 OA", "https://oa.example/in", below=False, events=None)
    receivers = Receivers(office, HOOKS)
    receivers.add(guanli, "panlong", elsewhere)
    for answered in ((200, ""), (503, "对方没有收下（503）")):
        receivers.try_out(guanli, 1)
        outbox = HookOutbox(office)
        one = outbox.claim()
        assert one is not None
        if answered[1]:
            outbox.not_sent(one, answered[1], answered[0], final=True)
        else:
            outbox.sent(one, answered[0])
    yield office
    office.store.close()


@pytest.fixture(scope="session")
def site(office: Office) -> Iterator[str]:
    """The address of the served application."""
    app = create_app(office, load({"GONGKAI_HOOK_HOSTS": HOOKS["hook_hosts"]}))
    app.config["RATELIMIT_ENABLED"] = False
    server = create_server(app, host="127.0.0.1", port=0, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture(scope="session")
def window(chromium: Browser, site: str) -> Callable[..., Any]:
    """Opens a browser window with cookies of its own; closes it at the end of the `with`."""

    @contextmanager
    def opened(width: int = WIDE, **about: Any) -> Iterator[Walker]:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **about,
        )
        context.set_default_timeout(15_000)
        try:
            yield Walker(context.new_page())
        finally:
            context.close()

    return opened


@pytest.fixture(scope="session")
def cookies(window: Callable[..., Any]) -> Callable[[str], Any]:
    """The cookies of somebody who has logged in, to open further windows with."""
    known: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in known:
            with window() as walker:
                walker.log_in(name, PASSWORD)
                known[name] = walker.page.context.storage_state()
        return known[name]

    return of


@pytest.fixture(scope="session")
def filed(window: Callable[..., Any]) -> dict[str, Any]:
    """An application filed once: its number and code, and the cookies of who filed it."""
    with window() as walker:
        number, code = walker.file()
        return {"number": number, "code": code, "cookies": walker.page.context.storage_state()}


@pytest.fixture
def written(office: Office) -> Callable[[], tuple[int, int]]:
    """How many cases and how many events the store holds."""

    def count() -> tuple[int, int]:
        with office.store.read() as unit:
            cases = unit.session.scalar(select(func.count(CaseRow.id))) or 0
            return cases, unit.session.scalar(select(func.count(EventRow.id))) or 0

    return count


@pytest.fixture
def page(window: Callable[..., Any]) -> Iterator[Page]:
    """A window of somebody unknown."""
    with window() as walker:
        yield walker.page


@pytest.fixture
def desk(
    window: Callable[..., Any], cookies: Callable[[str], Any]
) -> Iterator[Callable[..., Walker]]:
    """The windows of a story: of somebody at the desk by the user name, of an applicant without one."""
    with ExitStack() as opened:
        known: dict[str, Walker] = {}

        def of(name: str | None = None) -> Walker:
            if name is None:
                return opened.enter_context(window(PHONE))
            if name not in known:
                known[name] = opened.enter_context(window(storage_state=cookies(name)))
            return known[name]

        yield of
