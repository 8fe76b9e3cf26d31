"""Servers that a setting names: scheme, host and port, and nothing that an address could hide behind."""

import pytest

from config.errors import BadSetting
from config.origins import Origin, origin_of, origins
from config.settings import load


def test_servers_are_read_with_their_scheme_and_port() -> None:
    said = "oa.example.gov.cn, OA2.example:8443 http://10.1.2.3:8080,https://[fd00::1]/"
    assert origins(said) == (
        Origin("https", "oa.example.gov.cn", 443),
        Origin("https", "oa2.example", 8443),
        Origin("http", "10.1.2.3", 8080),
        Origin("https", "fd00::1", 443),
    )
    assert [str(one) for one in origins(said)] == [
        "https://oa.example.gov.cn",
        "https://oa2.example:8443",
        "http://10.1.2.3:8080",
        "https://[fd00::1]",
    ]
    assert origins("") == origins(" ，") == ()
    assert list(map(str, origins("oa.example，http://10.1.2.3、oa2.example"))) == [
        "https://oa.example", "http://10.1.2.3", "https://oa2.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    ["*", "*.example", "https://oa.example/in", "ftp://oa.example", "user@oa.example",
     "oa.example:99999", "oa.example:x", "http://", "https://oa.example?x", "https://.", "oa.example；oa2.example",
     "县政务.example", "oa\\x.example"],
)  # fmt: skip
def test_what_is_no_server_is_said_at_the_start(said: str) -> None:
    with pytest.raises(BadSetting, match="hook_hosts"):
        load({"GONGKAI_HOOK_HOSTS": said})


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://oa.example/in?key=x", "https://oa.example"),
        ("https://OA.example.:443/", "https://oa.example"),
        ("http://oa.example", "http://oa.example"),
        ("https://[::1]:8443/x", "https://[::1]:8443"),
    ],
)
def test_an_address_stands_on_one_server(address: str, origin: str) -> None:
    assert str(origin_of(address)) == origin


@pytest.mark.parametrize(
    "address",
    ["https://oa.example@evil.example/", "https://oa.example\\@evil.example/", "https:///in",
     "https://oa.example/in\n", "https://oa.example/ in", "https://oä.example/", "javascript:x",
     "https://oa.example:0/", "https://oa.example:port/", "//oa.example/", "https://oa.example/\x7f", "https://./in"],
)  # fmt: skip
def test_what_hides_its_server_is_no_address(address: str) -> None:
    assert origin_of(address) is None


def test_a_file_of_certificates_must_be_there(tmp_path) -> None:
    with pytest.raises(BadSetting, match="hook_ca"):
        load({"GONGKAI_HOOK_CA": str(tmp_path / "none.pem")})


def test_a_file_without_a_certificate_is_told_before_the_worker_starts(tmp_path) -> None:
    told = tmp_path / "office.pem"
    told.write_text("no certificate", encoding="utf-8")
    for place in (told, tmp_path):
        with pytest.raises(BadSetting, match="读不出证书"):
            load({"GONGKAI_HOOK_CA": str(place)})
