"""The second step of a login in a real browser: set up with an app and a passkey, and both of them asked for."""

import threading
from base64 import b32decode
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from waitress.server import create_server

from config.settings import load
from tests.browser.test_pages import AXE
from tests.browser.walking import PHONE, WIDE, Walker
from tests.webui.desk import provider as providers
from tests.workflow.service.sampling import PASSWORD
from webui.app import create_app
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.one_time_codes import code_at
from workflow.service.staff import StaffRoom
from workflow.service.staff_entry import StaffEntry

pytestmark = pytest.mark.long(reason="a browser sets up an app and a passkey, and logs in by both")
NAME = "newcomer"


@pytest.fixture
def newcomer(office: Office) -> Iterator[Office]:
    """Somebody new, gone again when the test ends."""
    accounts = Accounts(office)
    accounts.create(NAME, "panlong", ("handler",), password=PASSWORD, display_name="新同事")
    room = StaffRoom(office, accounts)
    room.enable(None, NAME)
    yield office
    StaffEntry(office, room).reset_factors(None, NAME)
    room.disable(None, NAME)


def quiet(walker: Walker) -> None:
    """The page is whole at every width, and axe finds nothing."""
    page = walker.page
    for width in (WIDE, PHONE, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["help"], page.url) for one in found] == []
    page.set_viewport_size({"width": WIDE, "height": 844})


def first_step(walker: Walker, site: str) -> None:
    walker.page.goto(f"{site}/desk/login")
    walker.page.fill("#user", NAME)
    walker.page.fill("#password", PASSWORD)
    walker.press("登录")


def prove(walker: Walker, site: str) -> None:
    walker.page.goto(f"{site}/desk/factors")
    walker.page.fill("#proof", PASSWORD)
    walker.press("继续")


def test_an_app_is_set_up_and_asked_for_without_scripts(window, newcomer, site):
    with window(java_script_enabled=False) as walker:
        page = walker.page
        first_step(walker, site)
        prove(walker, site)
        page.click("text=添加验证器")
        secret = b32decode(page.locator("code.code").inner_text().replace(" ", ""))
        page.fill("#code", code_at(secret, newcomer.now()))
        walker.press("添加")
        codes = page.locator("ul.codes code").all_inner_texts()
        assert len(codes) == 10
        page.context.clear_cookies()
        first_step(walker, site)
        expect(page.get_by_role("heading", level=1)).to_have_text("再验证一次")
        page.fill("#code", codes[0])
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/")


def test_a_passkey_is_made_and_opens_after_the_password(window, newcomer, site):
    local = site.replace("127.0.0.1", "localhost")
    with window() as walker:
        page = walker.page
        tool = page.context.new_cdp_session(page)
        tool.send("WebAuthn.enable")
        made = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        made |= {"hasUserVerification": True, "isUserVerified": True}
        tool.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {**made, "automaticPresenceSimulation": True}},
        )
        first_step(walker, local)
        prove(walker, local)
        quiet(walker)
        page.fill("#label", "办公室的电脑")
        walker.press("添加通行密钥")
        page.get_by_text("通行密钥已经添加").wait_for()
        quiet(walker)
        page.goto(f"{local}/desk/factors/app")
        quiet(walker)
        page.context.clear_cookies()
        first_step(walker, local)
        quiet(walker)
        walker.press("用通行密钥")
        page.wait_for_url("**/desk/")
        assert walker.complaints == []


@pytest.fixture
def directory(newcomer: Office) -> Iterator[tuple[str, providers.Provider]]:
    """The application served once more, with a directory in which the newcomer has an account; its address."""
    with providers.running() as provider:
        provider.now = newcomer.now
        room = StaffRoom(newcomer, Accounts(newcomer))
        StaffEntry(newcomer, room).link(None, NAME, "fang")
        app = create_app(newcomer, load(providers.settings(provider)))
        app.config["RATELIMIT_ENABLED"] = False
        server = create_server(app, host="127.0.0.1", port=0, ident=None)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.effective_port}"
        provider.back = f"{address}/desk/login/directory/back"
        yield address, provider
        server.close()
        thread.join(5)
        StaffEntry(newcomer, room).link(None, NAME, "")


def test_a_browser_goes_to_the_directory_and_comes_back(window, directory):
    """No rule of the page keeps it from going there, and nobody has to press anything else."""
    address, provider = directory
    with window() as walker:
        page = walker.page
        page.goto(f"{address}/desk/cases")
        quiet(walker)
        walker.press("用本单位统一身份认证登录")
        page.wait_for_url("**/desk/cases")
        assert walker.complaints == [] and len(provider.asked) == 1
        page.locator("details.menu summary").click()
        walker.press("退出")
        page.get_by_text("退出本单位统一身份认证").wait_for()
        quiet(walker)
