"""The office's directory: who comes in by it, what of its word is believed, and what happens while it is down. The provider
is a real one, on this machine."""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from joserfc.jwk import OctKey

from config.settings import load
from tests.webui.conftest import PASSWORD
from tests.webui.desk import provider as providers
from tests.webui.desk.provider import (
    CLIENT,
    SECRET,
    Provider,
    long_ago,
    new_key,
    other_key,
    settings,
    signed_anew,
)
from tests.webui.visitor import Visitor
from webui.app import open_doors
from workflow.service.accounts import Accounts
from workflow.service.directory.arriving import AWAY, NOBODY, NOT_PASSED
from workflow.service.staff import StaffRoom
from workflow.service.staff_entry import StaffEntry
from workflow.store.audit import AuditWanted, lines_wanted
from workflow.store.factor_models import DirectoryLinkRow, DirectoryLoginRow, StaffTotpRow

LABEL = "本单位统一身份认证"
LONG = pytest.mark.long(reason="one of its kind stands for it in every run")
DESCRIPTION = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with providers.running() as provider:
        yield provider


@pytest.fixture
def provider(running, today) -> Provider:
    return providers.fresh(running, today)


@pytest.fixture
def office(office):
    StaffEntry(office, StaffRoom(office, Accounts(office))).link(None, "lifang", "fang")
    return office


@pytest.fixture
def app(app: Flask, office, provider) -> Flask:
    open_doors(app, office, load(settings(provider)))
    return app


def to_provider(visitor: Visitor, page: str = "/desk/cases") -> str:
    """From the page that was asked for to the provider; the address of it."""
    visitor.get(page).send("/desk/login/directory")
    assert visitor.status == 200, visitor.alert
    address = visitor.page.headers["Refresh"].removeprefix("0; url=")
    assert unescape(re.search(r'class="button" href="([^"]+)"', visitor.html)[1]) == address
    return address


def answer_of(address: str) -> str:
    """Where the provider sends the browser, without the host."""
    answer = requests.get(address, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    assert parts.netloc == "localhost"
    return f"{parts.path}?{parts.query}"


def come_in(visitor: Visitor, page: str = "/desk/cases") -> Visitor:
    return visitor.get(answer_of(to_provider(visitor, page)))


def rows(office, table):
    with office.store.read() as unit:
        return list(unit.session.query(table))


def audited(office, action="logged_in"):
    with office.store.read() as unit:
        return [
            (row.actor, row.details)
            for row in lines_wanted(unit, AuditWanted(action=action), 100)
        ]  # fmt: skip


def is_out(visitor: Visitor, why: str) -> None:
    assert (visitor.status, visitor.alert) == (422, f"{LABEL}{why}")
    assert visitor.get("/desk/cases").path == "/desk/login"


# -- who comes in -----------------------------------------------------------------------------------------


def test_who_is_linked_comes_in_at_the_page_that_was_asked_for(visitor, office, provider):
    come_in(visitor)
    assert (visitor.path, visitor.status) == ("/desk/cases", 200)
    assert audited(office) == [("lifang", {"way": "directory"})]
    with office.store.read() as unit:
        assert unit.user("lifang").last_login_at == office.now()
    (link,), logins = rows(office, DirectoryLinkRow), rows(office, DirectoryLoginRow)
    assert (link.account, link.subject, logins) == ("fang", "u-1", [])
    (asked,) = provider.asked
    assert asked["code_challenge_method"] == "S256" and asked["scope"] == "openid profile"
    assert asked["redirect_uri"] == providers.BACK
    assert provider.auth_methods[-1] == "client_secret_basic"


def test_who_comes_in_is_led_to_no_other_site(visitor, provider):
    visitor.get("/desk/login")
    fields = visitor.form("/desk/login/directory").fields
    visitor.post("/desk/login/directory", {**fields, "next": "//evil.example/"})
    address = visitor.page.headers["Refresh"].removeprefix("0; url=")
    assert visitor.get(answer_of(address)).path == "/desk/"


def test_what_was_typed_before_is_put_back(staff, provider, today):
    page = staff("lifang").get("/desk/register")
    today.moment += timedelta(minutes=31)
    page.send("/desk/register", item__0="近三年的征地公告")
    assert page.status == 401 and "刚才填写的内容还在" in page.text
    page.send("/desk/login/directory")
    page.get(answer_of(page.page.headers["Refresh"].removeprefix("0; url=")))
    assert page.path == "/desk/register" and "近三年的征地公告" in page.html


def test_what_was_typed_stays_where_nobody_comes_in(staff, provider, today):
    page = staff("lifang").get("/desk/register")
    today.moment += timedelta(minutes=31)
    page.send("/desk/register", item__0="近三年的征地公告")
    provider.broken = {DESCRIPTION: 500}
    page.send("/desk/login/directory")
    assert page.status == 422 and "刚才填写的内容还在" in page.text
    provider.broken, provider.claims = {}, {"nonce": "another"}
    page.send("/desk/login/directory")
    page.get(answer_of(page.page.headers["Refresh"].removeprefix("0; url=")))
    assert page.status == 422 and "刚才填写的内容还在" in page.text
    page.send("/desk/login", user="lifang", password=PASSWORD)
    assert page.path == "/desk/register" and "近三年的征地公告" in page.html


@pytest.mark.parametrize("name", ["lifang", *(pytest.param(one, marks=LONG) for one in ("stranger", "Fang"))])  # fmt: skip
def test_an_account_that_nobody_linked_opens_nothing(visitor, office, provider, name):
    """Not even one with the user name of somebody: what the directory calls people is no link."""
    provider.person["preferred_username"] = name
    is_out(come_in(visitor), NOBODY)
    assert audited(office) == []


def test_who_was_disabled_or_is_another_person_of_the_same_name_stays_out(
    visitor, office, provider, app
):
    come_in(visitor)
    provider.person["sub"] = "u-2"
    is_out(come_in(Visitor(app)), NOBODY)
    provider.person["sub"] = "u-1"
    with office.store.write() as unit:
        unit.user("lifang").active = False
    is_out(come_in(Visitor(app)), NOBODY)


@LONG
def test_another_account_begins_anew_and_none_opens_nothing(visitor, office, provider, app):
    come_in(visitor)
    entry = StaffEntry(office, StaffRoom(office, Accounts(office)))
    entry.link(None, "lifang", "fang.li")
    provider.person = {"sub": "u-2", "preferred_username": "fang.li"}
    assert come_in(Visitor(app)).path == "/desk/cases"
    entry.link(None, "lifang", "")
    is_out(come_in(Visitor(app)), NOBODY)


def test_the_account_may_stand_in_what_the_provider_tells_besides(visitor, provider):
    provider.claims, provider.more = {"preferred_username": None}, {"preferred_username": "fang"}
    assert come_in(visitor).path == "/desk/cases"


@LONG
@pytest.mark.parametrize("more", [{"sub": "u-2"}, {"preferred_username": 7}, {"preferred_username": ""}, {"preferred_username": "x" * 256}])  # fmt: skip
def test_of_somebody_else_or_of_nobody_it_is_not_taken(visitor, provider, more):
    provider.claims, provider.more = {"preferred_username": None}, more
    is_out(come_in(visitor), NOT_PASSED)


# -- what is believed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonce", "another"), ("aud", "another"), ("iss", "https://another.example"), ("sub", None),
        *(pytest.param(*one, marks=LONG) for one in (
            ("nonce", None), ("aud", None), ("aud", [CLIENT, "another"]), ("azp", "another"), ("iss", None),
            ("exp", None), ("iat", None), ("at_hash", "another"), ("exp", "tomorrow"),
        )),
    ],
)  # fmt: skip
def test_a_token_for_somebody_else_or_another_login_opens_nothing(visitor, office, provider, name, said):  # fmt: skip
    provider.claims = {name: said}
    is_out(come_in(visitor), NOT_PASSED)
    assert audited(office) == []


def test_a_token_is_good_until_a_minute_after_its_end(visitor, app, provider):
    provider.claims = {"exp": long_ago(provider, seconds=62)}
    is_out(come_in(visitor), NOT_PASSED)
    provider.claims = {"exp": long_ago(provider, seconds=58)}
    assert come_in(Visitor(app)).path == "/desk/cases"


def test_a_token_that_others_signed_opens_nothing(visitor, app, provider):
    provider.signs_with = other_key()
    is_out(come_in(visitor), NOT_PASSED)
    provider.signs_with, provider.header = other_key(), {"kid": "another"}
    is_out(come_in(Visitor(app)), NOT_PASSED)


@pytest.mark.parametrize("alg", ["none", "HS256", "HS256 by the client's secret"])
def test_whatever_the_provider_offers_it_signs_with_a_key_of_its_own(visitor, provider, alg):
    """Not with nothing, not with its public key as if it were a secret, and not with the secret that both have."""
    provider.described = {"id_token_signing_alg_values_supported": ["none", "HS256", "ES256"]}
    alg, _, by_secret = alg.partition(" ")
    key = SECRET.encode() if by_secret else provider.key.as_pem(private=False)
    provider.token = signed_anew(provider, alg, b"" if alg == "none" else key)
    is_out(come_in(visitor), NOT_PASSED)


def test_a_provider_that_changed_its_key_is_believed_at_once(visitor, app, provider):
    come_in(visitor)
    provider.key = new_key("second")
    assert come_in(Visitor(app)).path == "/desk/cases"


def test_among_keys_that_are_not_known_the_right_one_is_found(visitor, provider):
    provider.published = [OctKey.generate_key(256, {"kid": "first"}), provider.key]
    assert come_in(visitor).path == "/desk/cases"


# -- once, and for this browser ---------------------------------------------------------------------------


def test_an_answer_is_good_once_and_for_the_browser_that_asked(visitor, app, office, provider):
    answer = answer_of(to_provider(visitor))
    is_out(Visitor(app).get(answer), NOT_PASSED)
    copy = visitor.client.get_cookie("gongkai").value
    assert visitor.get(answer).path == "/desk/cases"
    again = Visitor(app)
    again.client.set_cookie("gongkai", copy)
    is_out(again.get(answer), NOT_PASSED)
    assert len(audited(office)) == 1


def test_another_state_or_code_opens_nothing(visitor, app, provider):
    said = parse_qs(urlsplit(answer_of(to_provider(visitor))).query)
    used = answer_of(to_provider(visitor))
    visitor.get(used)
    back = urlsplit(used).path
    for state, code in (
        ("another", said["code"][0]), ("", said["code"][0]), ("中", "x"),
    ):  # fmt: skip
        other = Visitor(app)
        to_provider(other)
        other.page = other.client.get(back, query_string={"state": state, "code": code})
        is_out(other, NOT_PASSED)


@pytest.mark.parametrize(
    "code",
    [
        "used",
        *(pytest.param(one, marks=LONG) for one in ("", "made up", "中文", "x" * 4097, "a\nb")),
    ],
)
def test_a_code_that_was_used_or_made_up_opens_nothing(visitor, app, provider, code):
    used = answer_of(to_provider(visitor))
    visitor.get(used)
    if code == "used":
        code = parse_qs(urlsplit(used).query)["code"][0]
    other = Visitor(app)
    state = parse_qs(urlsplit(to_provider(other)).query)["state"][0]
    other.page = other.client.get(
        urlsplit(used).path, query_string={"state": state, "code": code}
    )  # fmt: skip
    is_out(other, NOT_PASSED)


def test_a_login_lasts_a_quarter_of_an_hour(visitor, app, today, office):
    answer = answer_of(to_provider(visitor))
    today.moment += timedelta(minutes=15)
    is_out(visitor.get(answer), NOT_PASSED)
    to_provider(Visitor(app))
    today.moment += timedelta(minutes=15)
    to_provider(Visitor(app))
    assert len(rows(office, DirectoryLoginRow)) == 1, "what has ended is not kept"


def test_who_says_no_at_the_provider_is_told_so(visitor):
    state = parse_qs(urlsplit(to_provider(visitor)).query)["state"][0]
    visitor.get(f"/desk/login/directory/back?error=access_denied&state={state}")
    is_out(visitor, NOT_PASSED)


# -- while it is down -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [500, '{"issuer": "https://another.example"}',
     *(pytest.param(one, marks=LONG) for one in (404, 302, "<html>", "[]"))],
)  # fmt: skip
def test_a_provider_that_is_down_leaves_the_password(visitor, provider, said):
    provider.broken = {DESCRIPTION: said}
    visitor.get("/desk/cases").send("/desk/login/directory")
    assert (visitor.status, visitor.alert) == (422, f"{LABEL}{AWAY}")
    visitor.send("/desk/login", user="lifang", password=PASSWORD)
    assert visitor.path == "/desk/cases"


def test_one_that_is_not_there_at_all_as_well(visitor, app, office, provider):
    provider.described = {"authorization_endpoint": None}
    assert visitor.get("/desk/login").send("/desk/login/directory").alert == f"{LABEL}{AWAY}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    open_doors(app, office, load({**settings(provider), "GONGKAI_OIDC_ISSUER": f"http://127.0.0.1:{port}"}))  # fmt: skip
    assert visitor.get("/desk/login").send("/desk/login/directory").alert == f"{LABEL}{AWAY}"


@pytest.mark.parametrize(
    ("path", "said"),
    [("/token", 500), ("/keys", "[]"),
     *(pytest.param(*one, marks=LONG) for one in (
        ("/token", "<html>"), ("/token", 302), ("/token", "{}"), ("/keys", 500), ("/keys", "{}"),
     ))],
)  # fmt: skip
def test_one_that_breaks_down_meanwhile_is_told(visitor, provider, path, said):
    answer = answer_of(to_provider(visitor))
    provider.broken = {path: said}
    visitor.get(answer)
    assert visitor.status == 422 and visitor.alert in (f"{LABEL}{AWAY}", f"{LABEL}{NOT_PASSED}")


@pytest.mark.parametrize("takes", ["basic", "post", "post basic"])
def test_this_site_names_itself_as_the_provider_takes_it(visitor, provider, takes):
    known = [f"client_secret_{one}" for one in takes.split()]
    provider.described = {"token_endpoint_auth_methods_supported": known}
    assert come_in(visitor).path == "/desk/cases" and provider.auth_methods[-1] == known[-1]


def test_a_wrong_password_of_this_site_opens_nothing(visitor, app, office, provider):
    open_doors(app, office, load(settings(provider, GONGKAI_OIDC_CLIENT_SECRET="another")))
    is_out(come_in(visitor), NOT_PASSED)


# -- the second step --------------------------------------------------------------------------------------


def with_app(office) -> None:
    with office.store.write() as unit:
        unit.session.add(
            StaffTotpRow(user_id=unit.user("lifang").id, sealed=b"", last_counter=0, added_at=office.now())
        )  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({}, "/desk/login/second"),
        ({"amr": ["pwd"]}, "/desk/login/second"),
        ({"acr": "1"}, "/desk/login/second"),
        ({"amr": ["pwd", "mfa"]}, "/desk/cases"),
        ({"acr": "phr"}, "/desk/cases"),
    ],
)
def test_ours_is_asked_for_unless_the_provider_says_that_it_asked(visitor, office, provider, claims, path):  # fmt: skip
    with_app(office)
    provider.claims = claims
    assert come_in(visitor).path == path


def test_or_unless_the_setting_says_that_it_always_does(visitor, app, office, provider):
    with_app(office)
    open_doors(app, office, load(settings(provider, GONGKAI_OIDC_SECOND_FACTOR="true")))
    assert come_in(visitor).path == "/desk/cases"


def test_who_must_have_one_and_came_in_with_the_providers_sets_none_up(visitor, app, office, provider):  # fmt: skip
    open_doors(app, office, load(settings(provider, GONGKAI_SECOND_FACTOR_ROLES="clerk")))
    provider.claims = {"amr": ["mfa"]}
    assert come_in(visitor).path == "/desk/cases"
    provider.claims = {}
    assert come_in(Visitor(app)).path == "/desk/factors"


# -- and out ----------------------------------------------------------------------------------------------


def test_who_came_in_by_it_is_offered_to_leave_it_as_well(visitor, staff, provider):
    come_in(visitor).send("/desk/logout")
    assert visitor.path == "/desk/login" and f"退出{LABEL}" in visitor.text
    answer = visitor.client.get("/desk/login/directory/out")
    parts = urlsplit(answer.location)
    assert answer.status_code == 303
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.address}/leave"
    assert parse_qs(parts.query) == {
        "client_id": [CLIENT], "post_logout_redirect_uri": ["http://localhost/desk/login"],
    }  # fmt: skip
    other = staff("chen").get("/desk/").send("/desk/logout")
    assert other.path == "/desk/login" and f"退出{LABEL}" not in other.text


@pytest.mark.parametrize("down", [True, False])
def test_where_there_is_no_way_out_it_is_said(visitor, provider, down):
    provider.described = {"end_session_endpoint": None}
    if down:
        provider.broken = {DESCRIPTION: 500}
    visitor.get("/desk/login/directory/out")
    assert "没有退出的页面，或者暂时连不上；这里已经退出" in visitor.alert


# -- as it is set -----------------------------------------------------------------------------------------


def test_without_a_directory_there_is_no_button_and_no_way(app, office, visitor):
    open_doors(app, office, load({}))
    visitor.get("/desk/login")
    assert "统一身份认证" not in visitor.text
    token = visitor.form("/desk/login").fields["csrf_token"]
    visitor.post("/desk/login/directory", {"csrf_token": token})
    assert visitor.status == 404
    for path in ("back", "out"):
        assert visitor.get(f"/desk/login/directory/{path}").status == 404


def test_the_button_bears_the_name_that_was_set(visitor, app, office, provider):
    open_doors(app, office, load(settings(provider, GONGKAI_OIDC_LABEL="州政务一体化平台")))
    assert "用州政务一体化平台登录" in visitor.get("/desk/login").text
