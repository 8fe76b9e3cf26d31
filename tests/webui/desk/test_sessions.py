"""我的登录: where one is logged in, and how each of them ends."""

import pytest

from tests.webui.conftest import PASSWORD
from tests.webui.visitor import Visitor

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (Linux; HarmonyOS) AppleWebKit/537.36 Chrome/114.0 MicroMessenger/8.0"


@pytest.fixture
def at(app):
    """Somebody who has logged in with that browser."""

    def logged_in(browser: str, name: str = "lifang") -> Visitor:
        one = Visitor(app)
        one.client.environ_base["HTTP_USER_AGENT"] = browser
        return one.log_in(name, PASSWORD)

    return logged_in


def test_each_stands_there_with_its_device_and_times(at, today):
    at(PHONE)
    today.is_("2024-05-06")
    desk = at(WINDOWS).get("/desk/")
    page = desk.get("/desk/sessions")
    assert "正在登录 2 处" in page.text and "微信，鸿蒙" in page.text
    assert "Edge，Windows 现在这一处" in page.text
    assert "登录 2024 年 5 月 6 日 10:00最近操作 2024 年 5 月 6 日 10:00" in page.text
    assert '/desk/sessions">我的登录' in desk.html and "127.0.0.1" not in page.html


def test_another_is_ended_alone(at):
    phone, third, desk = at(PHONE), at(PHONE), at(WINDOWS)
    which = desk.get("/desk/sessions").app.extensions["gongkai"].sessions
    ids = _offered(desk)
    assert len(ids) == 3 and which.how_many("lifang") == 3
    desk.post("/desk/sessions/end", {**_token(desk), "which": ids[1]})
    assert desk.path == "/desk/sessions" and "已退出那一处登录" in desk.text
    out = [one.get("/desk/").path == "/desk/login" for one in (phone, third, desk)]
    assert out == [False, True, False]


def test_all_others_are_ended_at_once(at):
    phone, hers, desk = at(PHONE), at(PHONE, "chen"), at(WINDOWS)
    desk.get("/desk/sessions").post("/desk/sessions/end", {**_token(desk), "which": "others"})
    assert "已退出其他 1 处登录" in desk.text and "退出其他全部登录" not in desk.html
    assert phone.get("/desk/").path == "/desk/login" and hers.get("/desk/").path == "/desk/"
    desk.post("/desk/sessions/end", {**_token(desk), "which": "others"})
    assert "没有其他登录" in desk.text


def test_to_end_this_one_is_to_sign_out(at):
    desk = at(WINDOWS).get("/desk/sessions")
    desk.send("/desk/sessions/end")
    assert desk.path == "/desk/login" and "已经退出" in desk.text
    assert desk.get("/desk/").path == "/desk/login"


@pytest.mark.parametrize("which", ["", "x", "²", "1" * 10, "-1", "999"])
def test_what_is_none_of_ones_own_is_not_found(at, which):
    hers = at(PHONE, "chen")
    desk = at(WINDOWS).get("/desk/sessions")
    desk.post("/desk/sessions/end", {**_token(desk), "which": which})
    assert desk.status == 404
    desk.get("/desk/sessions")
    desk.post(
        "/desk/sessions/end", {**_token(desk), "which": _offered(hers.get("/desk/sessions"))[0]}
    )
    assert desk.status == 404 and hers.get("/desk/").path == "/desk/"


def _token(page):
    return {"csrf_token": page.form("/desk/sessions/end").fields["csrf_token"]}


def _offered(page):
    import re

    return re.findall(r'name="which" value="(\d+)"', page.html)
