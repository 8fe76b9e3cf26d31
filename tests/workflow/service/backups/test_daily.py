"""The backup of the day: once, by one of several workers, kept by the rules, and told of where it is missing."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from notifications.worker import Worker
from tests.workflow.service.backups.installed import Installation, left_in
from workflow.dates import SHANGHAI
from workflow.rules.upkeep_backups import LastBackup
from workflow.service import stamps
from workflow.service.backups import daily, state
from workflow.service.backups.archive import Manifest
from workflow.service.backups.daily import DailyBackup
from workflow.service.backups.key_file import beside
from workflow.service.backups.making import Made
from workflow.service.backups.state import lacking, last_backup
from workflow.service.doctor import examine
from workflow.service.messages.inbox import Inbox
from workflow.store.message_models import MessageRow


@pytest.fixture
def folder(house: Installation) -> Path:
    place = house.folder / "nas"
    place.mkdir()
    return place


def of_day(house: Installation, **environ: Any) -> DailyBackup:
    said = {name: str(value) for name, value in environ.items()}
    return DailyBackup(
        house.office, house.settings_of(house.data, backup_folder=str(house.folder / "nas"), **said)
    )


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=SHANGHAI)


def told(house: Installation) -> list[tuple[str, str]]:
    """Who was told what, of backups."""
    with house.office.store.read() as unit:
        query = select(MessageRow.user_id, MessageRow.text).where(MessageRow.moment == daily.MOMENT)
        return [(str(user), text) for user, text in unit.session.execute(query)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Backups that say what they are and hold nothing: what is tried is when and which."""
    made: list[Path] = []

    def make(office: Any, data: Path, file: Path, *, keys: bool) -> Made:
        from workflow.store.sealed_stream import SealingWriter

        now = office.now()
        with file.open("xb") as to:
            said = {
                "gongkai backup": 1,
                "made_at": now.isoformat(),
                "version": "0",
                "revision": "0",
            }
            SealingWriter(to, office.keys.now, said).finish()
        if keys:
            beside(file).write_bytes(b"{}")
        made.append(file)
        about = Manifest(now, "0", "0", {}, 0, 0, 0, True, None, None)
        return Made(file, beside(file) if keys else None, 1, about)

    monkeypatch.setattr(daily, "make_backup", make)
    return made


def test_without_a_folder_none_is_made(house: Installation) -> None:
    assert DailyBackup(house.office, house.settings).run() is None
    assert last_backup(house.office).made_at is None


def test_it_is_whole_and_its_keys_lie_elsewhere(house: Installation, folder: Path) -> None:
    made = of_day(house).run()
    assert made is not None and [one.name for one in folder.iterdir()] == ["gongkai-20260304-093000.backup"]  # fmt: skip
    assert house.restore(made.file, house.folder / "new", keys=house.data).good
    assert last_backup(house.office).made_at == house.now
    assert left_in(folder, house.data) == []


def test_keys_lie_beside_it_only_where_that_is_set(
    house: Installation, folder: Path, quick: list[Path]
) -> None:
    of_day(house, backup_keys="true").run()
    assert sorted(one.name for one in folder.iterdir()) == [
        "gongkai-20260304-093000.backup", "gongkai-20260304-093000.backup.keys",
    ]  # fmt: skip


def test_it_is_made_once_a_day_by_whoever_is_first(
    house: Installation, folder: Path, quick: list[Path]
) -> None:
    one, other = of_day(house, backup_time="03:00"), of_day(house, backup_time="03:00")
    assert one.run() and other.run() is None and one.run() is None
    house.now = at("2026-03-05T02:59:59")
    assert one.run() is None
    house.now = at("2026-03-05T03:00")
    assert other.run() and one.run() is None
    assert len(quick) == 2


def test_one_that_another_began_is_left_to_it_for_an_hour(
    house: Installation, folder: Path, quick: list[Path]
) -> None:
    """A worker that was killed while it made one has noted that it began."""
    one = of_day(house)
    assert one._claimed()
    assert of_day(house).run() is None
    house.now += timedelta(hours=1)
    assert of_day(house).run()


def test_old_ones_go_by_the_rules_and_those_of_others_stay(
    house: Installation, folder: Path, quick: list[Path]
) -> None:
    rules = {"backup_daily": 2, "backup_weekly": 2, "backup_monthly": 2, "backup_keys": "true"}
    (folder / "gongkai-theirs.backup").write_bytes(b"of somebody else")
    (folder / "notes.txt").write_text("x")
    from workflow.store.key import Key
    from workflow.store.sealed_stream import SealingWriter

    with (folder / "gongkai-20200101-000000.backup").open("xb") as to:
        said = {"gongkai backup": 1, "made_at": "2020-01-01T00:00:00+08:00", "version": "0", "revision": "0"}  # fmt: skip
        SealingWriter(to, Key(0, os.urandom(32)), said).finish()
    for _ in range(40):
        assert of_day(house, **rules).run()
        house.now += timedelta(days=1)
    days = sorted(one.name[8:16] for one in folder.glob("gongkai-2026*.backup"))
    # The last was made on Sunday, 12 April: two days, the last of two weeks, the last of two months.
    assert days == ["20260331", "20260405", "20260411", "20260412"]
    assert sorted(one.name[8:16] for one in folder.glob("*.keys")) == days
    assert {one.name for one in folder.iterdir()} >= {
        "gongkai-theirs.backup", "notes.txt", "gongkai-20200101-000000.backup",
    }  # fmt: skip


def test_an_old_one_that_cannot_be_removed_is_logged_and_the_others_go(
    house: Installation,
    folder: Path,
    quick: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: Any,
) -> None:
    rules = {"backup_daily": 1, "backup_weekly": 0, "backup_monthly": 0}
    for _ in range(2):
        of_day(house, backup_daily=9).run()
        house.now += timedelta(days=1)
    first = min(folder.iterdir())
    plain = Path.unlink

    def held(place: Path, **how: Any) -> None:
        if place == first:
            raise PermissionError(13, "Permission denied")
        plain(place, **how)

    monkeypatch.setattr(Path, "unlink", held)
    assert of_day(house, **rules).run()
    assert sorted(folder.iterdir()) == [first, quick[-1]]
    assert "could not be removed: Permission denied" in caplog.text


def test_one_that_failed_removes_nothing_and_is_told_once_a_day(
    house: Installation,
    folder: Path,
    quick: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: Any,
) -> None:
    assert of_day(house, backup_daily=1, backup_weekly=0, backup_monthly=0).run()
    folder.rename(house.folder / "unmounted")
    monkeypatch.undo()
    house.now += timedelta(days=1)
    assert of_day(house).run() is None and of_day(house).run() is None
    assert not folder.exists(), "a folder that is not mounted is not made"
    house.now += timedelta(hours=1)
    assert of_day(house).run() is None
    assert len(list((house.folder / "unmounted").iterdir())) == 1
    assert "不存在" in last_backup(house.office).failure
    messages = told(house)
    assert len(messages) == len({user for user, _ in messages}) == 2
    assert all("2026 年 3 月 5 日的备份没有做成" in text for _, text in messages)
    assert "不存在" in caplog.text
    (house.folder / "unmounted").rename(folder)
    house.now += timedelta(hours=1)
    assert of_day(house).run()
    assert lacking(last_backup(house.office), house.now, 7) is None


def test_one_that_lacks_a_content_is_told_and_removes_nothing(
    house: Installation, folder: Path, quick: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = {"backup_daily": 1, "backup_weekly": 0, "backup_monthly": 0}
    assert of_day(house, **rules).run()
    house.now += timedelta(days=1)
    monkeypatch.setattr(Made, "lacks", lambda _: "有 1 份材料的内容不在库中")
    assert of_day(house, **rules).run()
    assert len(list(folder.iterdir())) == 2
    assert "1 份材料" in last_backup(house.office).failure and len(told(house)) == 2


def test_who_administers_is_told_after_a_week_without_one(house: Installation) -> None:
    began = last_backup(house.office).since
    assert began is not None
    for days, said in ((6, False), (7, True)):
        house.now = began + timedelta(days=days)
        assert of_day(house).remind() is said
        assert (told(house) != []) is said
    assert "还没有做过备份" in told(house)[0][1]
    assert of_day(house).remind() and len(told(house)) == 2, "once a day"
    house.now += timedelta(days=1)
    assert of_day(house, backup_reminder_days=0).remind() is False
    xitong = house.office.staff("xitong")
    assert xitong is not None
    assert any("还没有做过备份" in line.text for line in Inbox(house.office).lines(xitong))


NOW = at("2026-03-10T10:00")
NEVER = LastBackup(None, None, "", None, False, None)


@pytest.mark.parametrize(
    ("last", "days", "said"),
    [
        (NEVER, 7, None),
        ({"since": at("2026-03-03T10:01")}, 7, None),
        ({"since": at("2026-03-03T10:00")}, 7, "还没有做过备份"),
        ({"since": at("2026-01-01T10:00")}, 0, None),
        ({"made_at": at("2026-03-03T10:01")}, 7, None),
        ({"made_at": at("2026-03-02T23:00")}, 7, "上一次备份是 2026 年 3 月 2 日，已经过了 7 天"),
        ({"made_at": at("2026-03-09T02:30"), "failed_at": at("2026-03-10T02:30"), "failure": "磁盘满了"},
         0, "2026 年 3 月 10 日的备份没有做成：磁盘满了"),
        ({"made_at": at("2026-03-10T03:30"), "failed_at": at("2026-03-10T02:30"), "failure": "x"}, 7, None),
    ],
)  # fmt: skip
def test_what_is_missing(last: Any, days: int, said: str | None) -> None:
    state_ = last if isinstance(last, LastBackup) else replace(NEVER, **last)
    assert lacking(state_, NOW, days) == said


def test_the_doctor_says_when_the_last_backup_and_the_last_drill_were(house: Installation) -> None:
    def said() -> dict[str, str]:
        found = examine(house.office, house.settings, counted=False)
        return {one.key: one.level for one in found if one.key in ("backup.age", "backup.drill")}

    house.now = at("2026-03-20T10:00")
    assert said() == {"backup.age": "look"}
    state.note(house.office, stamps.BACKED_UP)
    assert said() == {"backup.age": "right", "backup.drill": "look"}
    house.now = at("2026-03-21T10:00")
    state.note(house.office, stamps.DRILL, good=True)
    assert said()["backup.drill"] == "right"
    state.note(house.office, stamps.DRILL, good=False)
    assert said()["backup.drill"] == "wrong"
    house.now = at("2026-03-28T10:00")
    assert said()["backup.age"] == "wrong"


def test_what_cannot_be_read_of_the_notes_is_nothing(house: Installation) -> None:
    with house.office.store.write() as unit:
        for name, value in (
            (stamps.BACKED_UP, "{"),
            (stamps.NOT_BACKED_UP, "[]"),
            (stamps.DRILL, '{"at": "x"}'),
        ):
            unit.set_stamp(name, value)
    assert (last_backup(house.office).made_at, last_backup(house.office).drill_at) == (None, None)


def test_the_worker_that_leads_makes_it(
    house: Installation, folder: Path, quick: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = house.settings_of(house.data, backup_folder=str(folder))
    one, other = Worker(house.office, settings, "one"), Worker(house.office, settings, "other")
    assert one.lead() and not other.lead()
    other.back_up()
    assert quick == []
    one.back_up()
    assert len(quick) == 1
    one.stop()
