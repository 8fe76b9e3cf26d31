"""An account of one's own in a real browser: with a passkey, without scripts, on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from config.channels import load_channels
from tests.browser.test_pages import AXE
from tests.browser.walking import PHONE, WIDE, Walker
from tests.webui.portal.own import last_code
from workflow.service import Office

LONG = pytest.mark.long(reason="a browser walks through every page of an account, twice")
pytestmark = LONG


@pytest.fixture
def by_mail(office: Office) -> Iterator[Office]:
    """The office can send mail while the test runs."""
    before = office.channels
    office.channels = tuple(load_channels()[name] for name in ("in_app", "mail", "sms"))
    yield office
    office.channels = before


def come_in(walker: Walker, office: Office, address: str) -> None:
    page = walker.page
    page.goto("/account")
    page.fill("#address", address)
    walker.press("发送验证码")
    page.fill("#code", last_code(office, "mail"))
    walker.press("确定")
    if "/account/open" in page.url:
        page.check("#agree")
        walker.press("开立账户")
    page.wait_for_url("**/account")


def quiet(walker: Walker) -> None:
    """The page is whole at both widths, and axe finds nothing."""
    page = walker.page
    for width in (WIDE, PHONE, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    for part in page.locator("details").all():
        part.evaluate("part => { part.open = true; }")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["help"], page.url) for one in found] == []
    page.set_viewport_size({"width": WIDE, "height": 844})


def test_a_passkey_is_made_and_opens_the_account(window, by_mail, site):
    with window() as walker:
        page = walker.page
        local = site.replace("127.0.0.1", "localhost")
        tool = page.context.new_cdp_session(page)
        tool.send("WebAuthn.enable")
        made = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        made |= {"hasUserVerification": True, "isUserVerified": True}
        key = tool.send(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {**made, "automaticPresenceSimulation": True}},
        )
        page.goto(f"{local}/account/sign-in")
        page.fill("#address", "passkey@applicant.example")
        walker.press("发送验证码")
        page.fill("#code", last_code(by_mail, "mail"))
        walker.press("确定")
        page.check("#agree")
        walker.press("开立账户")
        page.goto(f"{local}/account/settings")
        page.fill("#label", "我的手机")
        walker.press("添加通行密钥")
        page.get_by_text("通行密钥已经添加").wait_for()
        assert page.locator("b:has-text('我的手机')").count() == 1
        walker.send(page.locator("form[action$='sign-out'] button"))
        page.goto(f"{local}/account")
        walker.press("用通行密钥登录")
        expect(page.locator("h1")).to_have_text("我的申请")
        # Another key on the same device knows nothing of the account.
        walker.send(page.locator("form[action$='sign-out'] button"))
        tool.send("WebAuthn.clearCredentials", {"authenticatorId": key["authenticatorId"]})
        page.goto(f"{local}/account/sign-in")
        walker.press("用通行密钥登录")
        page.get_by_text("没有完成").wait_for()
        assert walker.complaints == []


def test_every_page_of_an_account_is_whole_and_open_to_everybody(window, by_mail):
    with window() as walker:
        page = walker.page
        page.goto("/account/sign-in")
        quiet(walker)
        page.fill("#address", "whole@applicant.example")
        walker.send("发送验证码")
        quiet(walker)
        page.fill("#code", last_code(by_mail, "mail"))
        walker.send("确定")
        quiet(walker)
        page.check("#agree")
        walker.send("开立账户")
        quiet(walker)
        walker.file()
        for path in (
            "/account", "/account/settings", "/account/people", "/account/people/0", "/account/delete", "/apply",
        ):  # fmt: skip
            page.goto(path)
            quiet(walker)


def test_all_but_the_passkey_works_without_scripts(window, by_mail):
    with window(PHONE, java_script_enabled=False) as walker:
        page = walker.page
        come_in(walker, by_mail, "plain@applicant.example")
        page.goto("/account/people/0")
        page.check("#kind-0")
        page.fill("#name", "张三")
        walker.send("保存")
        page.goto("/apply")
        assert page.input_value("#name") == "张三"
        page.goto("/account/settings")
        assert not page.locator("button:has-text('添加通行密钥')").is_visible()
        page.fill("#new", "Blue-Paper-42")
        page.fill("#again", "Blue-Paper-42")
        walker.send("保存密码")
        walker.send(page.locator("form[action$='sign-out'] button"))
        page.goto("/account/sign-in")
        assert not page.locator("button:has-text('用通行密钥登录')").is_visible()
        page.fill("#user", "plain@applicant.example")
        page.fill("#password", "Blue-Paper-42")
        walker.send(page.locator("form[action$='/account/sign-in'] button"))
        assert page.locator("h1").inner_text() == "我的申请"
        assert re.search("/account$", page.url)
