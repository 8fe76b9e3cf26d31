"""`gongkai serve` without its port: one line that says what to do, exit code 2, nothing started."""

import errno
import socket

import pytest
from click.testing import CliRunner, Result

from gongkai import main
from webui import commands
from webui.commands import _proxies


def serve(folder, *given: str) -> Result:
    return CliRunner(env={"GONGKAI_DATA_DIR": str(folder)}).invoke(main, ["serve", *given])


def one_line(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def test_a_taken_port_is_told_with_another_that_may_be_free(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(serve(tmp_path, "--port", str(port)))
    assert f"端口 {port} 已经被占用" in line
    other = port + 1 if port < 65535 else 8000
    assert f"make run PORT={other}" in line and f"gongkai serve --port {other}" in line


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "没有权限使用端口 80。请换一个端口：make run PORT=8000"),
        (errno.EADDRNOTAVAIL, "不能在 127.0.0.1 端口 80 提供服务"),
    ],
)
def test_a_port_that_cannot_be_had_is_told(number, words, tmp_path, monkeypatch):
    """Forced: who runs the tests may be allowed everything."""

    def refused(*_, **__):
        raise OSError(number, "said by the system")

    monkeypatch.setattr(commands, "listening", refused)
    assert words in one_line(serve(tmp_path, "--port", "80"))


@pytest.mark.parametrize("port", ["0", "-1", "65536", "70000"])
def test_a_port_that_does_not_exist_is_told(port, tmp_path):
    assert f"端口 {port} 不存在" in one_line(serve(tmp_path, "--port", port))


def test_an_address_that_is_nowhere_is_told(tmp_path):
    assert "找不到地址 nowhere.invalid" in one_line(
        serve(tmp_path, "--host", "nowhere.invalid", "--port", "8000")
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"trusted_proxies": "10.0.0.1", "https": True}, "10.0.0.1（只采用它们的 X-Forwarded-*）"),
        ({"trusted_proxies": "10.0.0.1", "https": False}, "10.0.0.1（只采用它们的 X-Forwarded-*）"),
        ({"trusted_proxies": "", "https": True}, "请设置 trusted_proxies"),
        ({"trusted_proxies": "", "https": False}, ""),
    ],
)
def test_whose_headers_are_believed_is_said_where_it_matters(settings, said):
    told = _proxies(settings)
    assert said in told and bool(told) == bool(said)
