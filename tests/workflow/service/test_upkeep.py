"""Facts of the store and of the points of the law, as `doctor` and its page get them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from config.channels import load_channels
from config.settings import load
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.people import SYSTEM
from workflow.refusal import BadInput, Denied
from workflow.rules.law_points import points_of
from workflow.rules.upkeep import Channel, Job, Verified, Worker, Year
from workflow.rules.upkeep_machine import Key
from workflow.service import stamps
from workflow.service.accounts import Accounts
from workflow.service.gauges import LATELY, OVERDUE
from workflow.service.messages.failures import ALARM_AFTER
from workflow.service.upkeep import backups, stored
from workflow.service.upkeep.law import ACTION, MOST, LawPoints, is_on_top
from workflow.service.upkeep.verifying import last_line, note_verified
from workflow.store.message_models import ChannelRow
from workflow.store.sealed import Secrets
from workflow.store.sealed_stream import SealingWriter
from workflow.store.staff_models import AuditRow


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    one = Town(tmp_path, "2024-05-06")
    with one.office.store.write() as unit:
        body = one.office.found_agency(unit, "yanshan")
        Accounts(one.office).add_user(unit, name="zhuguan", agency=body, roles=("system_admin",))
    yield one
    one.office.store.close()


# -- the points of the law --------------------------------------------------------------------------------


def noted(town: Town) -> list[AuditRow]:
    with town.office.store.read() as unit:
        return list(unit.session.scalars(select(AuditRow).where(AuditRow.action == "law_checked")))


def test_what_was_looked_through_stands_in_the_audit_with_how_much_and_by_whom(town: Town) -> None:
    points = LawPoints(town.office)
    points.note(town.staff("zhuguan"), 2024, "x" * MOST)
    points.note(None, 2025, "与通知一致")
    with pytest.raises(BadInput):
        points.note(None, 2025, "x" * (MOST + 1))
    one, other = noted(town)
    count = len(points_of(town.office.law))
    assert (one.actor, one.about, one.details["points"]) == ("zhuguan", "law", count) and count > 3
    assert one.details["year"] == 2024 and one.details["note"] == "x" * MOST
    with town.office.store.read() as unit:
        assert one.agency_id == town.office.found_agency(unit, "yanshan").id
    assert (other.actor, other.agency_id, other.recorded_at) == (SYSTEM.name, None, town.now)


@pytest.mark.parametrize(
    ("year", "taken"), [(2023, False), (2024, True), (2025, True), (2026, False)]
)
def test_it_is_noted_for_this_year_or_the_next(town: Town, year: int, taken: bool) -> None:
    points = LawPoints(town.office)
    if taken:
        points.note(None, year)
    else:
        with pytest.raises(BadInput, match=r"2024 年或者 2025 年"):
            points.note(None, year)
    found = points.checked(year)
    assert (found is not None) is taken
    assert found is None or (found.by, found.at) == ("运行人员", town.now)


def test_the_page_shows_the_year_that_is_asked_for_and_those_before(town: Town) -> None:
    points, zhuguan = LawPoints(town.office), town.staff("zhuguan")
    with town.office.store.write() as unit:
        for year in (2020, 2021, 2022, 2023):
            unit.set_stamp(f"{stamps.LAW_CHECKED}{year}", stamps.said(town.now, by="zhuguan"))
    found = points.standing(zhuguan)
    assert (found.year, found.checked, found.note) == (2024, None, "")
    assert [year for year, _ in found.before] == [2021, 2022, 2023]
    assert len(found.points) == len(points_of(town.office.law))
    points.note(zhuguan, 2024, "一致")
    found = points.standing(None)
    assert found.checked is not None and found.note == "一致"
    assert found.checked.by == zhuguan.display_name
    town.is_("2024-11-01")
    found = points.standing(zhuguan)
    assert (found.year, found.checked) == (2025, None)
    assert [year for year, _ in found.before] == [2022, 2023, 2024]


def test_who_is_not_on_top_sees_and_notes_nothing(town: Town) -> None:
    points = LawPoints(town.office)
    for name in ("guanli", "chen", "lifang"):
        assert not is_on_top(town.office, ACTION, town.staff(name))
        with pytest.raises(Denied):
            points.standing(town.staff(name))
        with pytest.raises(Denied):
            points.note(town.staff(name), 2024)
    assert is_on_top(town.office, ACTION, town.staff("zhuguan"))
    points.note(town.staff("chen"), 2024, at_the_machine=True)
    assert [row.actor for row in noted(town)] == ["chen"]


# -- the store --------------------------------------------------------------------------------------------


def test_a_year_is_known_by_the_package_or_by_a_notice(monkeypatch: Any) -> None:
    def year(number: int) -> Any:
        return SimpleNamespace(
            year=number, packaged=known[number][0], notices=known[number][1], missing=("春节",)
        )

    monkeypatch.setattr(stored, "NationalDays", lambda _: SimpleNamespace(year=year))
    office: Any = SimpleNamespace(today=lambda: datetime(2024, 5, 6).date())
    for known in (
        {2024: (True, ()), 2025: (False, ())}, {2024: (True, ("n",)), 2025: (False, ("n",))},
    ):  # fmt: skip
        assert stored.years(office) == [
            Year(2024, True, ("春节",)), Year(2025, bool(known[2025][1]), ("春节",)),
        ]  # fmt: skip


def test_a_channel_is_told_where_it_is_in_force(town: Town) -> None:
    kinds = load_channels()
    in_app, mail = kinds["in_app"], kinds["mail"]
    office: Any = SimpleNamespace(
        channels=[SimpleNamespace(name="in_app"), SimpleNamespace(name="mail")]
    )
    with town.office.store.write() as unit:
        unit.session.add(
            ChannelRow(name="mail", failures=ALARM_AFTER, last_ok_at=town.now, problem="没有应答")
        )
        unit.session.flush()
        assert stored.channels(office, unit) == [
            Channel(one.label, *((ALARM_AFTER, True, town.now, "没有应答") if one is mail else (0, False, None, "")), one is mail)
            for one in kinds.values() if one in (in_app, mail)
        ]  # fmt: skip
        unit.session.get(ChannelRow, "mail").failures -= 1  # type: ignore[union-attr]  # it is there
        assert not any(one.failing for one in stored.channels(office, unit))
        assert stored.channels(SimpleNamespace(channels=[]), unit) == []  # type: ignore[arg-type]  # an office of nothing but channels


@pytest.mark.parametrize("leader", ["one", ""])
def test_the_worker_is_told_with_what_waits_and_what_failed(
    town: Town, monkeypatch: Any, leader: str
) -> None:
    since: list[timedelta] = []

    def counted(answer: Any) -> Any:
        def ask(_: Any, at: datetime) -> Any:
            since.append(town.now - at)
            return answer

        return ask

    monkeypatch.setattr(stored.upkeep, "messages_waiting", counted((7, 3)))
    monkeypatch.setattr(stored.upkeep, "messages_failed", counted(2))
    outbox = SimpleNamespace(leader=lambda: leader, last_round=lambda: town.now)
    monkeypatch.setattr(stored, "Outbox", lambda _: outbox)
    with town.office.store.write() as unit:
        unit.set_stamp(f"{stamps.JOB}backup", stamps.said(town.now, fault="OSError", times="3"))
        unit.set_stamp(f"{stamps.JOB}reminders", stamps.said(town.now))
        unit.set_stamp("jobless", stamps.said(town.now, fault="X", times=1))
        assert stored.worker(town.office, unit, town.now) == Worker(
            bool(leader), town.now, 7, 3, 2, (Job("backup", "OSError", 3),)
        )
    assert since == [OVERDUE, LATELY]


def test_keys_are_told_and_counted_where_that_is_asked(monkeypatch: Any) -> None:
    place = SimpleNamespace(differs=lambda: "两个不同的密钥")
    now = SimpleNamespace(number=1, cipher="sm4")
    office: Any = SimpleNamespace(keys=SimpleNamespace(place=place, now=now, seals_words=True))
    one = SimpleNamespace(number=1, in_force=True, coming=False, to_seal={"a": 2, "b": 3})
    counting = SimpleNamespace(status=lambda: [one], words_otherwise=lambda: 4)
    monkeypatch.setattr(stored, "_counting", lambda _: counting)
    found = stored.keys(office, "aes", counted=True)
    assert found is not None
    assert (found.number, found.cipher, found.wanted, found.differs) == (
        1,
        "sm4",
        "aes",
        "两个不同的密钥",
    )
    assert (found.keys, found.words_sealed, found.words_left) == (
        (Key(1, True, False, 5),),
        True,
        4,
    )
    monkeypatch.setattr(stored, "_counting", lambda _: pytest.fail("reads whole tables"))
    found = stored.keys(office, "aes", counted=False)
    assert found is not None and (found.keys, found.words_left) == ((), None)
    office.keys.place = None
    assert stored.keys(office, "aes", counted=True) is None


def test_what_was_verified_is_told_with_what_came_since(town: Town) -> None:
    office = town.office
    assert last_line(office) == 0
    with office.store.read() as unit:
        assert stored.verified(unit) is None and stored.latest_entry(unit) is None
    town.file()
    seen, at = last_line(office), town.now
    note_verified(office, seen, 2)
    town.now += timedelta(minutes=5)
    town.file()
    with office.store.read() as unit:
        assert stored.verified(unit) == Verified(at, last_line(office) - seen, 2)
        assert stored.latest_entry(unit) == town.now


# -- the folder of the backups ------------------------------------------------------------------------------


def test_backups_are_listed_with_the_latest_first(tmp_path: Path, monkeypatch: Any) -> None:
    keys, others = Secrets(bytes(range(32))), Secrets(bytes(range(1, 33)))
    nas = tmp_path / "nas"
    given = {"GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_BACKUP_FOLDER": str(nas)}
    settings = load({**given, "GONGKAI_BACKUP_KEYS": "true"})
    assert backups.folder(load({"GONGKAI_DATA_DIR": str(tmp_path)}), keys) is None
    gone = backups.folder(settings, keys)
    assert gone is not None
    assert (gone.path, gone.place, gone.same_disk, gone.found, gone.keys_wanted) == (str(nas), None, False, (), True)  # fmt: skip
    nas.mkdir()
    for name, day, by in (("b", 3, keys), ("a", 5, keys), ("c", 4, keys), ("theirs", 6, others)):
        said = {"gongkai backup": 1, "made_at": f"2026-03-0{day}T01:00:00+00:00", "version": "0", "revision": "0"}  # fmt: skip
        with (nas / f"{name}.backup").open("xb") as to:
            SealingWriter(to, by.now, said).finish()
    (nas / "d.backup").write_bytes(b"no backup")
    (nas / "c.backup.keys").touch()
    found = backups.folder(load(given), keys)
    assert found is not None and found.place is not None
    assert (found.place.path, found.place.writable, found.same_disk, found.keys_wanted) == (str(nas), True, True, False)  # fmt: skip
    assert [(one.name, one.keys) for one in found.found] == [
        ("a.backup", False), ("c.backup", True), ("b.backup", False),
    ]  # fmt: skip
    assert found.found[0].made_at == datetime(2026, 3, 5, 9, tzinfo=SHANGHAI)
    assert found.found[0].made_at.utcoffset() == timedelta(hours=8)
    assert found.found[0].size == (nas / "a.backup").stat().st_size
    plain = Path.stat

    def stat(path: Path, **how: Any) -> Any:
        if path == tmp_path:
            return SimpleNamespace(st_dev=-1, st_mode=plain(path).st_mode)
        return plain(path, **how)

    monkeypatch.setattr(Path, "stat", stat)
    found = backups.folder(settings, keys)
    assert found is not None and found.same_disk is False
