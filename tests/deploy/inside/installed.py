"""Runs inside the clean root, by its python3.11 and the standard library alone: each function is a story of an operator."""

import fcntl
import json
import os
import pwd
import random
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BODY = ("--agency", "panlong", "--name", "盘龙彝族乡人民政府", "--level", "township")
UP, SIOCGIFFLAGS, SIOCSIFFLAGS = 0x1, 0x8913, 0x8914
WAIT = 120


def alone() -> None:
    """Let loopback answer, and make sure that nothing else does."""
    with socket.socket() as one:
        name = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(one, SIOCGIFFLAGS, name))[1]
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | UP, b""))
    assert [name for _, name in socket.if_nameindex()] == ["lo"], "there is a network"
    try:
        socket.create_connection(("192.0.2.1", 443), timeout=5).close()
    except OSError as error:
        print("no network:", error)
    else:
        raise AssertionError("the net is not cut")
    assert not list(Path("/root").glob(".*conf*")) and "PIP_INDEX_URL" not in os.environ


def run(*words: object, code: int = 0, user: str | None = None, **env: str) -> str:
    """What the command says; it has to end with that code."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, user=user, group=user, cwd="/",
        extra_groups=[] if user else None, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == code, f"{words}: {done.returncode}\n{said}"
    print("$", *words, "\n" + said, flush=True)
    return said


@contextmanager
def served(prefix: Path, port: int, user: str | None = None) -> Iterator[str]:
    """The address of the installation while `gongkai serve` runs."""
    process = subprocess.Popen(
        [prefix / "bin" / "gongkai", "serve"], user=user, group=user, cwd="/", start_new_session=True,
        extra_groups=[] if user else None, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + WAIT
    while asked(address + "/")[0] != 200:
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < until, "the server did not come"
        time.sleep(0.2)
    try:
        yield address
    finally:
        process.terminate()
        assert process.wait(60) == 0


def asked(address: str, said: dict[str, object] | None = None, **headers: str) -> tuple[int, bytes]:
    """Status and body; 0 where nobody answers."""
    body = None if said is None else json.dumps(said).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def file_request(address: str, words: str) -> dict[str, str]:
    """File one over HTTP; its number and query code."""
    status, body = asked(
        address + "/api/v1/applications",
        {
            "agency": "panlong", "request": words, "delivery": ["pickup"], "medium": ["paper"],
            "applicant": {"kind": "citizen", "name": "张三", "id_type": "resident_id",
                          "id_number": "11010519491231002X", "phone": "13800000000"},
        },
    )  # fmt: skip
    assert status == 201, body
    made: dict[str, str] = json.loads(body)
    return made


def is_there(address: str, made: dict[str, str]) -> None:
    """The applicant finds the request again."""
    status, body = asked(
        f"{address}/api/v1/applications/{made['number']}", X_Query_Code=made["query_code"]
    )
    assert status == 200 and json.loads(body)["number"] == made["number"], (status, body)


def current(prefix: Path) -> str:
    return os.readlink(prefix / "current").removeprefix("versions/")


def closed(prefix: Path, user: str) -> None:
    """Data, backups and settings are the service user's alone; what runs is not theirs to change."""
    for name in ("data", "backups"):
        found = (prefix / name).stat()
        assert stat.S_IMODE(found.st_mode) == 0o700, name
        assert pwd.getpwuid(found.st_uid).pw_name == user, name
    for path in (prefix / "data").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert stat.S_IMODE((prefix / "etc/gongkai.toml").stat().st_mode) == 0o600


def upgrade(old: str, new: str) -> None:
    """As root: install, file a request, install again, upgrade, roll back; nothing is lost on the way."""
    prefix = Path("/srv/gongkai")
    before, after = (Path(one, "VERSION").read_text().split()[0] for one in (old, new))
    said = run("sh", f"{old}/install.sh", code=1)
    assert "--agency" in said and not prefix.exists()
    said = run("sh", f"{old}/install.sh", *BODY)
    assert "一次性密码" in said and current(prefix) == before
    assert all(path.stat().st_uid == 0 for path in (prefix / "versions").rglob("*"))
    with (prefix / "etc/gongkai.toml").open("a", encoding="utf-8") as settings:
        settings.write('site_phone = "0876-0000000"\n')
    said = run("sh", f"{old}/install.sh")
    assert "已经是" in said and "一次性密码" not in said
    with served(prefix, 8000) as address:
        first = file_request(address, "2023年度农村公路养护合同")
        is_there(address, first)
        assert "已经是" in run("sh", f"{old}/install.sh")
        assert "请先停止" in run("sh", f"{new}/install.sh", code=1)
        assert current(prefix) == before
        is_there(address, first)
    closed(prefix, "gongkai")

    said = run("sh", f"{new}/install.sh")
    assert "一次性密码" not in said and current(prefix) == after
    assert os.readlink(prefix / "previous") == f"versions/{before}"
    assert "0876-0000000" in (prefix / "etc/gongkai.toml").read_text(encoding="utf-8")
    assert len(list((prefix / "backups").glob(f"before-{after}.*"))) >= 1
    with served(prefix, 8000) as address:
        is_there(address, first)
        second = file_request(address, "2024年度农村公路养护合同")
        assert asked(address + "/")[0] == 200 and b"0876-0000000" in asked(address + "/")[1]
    run(prefix / "bin/gongkai", "verify")
    run(prefix / "bin/gongkai", "doctor")
    closed(prefix, "gongkai")

    run("sh", prefix / "current/install.sh", "--rollback")
    assert current(prefix) == before
    with served(prefix, 8000) as address:
        is_there(address, first)
        is_there(address, second)
    run(prefix / "bin/gongkai", "verify")
    assert "没有可以退回" in run("sh", prefix / "current/install.sh", "--rollback", code=1)

    # Again up, and back with what there was before the upgrade.
    run("sh", f"{new}/install.sh")
    with served(prefix, 8000) as address:
        third = file_request(address, "2025年度农村公路养护合同")
    said = run("sh", prefix / "current/install.sh", "--rollback", "--restore")
    assert current(prefix) == before and f"data.of-{after}" in said
    with served(prefix, 8000) as address:
        is_there(address, second)
        found = f"{address}/api/v1/applications/{third['number']}"
        assert asked(found, X_Query_Code=third["query_code"])[0] == 404
    run(prefix / "bin/gongkai", "verify")
    closed(prefix, "gongkai")


def cut_off(new: str, seed: str) -> None:
    """Somebody who is not root; killed at moments that nobody chose, and finished by the same command."""
    run("useradd", "--create-home", "--home-dir", "/srv/lin", "lin")
    prefix, port = Path("/srv/lin/here"), 8100
    command = ("sh", f"{new}/install.sh", "--prefix", str(prefix), "--port", str(port), *BODY)
    moments, killed = random.Random(seed), 0
    for _ in range(5):
        one = subprocess.Popen(
            command, user="lin", group="lin", extra_groups=[], cwd="/", start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": "/srv/lin"},
        )  # fmt: skip
        try:
            one.wait(moments.uniform(0.3, 8))
        except subprocess.TimeoutExpired:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()
            killed += 1
    print("killed", killed, "times")
    assert killed
    run(*command, user="lin", HOME="/srv/lin")
    with served(prefix, port, "lin") as address:
        is_there(address, file_request(address, "农村公路养护合同"))
    run(prefix / "bin/gongkai", "verify", user="lin")
    closed(prefix, "lin")


def refused(old: str) -> None:
    """What is not right is said before anything is installed."""
    prefix = Path("/srv/other")
    words = ("sh", f"{old}/install.sh", "--prefix", prefix, *BODY)
    lists = Path(old, "requirements.txt")
    good = lists.read_bytes()
    lists.write_bytes(good + b"\n")
    assert "被改动过" in run(*words, code=1)
    lists.write_bytes(good)
    wheel = next(Path(old, "wheels/any").glob("flask-3*"))
    wheel.rename(f"{wheel}.away")
    assert "不完整" in run(*words, code=1)
    Path(f"{wheel}.away").rename(wheel)
    elsewhere = Path("/archives/python")
    elsewhere.write_text('#!/bin/sh\necho "是 CPython 3.9.9"\nexit 1\n')
    elsewhere.chmod(0o755)
    said = run(*words, "--python", elsewhere, code=1)
    assert "没有找到能用的 Python 3.11" in said and "3.9.9" in said
    assert "没有这个选项" in run("sh", f"{old}/install.sh", "--what", code=1)
    assert not prefix.exists()


def started(old: str, new: str) -> None:
    """What start.cmd calls, here: asked for the body once, then the data go along to the next version."""
    for before, after in ((old, "/srv/files/old"), (new, "/srv/files/new")):
        shutil.copytree(before, after)
    data = Path("/srv/files/gongkai-data")
    said = start("/srv/files/old", "config", typed="panlong\n盘龙乡\ntownship\n")
    assert "一次性密码" in said and (data / "gongkai.db").is_file()
    wheel = next(Path("/srv/files/new/wheels/any").glob("flask-3*"))
    good = wheel.read_bytes()
    wheel.write_bytes(good[:-1])
    assert "被改动过" in start("/srv/files/new", "config", code=1)
    assert not Path("/srv/files/new/env").exists()
    wheel.write_bytes(good)
    Path("/srv/files/new/env").mkdir()  # as it lies where the first start was cut off
    said = start("/srv/files/new", "verify")
    assert "正在备份、升级" in said and "一次性密码" not in said and "全部相符" in said
    assert (data / "version.txt").read_text() == Path(new, "VERSION").read_text().split()[0] + "\n"
    assert "正在安装" not in start("/srv/files/new", "verify")


def start(folder: str, *words: str, typed: str = "", code: int = 0) -> str:
    """What start.py says; it has to end with that code."""
    done = subprocess.run(
        ["python3.11", f"{folder}/start.py", *words], input=typed, capture_output=True, text=True, cwd="/"
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    print("$ start.py", *words, "\n" + said, flush=True)
    return said


if __name__ == "__main__":
    alone()
    {"started": started, "upgrade": upgrade, "cut_off": cut_off, "refused": refused}[sys.argv[1]](
        *sys.argv[2:]
    )
