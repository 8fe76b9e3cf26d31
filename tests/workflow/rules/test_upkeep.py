"""What is said of an installation: each fact bent, and what follows from it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from config.law import load_law
from tests.examples import ROOT
from workflow.dates import SHANGHAI
from workflow.rules import upkeep as rules
from workflow.rules import upkeep_backups as of_backups
from workflow.rules import upkeep_machine as of_machine
from workflow.rules.law_points import points_of
from workflow.rules.upkeep import (
    LOOK,
    RIGHT,
    WRONG,
    Channel,
    Checked,
    Finding,
    Job,
    Verified,
    Worker,
    Year,
)
from workflow.rules.upkeep_backups import BackupFolder, Kept, LastBackup
from workflow.rules.upkeep_machine import (
    MEGABYTE,
    Clock,
    Folder,
    Key,
    Keys,
    OpenFile,
    Serving,
)

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=SHANGHAI)
GIGABYTE = 1024 * MEGABYTE


def days(number: float) -> datetime:
    """So many days ago."""
    return NOW - timedelta(days=number)


def said(found: Any) -> list[tuple[str, str]]:
    """Key and level of each finding; what is not right says what to do."""
    found = [found] if isinstance(found, Finding) else list(found)
    assert all(one.remedy for one in found if one.level != RIGHT)
    assert all(one.message and not one.message.endswith("。") for one in found)
    return [(one.key, one.level) for one in found]


def test_what_is_wrong_comes_first_and_the_rest_stays_in_its_order():
    one, two, three, four = (
        Finding(key, level, "x") for key, level in zip("abcd", (RIGHT, LOOK, WRONG, LOOK), strict=True)
    )  # fmt: skip
    assert rules.in_order([one, two, three, four]) == [three, two, four, one]


# -- the machine ------------------------------------------------------------------------------------------

PLENTY = Folder("/d", 9 * GIGABYTE, 0, 0.5, True)


@pytest.mark.parametrize(
    ("bent", "key", "level"),
    [
        ({"free": 500 * MEGABYTE}, "disk.data.free", RIGHT),
        ({"free": 500 * MEGABYTE - 1}, "disk.data.free", LOOK),
        ({"held": 9 * GIGABYTE}, "disk.data.free", RIGHT),
        ({"held": 9 * GIGABYTE + 1}, "disk.data.free", LOOK),
        ({"free": 100 * MEGABYTE}, "disk.data.free", LOOK),
        ({"free": 100 * MEGABYTE - 1}, "disk.data.free", WRONG),
        ({"files": 0.049}, "disk.data.files", LOOK),
        ({"files": 0.009}, "disk.data.files", WRONG),
        ({"writable": False}, "disk.data.writable", WRONG),
    ],
)
def test_room_on_the_disk_of_the_data(bent, key, level):
    found = said(of_machine.disk(replace(PLENTY, **bent), PLENTY))
    assert (key, level) in found and ("disk.temp.free", RIGHT) in found


@pytest.mark.parametrize(
    ("free", "level"),
    [(200, RIGHT), (199, LOOK), (50, LOOK), (49, WRONG)],
)
def test_room_for_temporary_files(free, level):
    temp = replace(PLENTY, free=free * MEGABYTE)
    assert said(of_machine.disk(PLENTY, temp)) == [
        ("disk.data.free", RIGHT),
        ("disk.temp.free", level),
    ]


def test_a_disk_that_counts_no_files_or_has_enough_is_not_told_of():
    for files in (None, 0.05):
        assert "disk.data.files" not in dict(
            said(of_machine.disk(replace(PLENTY, files=files), PLENTY))
        )
    data, _ = of_machine.disk(replace(PLENTY, held=300 * MEGABYTE), PLENTY)
    assert data.message == "数据文件夹 /d 所在的磁盘还剩 9.0 GB，数据库有 300 MB"


def test_files_that_others_may_read():
    assert said(of_machine.files([])) == [("files.modes", RIGHT)]
    (one,) = of_machine.files([OpenFile("/d/secret.key", 0o644, 0o600)])
    assert (one.level, one.remedy) == (WRONG, "chmod 600 '/d/secret.key'")
    assert "0644" in one.message


CLOCK = Clock(NOW, days(1), timedelta(hours=8), True)


@pytest.mark.parametrize(
    ("bent", "wanted"),
    [
        ({}, [("time.behind", RIGHT), ("time.synchronised", RIGHT)]),
        ({"newest": None}, [("time.behind", RIGHT), ("time.synchronised", RIGHT)]),
        ({"newest": NOW + timedelta(minutes=2), "synchronised": None}, [("time.behind", RIGHT)]),
        ({"newest": NOW + timedelta(minutes=3), "synchronised": None}, [("time.behind", WRONG)]),
        (
            {"zone": timedelta(0), "synchronised": False},
            [("time.behind", RIGHT), ("time.zone", LOOK), ("time.synchronised", LOOK)],
        ),
    ],
)
def test_the_clock(bent, wanted):
    assert said(of_machine.clock(replace(CLOCK, **bent))) == wanted


def test_the_zone_of_the_machine_is_named():
    _, zone, _ = of_machine.clock(replace(CLOCK, zone=timedelta(hours=-5, minutes=-30)))
    assert "UTC-5.5" in zone.message


def test_what_outlives_a_power_cut():
    assert said(of_machine.durable([])) == [("disk.durable", RIGHT)]
    found = of_machine.durable(["fsync = off", "synchronous_commit = off"])
    assert found.level == WRONG and "（fsync = off，synchronous_commit = off）" in found.message


SERVING = Serving(True, False, False, 1, 2, False, None)


@pytest.mark.parametrize(
    ("bent", "wanted"),
    [
        ({}, [("serve", RIGHT)]),
        ({"host_is_local": False}, [("serve.https", LOOK)]),
        ({"host_is_local": False, "https": True, "proxies": True}, [("serve", RIGHT)]),
        ({"https": True}, [("serve.proxies", LOOK)]),
        ({"root": True}, [("serve.root", LOOK)]),
        ({"workers": 3}, [("serve", RIGHT)]),
        ({"workers": 4}, [("serve.workers", LOOK)]),
        ({"most_files": 1200}, [("serve", RIGHT)]),
        ({"most_files": 1199}, [("serve.files", LOOK)]),
    ],
)
def test_how_the_pages_are_served(bent, wanted):
    assert said(of_machine.serving(replace(SERVING, **bent))) == wanted


KEYS = Keys(1, "aes", "aes", None, (Key(0, False, False, 0), Key(1, True, False, 9)), False, 0)


@pytest.mark.parametrize(
    ("bent", "wanted"),
    [
        ({}, []),
        ({"differs": "两个密钥不同：请删去一个"}, [("key.differs", WRONG)]),
        ({"wanted": "sm"}, [("key.cipher", LOOK)]),
        ({"keys": (Key(2, False, True, 0),)}, [("key.coming", LOOK)]),
        ({"keys": (Key(0, False, False, 3),)}, [("key.left", LOOK)]),
        ({"words_left": 4}, [("key.words", LOOK)]),
        ({"words_sealed": True}, [("key.words", RIGHT)]),
        ({"words_sealed": True, "words_left": None}, []),
        ({"words_sealed": True, "words_left": 2}, [("key.words", LOOK)]),
    ],
)
def test_the_keys(bent, wanted):
    assert said(of_machine.keys(replace(KEYS, **bent))) == [("key.force", RIGHT), *wanted]


def test_what_is_to_be_done_with_words_is_the_right_command():
    for sealed, command in ((True, "seal-texts"), (False, "unseal-texts")):
        *_, words = of_machine.keys(replace(KEYS, words_sealed=sealed, words_left=2))
        assert words.remedy == f"gongkai key {command}"


def test_what_is_said_of_two_keys_is_cut_into_what_and_what_to_do():
    _, differs = of_machine.keys(replace(KEYS, differs="两个密钥不同：请删去一个"))
    assert (differs.message, differs.remedy) == ("两个密钥不同", "请删去一个")


def test_the_shape_of_the_store():
    assert of_machine.shape("0053", "0053").level == RIGHT
    assert "gongkai migrate" in of_machine.shape("0052", "0053").remedy
    assert of_machine.shape("0052", "0053").level == WRONG
    assert "gongkai init" in of_machine.shape(None, "0053").remedy


# -- days and law -----------------------------------------------------------------------------------------

THIS, NEXT = Year(2026, True, ()), Year(2027, False, ("元旦", "春节"))


@pytest.mark.parametrize(
    ("today", "years", "wanted"),
    [
        (date(2026, 10, 31), [THIS, NEXT], [("calendar.this_year", RIGHT)]),
        (date(2026, 11, 1), [THIS, NEXT], [("calendar.this_year", RIGHT), ("calendar.next_year", LOOK)]),
        (date(2026, 12, 1), [THIS, replace(NEXT, missing=())],
         [("calendar.this_year", RIGHT), ("calendar.next_year", RIGHT)]),
        (date(2027, 1, 1), [NEXT], [("calendar.this_year", WRONG)]),
    ],
)  # fmt: skip
def test_the_next_year_is_asked_for_from_november_on(today, years, wanted):
    assert said(rules.years(years, today)) == wanted


def test_a_year_that_is_loaded_in_part_names_what_is_missing():
    (whole,) = rules.years([NEXT], date(2026, 12, 1))
    assert "还没有装入" in whole.message and whole.page == "desk.national_days"
    (part,) = rules.years([replace(NEXT, known=True)], date(2026, 12, 1))
    assert "只装入了一部分，还缺元旦、春节" in part.message


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 10, 31), 2026), (date(2026, 11, 1), 2027), (date(2026, 12, 31), 2027)],
)
def test_the_law_is_asked_for_the_next_year_from_november_on(today, year):
    assert rules.asked_year(today) == year


def test_points_of_the_law_that_nobody_has_looked_through():
    found = rules.law(6, 2027, None)
    assert found.level == LOOK and "--year 2027" in found.remedy and "6 处" in found.message
    done = rules.law(6, 2027, Checked("李芳", NOW))
    assert done.level == RIGHT and "李芳 在 2026-12-01" in done.message


def test_the_points_are_read_off_the_tables_and_go_with_their_rows():
    law = load_law()
    found = {one.name: one for one in points_of(law)}
    assert set(found) == {
        "notice_numbers",
        "lunar_days",
        "settings",
        "outcomes",
        "ranks",
        "supervision",
    }
    assert "2008—" in found["notice_numbers"].what and found["outcomes"].rows == 2
    assert "“申请人撤回”" in found["outcomes"].what
    assert found["settings"].rows == sum(not rule.is_text for rule in law.settings.values())
    fewer = replace(
        law, outcomes={name: one for name, one in law.outcomes.items() if one.basis != "practice"}
    )
    assert "outcomes" not in {one.name for one in points_of(fewer)}


# -- people, messages, records ------------------------------------------------------------------------------


def test_passwords_that_were_given_and_never_changed():
    assert said(rules.passwords([], NOW)) == [("people.passwords", RIGHT)]
    assert rules.passwords([("new", days(14))], NOW).level == RIGHT
    found = rules.passwords([("new", days(13)), ("old", days(15)), ("older", None)], NOW)
    assert found.level == LOOK and "2 个账号" in found.message and "old、older" in found.message
    assert "new" not in found.message
    many = rules.passwords([(f"u{n}", None) for n in range(11)], NOW)
    assert "u9等" in many.message and "u10" not in many.message
    assert "等" not in rules.passwords([(f"u{n}", None) for n in range(10)], NOW).message


INSIDE = Channel("站内消息", 0, False, None, "", False)
MAIL = Channel("电子邮件", 0, False, days(1), "", True)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ([INSIDE], ("channels.mail", LOOK)),
        ([INSIDE, MAIL], ("channels.works", RIGHT)),
        ([replace(MAIL, last_ok=None)], ("channels.untried", LOOK)),
        ([replace(MAIL, failures=3, failing=True, problem="拒绝连接")], ("channels.failing", WRONG)),
    ],
)  # fmt: skip
def test_ways_of_telling_people(found, wanted):
    assert said(rules.channels(found)) == [wanted]


WORKER = Worker(True, days(0.1), 2, 0, 0)


@pytest.mark.parametrize(
    ("bent", "wanted"),
    [
        ({}, [("worker.runs", RIGHT)]),
        ({"leads": False}, [("worker.runs", WRONG)]),
        ({"leads": False, "last_round": None}, [("worker.runs", LOOK)]),
        ({"leads": False, "last_round": None, "overdue": 1}, [("worker.runs", WRONG)]),
        ({"overdue": 1}, [("worker.runs", RIGHT), ("messages.overdue", LOOK)]),
        ({"last_round": days(4)}, [("worker.runs", RIGHT)]),
        ({"last_round": days(5)}, [("worker.runs", RIGHT), ("worker.round", LOOK)]),
        ({"failed": 1}, [("worker.runs", RIGHT), ("messages.failed", LOOK)]),
        (
            {"jobs": (Job("round", "builtins.KeyError", 3),)},
            [("worker.runs", RIGHT), ("worker.jobs", WRONG)],
        ),
    ],
)
def test_the_worker_and_what_waits_for_it(bent, wanted):
    assert said(rules.worker(replace(WORKER, **bent), NOW)) == wanted


def test_a_job_that_fails_is_named_with_its_fault():
    *_, job = rules.worker(replace(WORKER, jobs=(Job("round", "builtins.KeyError", 3),)), NOW)
    assert "“round”连续 3 次出错（builtins.KeyError）" in job.message


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (None, LOOK),
        (Verified(days(35), 7, 0), RIGHT),
        (Verified(days(36), 7, 0), LOOK),
        (Verified(days(1), 0, 1), WRONG),
    ],
)
def test_when_the_records_were_held_to_their_logs(found, level):
    told = rules.verified(found, NOW)
    assert said(told) == [("log.verified", level)]
    assert found is None or f"新增 {found.events} 条" in told.message


BACKUPS = LastBackup(days(1), None, "", days(30), True, days(400))


@pytest.mark.parametrize(
    ("bent", "wanted"),
    [
        ({}, [("backup.age", RIGHT), ("backup.drill", RIGHT)]),
        ({"made_at": None, "drill_at": None}, [("backup.age", LOOK)]),
        ({"made_at": days(6.9)}, [("backup.age", RIGHT), ("backup.drill", RIGHT)]),
        ({"made_at": days(7)}, [("backup.age", WRONG), ("backup.drill", RIGHT)]),
        ({"failed_at": days(2)}, [("backup.age", RIGHT), ("backup.drill", RIGHT)]),
        ({"failed_at": days(0.5)}, [("backup.failed", WRONG), ("backup.age", RIGHT), ("backup.drill", RIGHT)]),
        ({"failed_at": days(2), "made_at": None}, [("backup.failed", WRONG), ("backup.age", LOOK)]),
        ({"drill_at": None}, [("backup.age", RIGHT), ("backup.drill", LOOK)]),
        ({"drill_at": days(366)}, [("backup.age", RIGHT), ("backup.drill", RIGHT)]),
        ({"drill_at": days(367)}, [("backup.age", RIGHT), ("backup.drill", LOOK)]),
        ({"drill_good": False}, [("backup.age", RIGHT), ("backup.drill", WRONG)]),
        ({"drill_own": True}, [("backup.age", RIGHT), ("backup.drill", LOOK)]),
        ({"drill_own": True, "drill_good": False}, [("backup.age", RIGHT), ("backup.drill", WRONG)]),
    ],
)  # fmt: skip
def test_backups_and_drills(bent, wanted):
    assert said(of_backups.backup(replace(BACKUPS, **bent), NOW, 7)) == wanted
    assert said(of_backups.backup(replace(BACKUPS, **bent), NOW, 0)) == []


def test_where_and_how_large_the_last_one_is_is_said_where_that_is_known():
    placed = replace(BACKUPS, place="/srv/backup/a.backup", size=27 * 1024)
    (one, _), (other, _) = (of_backups.backup(found, NOW, 7) for found in (placed, BACKUPS))
    assert one.message.endswith("：/srv/backup/a.backup，27 KB") and "：/" not in other.message


LAST = Kept("gongkai-1.backup", days(0.3), 10 * MEGABYTE, keys=False)
EARLIER = Kept("a.backup", days(3), 9 * MEGABYTE, keys=True)
PLACE = Folder("/srv/backup", GIGABYTE)
FOLDER = BackupFolder("/srv/backup", PLACE, same_disk=False, found=(LAST,), keys_wanted=False)
RIGHT_PLACE = ("backup.folder", RIGHT)


@pytest.mark.parametrize(
    ("bent", "wanted"),
    [
        ({}, [RIGHT_PLACE]),
        ({"found": ()}, [RIGHT_PLACE]),
        ({"place": None, "found": (EARLIER,)}, [("backup.folder", WRONG)]),
        ({"place": replace(PLACE, writable=False), "same_disk": True}, [("backup.folder", WRONG)]),
        ({"place": replace(PLACE, free=20 * MEGABYTE)}, [RIGHT_PLACE]),
        ({"place": replace(PLACE, free=20 * MEGABYTE - 1)}, [("backup.folder", LOOK)]),
        ({"place": replace(PLACE, free=10 * MEGABYTE)}, [("backup.folder", LOOK)]),
        ({"place": replace(PLACE, free=10 * MEGABYTE - 1)}, [("backup.folder", WRONG)]),
        ({"same_disk": True}, [RIGHT_PLACE, ("backup.disk", LOOK)]),
        ({"found": (LAST, EARLIER)}, [RIGHT_PLACE, ("backup.keys", LOOK)]),
        ({"found": (LAST, EARLIER), "keys_wanted": True}, [RIGHT_PLACE]),
    ],
)  # fmt: skip
def test_the_place_of_the_daily_backups(bent, wanted):
    for asked in (7, 0):  # whether or not somebody is told of a missing one
        assert said(of_backups.folder(replace(FOLDER, **bent), asked)) == wanted


def test_that_none_is_set_is_told_unless_others_make_backups():
    assert said(of_backups.folder(None, 7)) == [("backup.folder", LOOK)]
    assert said(of_backups.folder(None, 0)) == []


def test_what_lies_there_is_counted_with_the_latest_first():
    (found, keys) = of_backups.folder(replace(FOLDER, found=(LAST, EARLIER)), 7)
    assert "现有 2 份，最近一份 2026-12-01 02:48，10 MB，所在的磁盘还剩 1.0 GB" in found.message
    assert "1 份备份的旁边" in keys.message


def test_every_key_stands_in_the_table_for_operators():
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    table = told[told.index("| key | what is looked at |") :].partition("\n\n")[0]
    sources = [
        ROOT / "workflow" / "rules" / f"{name}.py"
        for name in ("upkeep", "upkeep_backups", "upkeep_machine")
    ]
    keys = {
        key
        for source in sources
        for key in re.findall(r'"([a-z]+\.[a-z_]+)"', source.read_text(encoding="utf-8"))
    }
    keys = {key for key in keys if not key.startswith("desk.")}  # pages
    assert len(keys) > 25
    missing = {
        key
        for key in keys
        if f"`{key}`" not in table and f"`{key.partition('.')[0]}.*`" not in table
    }
    assert missing == set()
