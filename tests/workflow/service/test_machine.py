"""Facts of the machine, as this one has them."""

import os
import shutil
import sys
import time
from datetime import timedelta

import pytest

from config.settings import load
from workflow.service.upkeep import machine


def test_a_folder_is_told_with_its_room_and_one_that_is_not_there_cannot_be_written(tmp_path):
    found = machine.folder(tmp_path, 7)
    assert found.free > 0 and found.writable and found.held == 7 and found.path == str(tmp_path)
    assert found.files is None or 0 <= found.files <= 1
    gone = machine.folder(tmp_path / "none")
    assert (gone.free, gone.writable) == (0, False)
    assert machine.temporary().writable


def test_a_folder_on_a_disk_that_is_read_only_cannot_be_written(tmp_path, monkeypatch):
    real = os.statvfs(tmp_path)

    class ReadOnly:
        f_flag = real.f_flag | os.ST_RDONLY
        f_bavail, f_frsize, f_favail, f_files = 10, 4096, 1, 4

    monkeypatch.setattr(os, "statvfs", lambda _: ReadOnly)
    found = machine.folder(tmp_path)
    assert (found.writable, found.free, found.files) == (False, 40960, 0.25)


def test_files_are_summed_and_those_that_others_may_read_are_told(tmp_path):
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_bytes(b"123")
    one.chmod(0o640)
    assert machine.size_of([one, other]) == 3
    (found,) = machine.open_files([(one, 0o600), (other, 0o600)])
    assert (found.path, found.mode, found.wanted) == (str(one), 0o640, 0o600)
    one.chmod(0o600)
    assert machine.open_files([(one, 0o600)]) == []


def test_where_a_disk_counts_no_files_none_are_told_and_a_system_without_statvfs_is_asked(
    tmp_path, monkeypatch
):
    real = os.statvfs(tmp_path)

    class Uncounted:
        f_flag, f_bavail, f_frsize, f_favail, f_files = real.f_flag, 10, 4096, 0, 0

    monkeypatch.setattr(os, "statvfs", lambda _: Uncounted)
    assert machine.folder(tmp_path).files is None
    monkeypatch.delattr(os, "statvfs")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 2, 7))
    found = machine.folder(tmp_path, 5)
    assert (found.path, found.free, found.held, found.files, found.writable) == (
        str(tmp_path), 7, 5, None, True,
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can be set on Unix")
@pytest.mark.parametrize(("name", "hours"), [("CST-8", 8), ("UTC0", 0), ("EST5", -5)])
def test_the_zone_is_that_of_the_machine(monkeypatch, name, hours):
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", name)
        time.tzset()
        found = machine.zone()
    time.tzset()
    assert found == timedelta(hours=hours)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the kernel of Linux")
def test_the_kernel_says_whether_its_clock_is_kept(monkeypatch):
    assert machine.synchronised() in (True, False, None)

    class Kernel:
        answer, status = 0, 0

        def adjtimex(self, asked) -> int:
            assert asked.raw == bytes(256), "it only reads"
            asked[40:44] = self.status.to_bytes(4, sys.byteorder)
            return self.answer

    monkeypatch.setattr(machine.ctypes, "CDLL", lambda *_, **__: Kernel())
    for answer, status, said in ((0, 0x2001, True), (5, 0x40, False), (-1, 0, None)):
        Kernel.answer, Kernel.status = answer, status
        assert machine.synchronised() is said


def test_where_the_kernel_cannot_be_asked_nothing_is_said_of_its_clock(monkeypatch):
    def none(*_, **__):
        raise OSError

    with monkeypatch.context() as without:
        without.setattr(machine.sys, "platform", "linux")
        without.setattr(machine.ctypes, "CDLL", none)
        assert machine.synchronised() is None
        without.setattr(machine.ctypes, "CDLL", lambda *_, **__: object())
        assert machine.synchronised() is None
        without.setattr(machine.ctypes, "CDLL", lambda *_, **__: pytest.fail("is not asked"))
        without.setattr(machine.ctypes, "sizeof", lambda _: 4)
        assert machine.synchronised() is None
        without.undo()
        without.setattr(machine.sys, "platform", "darwin")
        without.setattr(machine.ctypes, "CDLL", lambda *_, **__: pytest.fail("is not asked"))
        assert machine.synchronised() is None


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False)]
)
def test_how_it_would_be_served(host, local):
    found = machine.serving(load({"GONGKAI_HOST": host, "GONGKAI_WORKERS": "3"}))
    assert (found.host_is_local, found.workers, found.https, found.proxies) == (
        local,
        3,
        False,
        False,
    )
    assert found.cores >= 1 and found.root is (os.geteuid() == 0)
    assert found.most_files is None or found.most_files > 0


def test_what_the_system_lets_a_server_do_is_told(monkeypatch):
    settings = load({"GONGKAI_HTTPS": "true", "GONGKAI_TRUSTED_PROXIES": "127.0.0.1"})
    assert (machine.serving(settings).https, machine.serving(settings).proxies) == (True, True)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert machine.serving(settings).cores == 1
    for number, root in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda number=number: number, raising=False)
        assert machine.serving(settings).root is root
    monkeypatch.delattr(os, "geteuid")
    assert machine.serving(settings).root is False
    resource = pytest.importorskip("resource", reason="Windows has no limits of this kind")
    for limits, most in (((1, 4096), 4096), ((1, resource.RLIM_INFINITY), None)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limits=limits: limits)
        assert machine.serving(settings).most_files == most
    monkeypatch.setitem(sys.modules, "resource", None)
    assert machine.serving(settings).most_files is None
