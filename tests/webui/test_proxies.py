"""What a proxy says of a visitor is believed of the named ones, and of nobody else."""

import logging
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from config.networks import networks
from config.settings import load
from webui import limits
from webui.app import create_app
from webui.proxies import UNNAMED, BehindProxies, read_address

NAMED = "10.0.0.1, 10.8.0.0/16 fd00::/8"
RUNNING = (Path(__file__).parents[2] / "docs/running.md").read_text(encoding="utf-8")
NGINX = (Path(__file__).parents[2] / "deploy/nginx.conf").read_text(encoding="utf-8")


def behind(named: str, https: bool = False) -> FlaskClient:
    """An application that says whom it sees, how and at which host, and which headers are left."""
    app = Flask("seen")

    @app.get("/")
    def seen() -> dict[str, Any]:
        left = [name for name, _ in request.headers if "orward" in name or name == "X-Real-Ip"]
        return {"who": limits.address(), "at": request.host_url, "left": left}

    app.wsgi_app = BehindProxies(app.wsgi_app, networks(named), https)
    return app.test_client()


def seen(client: FlaskClient, came_from: str, **headers: str) -> dict[str, Any]:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get("/", headers=told, environ_base={"REMOTE_ADDR": came_from})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    assert found["left"] == []
    return found


@pytest.mark.parametrize(
    ("chain", "who"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.8.3.4", "203.0.113.9"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::4", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::4]"', "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, fd00::5", "203.0.113.9"),
        ("203.0.113.9, ::ffff:10.8.0.2", "203.0.113.9"),
        ("10.8.0.9", "10.8.0.9"),
        ("", "10.0.0.1"),
        (" , ", "10.0.0.1"),
        ("garbage", "10.0.0.1"),
        ("203.0.113.9, unknown, 10.8.0.9", "10.8.0.9"),
        ("203.0.113.9, <script>", "10.0.0.1"),
        ("999.1.1.1", "10.0.0.1"),
        ("203.0.113.9, [::1", "10.0.0.1"),
    ],
)
def test_the_last_address_that_is_no_proxy_is_the_visitors(chain: str, who: str) -> None:
    assert seen(behind(NAMED), "10.0.0.1", X_Forwarded_For=chain)["who"] == who


@pytest.mark.parametrize("came_from", ["10.0.0.1", "10.8.200.1", "::ffff:10.0.0.1", "fd12::1"])
def test_every_named_proxy_is_believed(came_from: str) -> None:
    found = seen(
        behind(NAMED), came_from, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https",
        X_Forwarded_Host="gongkai.example",
    )  # fmt: skip
    assert (found["who"], found["at"]) == ("203.0.113.9", "https://gongkai.example/")


@pytest.mark.parametrize("named", ["", NAMED])
@pytest.mark.parametrize("came_from", ["10.0.0.2", "127.0.0.1", "fe80::1", "nonsense", ""])
def test_nobody_else_is_believed(named: str, came_from: str) -> None:
    found = seen(
        behind(named), came_from, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https",
        X_Forwarded_Host="elsewhere.example", X_Real_IP="203.0.113.9", X_Forwarded_Port="1",
        X_Forwarded_Prefix="/x", Forwarded="for=203.0.113.9;proto=https",
    )  # fmt: skip
    assert found["who"] in (came_from, "fe80::/64") and found["at"] == "http://localhost/"


def test_what_is_not_read_is_taken_away_also_of_a_named_proxy() -> None:
    found = seen(
        behind(NAMED), "10.0.0.1", Forwarded="for=203.0.113.9", X_Real_IP="203.0.113.9",
        X_Forwarded_Prefix="/x", X_Forwarded_Ssl="on",
    )  # fmt: skip
    assert (found["who"], found["at"]) == ("10.0.0.1", "http://localhost/")


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ({"X_Forwarded_Proto": "https"}, "https://localhost/"),
        ({"X_Forwarded_Proto": "http, HTTPS"}, "https://localhost/"),
        ({"X_Forwarded_Proto": "https, http"}, "http://localhost/"),
        ({"X_Forwarded_Proto": "javascript"}, "http://localhost/"),
        (
            {"X_Forwarded_Host": "evil.example, gongkai.example:8443"},
            "http://gongkai.example:8443/",
        ),
        ({"X_Forwarded_Host": "[2001:db8::1]:8443"}, "http://[2001:db8::1]:8443/"),
        ({"X_Forwarded_Host": "a.example/evil"}, "http://localhost/"),
        ({"X_Forwarded_Host": "a.example evil"}, "http://localhost/"),
        ({"X_Forwarded_Host": ""}, "http://localhost/"),
    ],
)
def test_scheme_and_host_are_those_that_the_nearest_proxy_says(headers: Any, at: str) -> None:
    assert seen(behind(NAMED), "10.0.0.1", **headers)["at"] == at


def test_an_unnamed_proxy_is_told_once_without_an_address(caplog: Any) -> None:
    client = behind(NAMED)
    with caplog.at_level(logging.WARNING):
        seen(client, "10.0.0.1", X_Forwarded_For="203.0.113.9")
        seen(client, "10.0.0.9")
        assert caplog.messages == []
        for _ in range(3):
            seen(client, "10.0.0.9", X_Forwarded_For="203.0.113.9")
    assert caplog.messages == [UNNAMED] and not re.search(r"203\.|10\.0", caplog.text)


def test_behind_https_an_unnamed_proxy_gets_a_sentence_and_no_endless_way() -> None:
    client = behind(NAMED, https=True)
    said = {"X-Forwarded-Proto": "https"}
    answer = client.get("/", headers=said, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.status_code == 503 and "trusted_proxies" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    for headers, base in (
        ({"X-Forwarded-Proto": "http"}, {}),
        ({}, {}),
        (said, {"base_url": "https://localhost"}),
    ):
        answer = client.get("/", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.9"}, **base)
        assert answer.status_code == 200
    assert seen(client, "10.0.0.1", X_Forwarded_Proto="https")["at"] == "https://localhost/"


def test_an_address_is_read_and_nothing_else() -> None:
    assert str(read_address(" [::1]:80 ")) == "::1" and str(read_address("::1")) == "::1"
    assert read_address("1.2.3.4:") is None and read_address("[1::2") is None
    assert read_address("") is None and read_address("1.2.3.4:123456") is None


@pytest.mark.parametrize(
    ("said", "told"),
    [("10.0.0", "“10.0.0”不是 IP 地址"), ("10.0.0.1/8", "不是 IP 地址"), ("0.0.0.0/0", "所有的地址"),
     ("::/0", "所有的地址"), ("proxy.example", "不是 IP 地址")],
)  # fmt: skip
def test_a_setting_that_names_no_proxy_is_told(said: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load({"GONGKAI_TRUSTED_PROXIES": f"127.0.0.1 {said}"})


def test_addresses_and_networks_stand_with_commas_or_blanks_between() -> None:
    assert [str(one) for one in networks(" 10.0.0.1,[::1] , 10.8.0.0/16 ")] == [
        "10.0.0.1/32", "::1/128", "10.8.0.0/16",
    ]  # fmt: skip
    assert networks("") == ()


# -- what docs/running.md and deploy/nginx.conf say --------------------------------------------------------------------------


def _of_nginx(visitor: str, sent: dict[str, str]) -> dict[str, str]:
    """The headers that nginx would pass on, by the lines of the file that is shipped."""
    values = {
        "$host": "gongkai.example.gov.cn", "$scheme": "https",
        "$proxy_add_x_forwarded_for": ", ".join(filter(None, (sent.get("X-Forwarded-For"), visitor))),
    }  # fmt: skip
    lines = re.findall(r"proxy_set_header (\S+)\s+(\S+);", NGINX)
    assert len(lines) == 4
    return {**sent, **{name: values[said] for name, said in lines}}


def test_the_example_of_nginx_and_the_settings_beside_it_fit(office: Any) -> None:
    (settings,) = (
        tomllib.loads(one)
        for one in re.findall(r"```toml\n(.+?)```", RUNNING, re.S)
        if "trusted_proxies" in one
    )
    app = create_app(office, {**load({}), **settings})
    told = []

    @app.before_request
    def seen() -> Response:
        told.append((limits.address(), request.url_root))
        return Response("")

    forged = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Host": "evil.example"}
    headers = _of_nginx("203.0.113.9", forged)
    answer = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert answer.status_code == 200
    assert told == [("203.0.113.9", "https://gongkai.example.gov.cn/")]


def test_behind_the_proxy_the_pages_are_served_and_without_it_sent_on(office: Any) -> None:
    app = create_app(office, {**load({}), "https": True, "trusted_proxies": "10.0.0.1"})
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    client = app.test_client()
    answer = client.get("/apply", headers=said, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert answer.status_code == 303 and "Secure" in answer.headers["Set-Cookie"]
    assert client.get("/apply", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 302
    answer = client.get("/apply", headers=said, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.status_code == 503
