"""What an upgrade meets and does, asked without a command; the way back, and the table of steps behind both."""

import json
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from config import calendars
from config.errors import TableError
from config.settings import load
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.refusal import BadInput
from workflow.service import Office, stamps, upgrading
from workflow.service.installation import migrate_office
from workflow.service.upgrading import (
    Outlook,
    WayBack,
    look,
    rehearse,
    take_back,
    upgrade,
    way_back,
)
from workflow.store.migrate import CAME_FROM, WHOLE, go_back, newest, revision, steps
from workflow.store.steps import FILE, Step, Steps, read_steps
from workflow.store.store import Store

BEFORE, EARLIER = (steps().steps[-n].revision for n in (2, 3))
NOW = datetime(2026, 6, 15, 9, tzinfo=SHANGHAI)
ON_A_FILE = pytest.mark.sqlite(reason="looks at its file, or copies it")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    migrated_store(tmp_path / "store.db").close()
    one = Town(tmp_path, "2024-05-06", f"sqlite:///{tmp_path / 'store.db'}", keys=KEYS)
    migrate_office(one.office)
    yield one
    one.office.store.close()


def looked(town: Town, tmp_path: Path) -> Outlook:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    return look(town.office, load({"GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_DATABASE_URL": url}))


def stamped(town: Town, **values: str | None) -> None:
    with town.office.store.write() as unit:
        for name, value in values.items():
            if value is None:
                unit.drop_stamp(name.replace("_", " "))
            else:
                unit.set_stamp(name.replace("_", " "), value)


# -- looking ------------------------------------------------------------------------------------------------


@ON_A_FILE
def test_nothing_is_to_be_done_with_a_store_of_this_version(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("Usage", "total used free")(10, 3, 7)
    asked: list[Path] = []
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda place: asked.append(place) or usage)
    found = looked(town, tmp_path)
    assert (found.here, found.wanted, found.ahead, found.half) == (newest(), newest(), False, False)
    assert (found.steps, found.refolds, found.to_do, found.side_by_side) == ((), False, False, True)
    assert (found.cases, found.open_cases, found.seconds, found.backup_at) == (0, 0, 0, None)
    assert (found.worker, found.at_work, found.free, asked) == (False, 0, 7, [tmp_path])
    assert found.size >= 4096 and found.needed == 2 * found.size
    assert replace(found, free=None).needed is None


def test_what_is_to_be_done_takes_the_longer_the_more_cases_there_are(
    town: Town, tmp_path: Path
) -> None:
    town.file()
    filed = town.file()
    town.act("lifang", filed.number, "withdraw", "2024-05-07")
    plain = sum(steps().milliseconds[kind] for kind in ("shape", "verify"))
    found = looked(town, tmp_path)
    assert (found.cases, found.open_cases) == (2, 1)
    assert found.seconds == pytest.approx(upgrading.SLOWER * 2 * plain / 1000)
    stamped(town, law="another")
    found = looked(town, tmp_path)
    assert found.refolds and found.to_do and not found.side_by_side and not found.steps
    folded = plain + steps().milliseconds["fold"]
    assert found.seconds == pytest.approx(upgrading.SLOWER * 2 * folded / 1000)


def test_one_that_was_cut_off_is_told_with_the_steps_from_where_it_came(
    town: Town, tmp_path: Path
) -> None:
    stamped(town, **{WHOLE: BEFORE, CAME_FROM: EARLIER})
    found = looked(town, tmp_path)
    assert found.half and found.to_do
    assert [one.revision for one in found.steps] == [BEFORE, newest()]
    stamped(town, **{WHOLE: None, CAME_FROM: None})
    found = looked(town, tmp_path)
    assert found.half and found.steps == ()
    stamped(town, **{WHOLE: newest(), stamps.BACKED_UP: stamps.said(NOW, file="x")})
    found = looked(town, tmp_path)
    assert not found.half and found.backup_at == NOW


@pytest.mark.parametrize(
    ("bent", "follows"),
    [
        ({}, True), ({"law": "x"}, False), ({"law": None}, False), ({"calendars": "{}"}, False), ({"calendars": "{"}, False),
        ({"calendars": None}, False),
    ],
)  # fmt: skip
def test_rows_follow_what_is_installed_or_are_computed_anew(
    bent: dict[str, str | None], follows: bool
) -> None:
    office: Any = SimpleNamespace(law=SimpleNamespace(fingerprint="f"))
    kept = {"law": "f", "calendars": json.dumps(calendars.fingerprints()), **bent}
    assert upgrading._follows(office, {n: v for n, v in kept.items() if v is not None}) is follows


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as one:
        yield one
    engine.dispose()


def test_a_store_of_the_first_shapes_has_no_leases_no_sessions_and_no_stamps(
    connection: Connection,
) -> None:
    assert upgrading._states(connection) == {} and upgrading._stamps(connection) == {}
    assert upgrading._running(connection, NOW) == (False, 0)
    connection.execute(text('CREATE TABLE "case" (id, state)'))
    connection.execute(text("INSERT INTO \"case\" VALUES (1, 'a'), (2, 'a'), (3, 'b')"))
    connection.execute(text("CREATE TABLE stamp (name, value)"))
    connection.execute(text("INSERT INTO stamp VALUES ('n', 'v')"))
    assert upgrading._states(connection) == {"a": 2, "b": 1}
    assert upgrading._stamps(connection) == {"n": "v"}


def test_who_holds_a_lease_and_who_clicked_just_now_is_at_work(connection: Connection) -> None:
    """Moments lie in the store as UTC, without saying so."""
    connection.execute(text("CREATE TABLE lease (name, until)"))
    connection.execute(text("CREATE TABLE desk_session (seen_at, ended_at)"))
    utc = NOW.astimezone(UTC).replace(tzinfo=None)

    def said(minutes: float) -> str:
        return (utc + timedelta(minutes=minutes)).isoformat(sep=" ")

    add = text("INSERT INTO lease VALUES ('w', :at)")
    connection.execute(add, {"at": said(0)})
    assert upgrading._running(connection, NOW) == (False, 0)
    connection.execute(add, {"at": said(0.1)})
    assert upgrading._running(connection, NOW) == (True, 0)
    for minutes, ended in ((-9.9, None), (-10, None), (-1, said(0)), (0, None)):
        connection.execute(
            text("INSERT INTO desk_session VALUES (:at, :ended)"),
            {"at": said(minutes), "ended": ended},
        )
    assert upgrading._running(connection, NOW) == (True, 2)
    assert upgrading._moment(utc, NOW) == NOW and upgrading._moment(said(0), NOW) == NOW


# -- what stands in the way -------------------------------------------------------------------------------


def test_what_stands_in_the_way_is_said_with_its_numbers() -> None:
    found = Outlook(
        BEFORE, newest(), False, False, steps().steps[-1:], 1, 1, False, 1.0, 1_500_000, 2_999_999, NOW, True, 0
    )  # fmt: skip
    room, running = found.in_the_way(NOW)
    assert "约需 3.0 MB，只有 3.0 MB" in room and "gongkai serve" in running
    assert "约需 0.1 MB，只有 0.1 MB" in replace(found, size=10, free=0).in_the_way(NOW)[0]
    beside = replace(found, steps=(Step("x", "x", side_by_side=True),), free=None)
    assert beside.in_the_way(NOW) == [], "a worker may go on beside it"
    late = NOW + timedelta(hours=24, seconds=1)
    (backup,) = beside.in_the_way(late)
    assert backup.startswith("24 小时之内没有做过备份") and beside.in_the_way(late, None) == []
    assert beside.in_the_way(late, 25) == [] and beside.backup_lacking(late, None) is None


# -- doing it ---------------------------------------------------------------------------------------------


@ON_A_FILE
def test_a_rehearsal_is_made_of_what_is_there_and_an_upgrade_tells_what_moved(
    town: Town, tmp_path: Path
) -> None:
    filed = town.file()
    go_back(town.office.store.engine, BEFORE)
    tried = rehearse(town.office)
    assert (tried.before, tried.after, tried.moved, tried.broken) == (BEFORE, newest(), 0, ())
    assert revision(town.office.store.engine) == BEFORE and tried.seconds > 0
    done = upgrade(town.office)
    assert (done.before, done.after, done.moved, done.broken) == (BEFORE, newest(), 0, ())
    assert town.due(filed.number)
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


@pytest.mark.tampering(reason="changes of due days are written that nobody made")
def test_open_cases_of_which_the_due_day_moved_since_are_counted_once(town: Town) -> None:
    office = town.office
    assert upgrading._last_moved(office) == 0
    filed = [town.file() for _ in range(3)]
    town.act("lifang", filed[2].number, "withdraw", "2024-05-07")
    add = text(
        "INSERT INTO due_change (id, case_id, recorded_at, actor, cause, reason, kind, old_next_due, new_next_due) "
        "VALUES (:id, :case, '2024-05-06 00:00:00', 'system', 'calendar', 'x', 'x', :old, :new)"
    )
    with office.store.engine.begin() as connection:
        for id_, case, old, new in (
            (1, 1, "2024-06-03", "2024-06-04"), (2, 1, "2024-06-03", "2024-06-04"), (3, 1, "2024-06-04", "2024-06-05"),
            (4, 2, "2024-06-04", "2024-06-04"), (5, 3, "2024-06-03", "2024-06-04"), (6, 2, None, "2024-06-04"),
        ):  # fmt: skip
            connection.execute(add, {"id": id_, "case": case, "old": old, "new": new})
    assert upgrading._last_moved(office) == 6
    assert [upgrading._moved_since(office, last) for last in (0, 1, 3, 5, 6)] == [2, 2, 1, 1, 0]
    first: Any = SimpleNamespace(store=SimpleNamespace(engine=create_engine("sqlite://")))
    assert upgrading._last_moved(first) == 0, "the first shapes had no such table"
    first.store.engine.dispose()


# -- the way back -----------------------------------------------------------------------------------------


def test_the_way_back_is_promised_where_every_step_of_it_is() -> None:
    def way(*back: bool) -> WayBack:
        return WayBack(
            "x",
            False,
            tuple(Step(str(n), "s", back=one, lost="行" * n) for n, one in enumerate(back)),
        )

    assert way(True, True).promised and not way(True, False).promised and not way(False).promised
    assert way(True, True, True).lost == ("行", "行行")


def test_one_may_go_back_to_what_was_before_and_to_nothing_else(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamped(town, **{CAME_FROM: EARLIER})
    way = way_back(town.office, upgrading.PREVIOUS)
    assert (way.to, way.needless, way.promised) == (EARLIER, False, False)
    assert [one.revision for one in way.steps] == [newest(), BEFORE]
    assert way_back(town.office, BEFORE).to == BEFORE
    for to in (newest(), "9999", ""):
        with pytest.raises(BadInput, match="没有可以退回的") as caught:
            way_back(town.office, to)
        assert caught.value.errors[0].field == "back"
    stamped(town, **{CAME_FROM: None})
    with pytest.raises(BadInput, match="没有可以退回的"):
        way_back(town.office, upgrading.PREVIOUS)
    with pytest.raises(BadInput, match="不能这样退回") as caught:
        take_back(town.office, way)
    assert caught.value.errors[0].field == "back"
    gone: list[str] = []
    monkeypatch.setattr(upgrading, "go_back", lambda _, to: gone.append(to))
    take_back(town.office, replace(way, steps=()))
    assert gone == [EARLIER]


def test_nobody_goes_back_from_a_shape_that_is_not_known_or_not_there(
    town: Town, tmp_path: Path
) -> None:
    empty = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(BadInput, match="不认识库现在的样子"):
        way_back(Office(empty, KEYS), BEFORE)
    empty.close()
    with town.office.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9998'"))
    with pytest.raises(BadInput, match="不认识库现在的样子"):
        way_back(town.office, BEFORE)


def test_it_is_needless_where_the_version_of_then_may_work_with_the_store(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = steps().steps
    bent = Steps(
        (
            *known[:-2],
            replace(known[-2], side_by_side=False),
            replace(known[-1], side_by_side=True),
        ),
        {},
    )
    monkeypatch.setattr(upgrading, "steps", lambda: bent)
    assert way_back(town.office, BEFORE).needless and not way_back(town.office, EARLIER).needless


# -- the table of steps -----------------------------------------------------------------------------------

FEW = Steps(tuple(Step(name, "s", side_by_side=beside) for name, beside in (("1", False), ("2", True), ("3", False), ("4", True))), {})  # fmt: skip


@pytest.mark.parametrize(
    ("here", "until", "found"),
    [(None, None, "1234"), ("1", None, "234"), ("4", None, ""), (None, "2", "12"), ("2", "3", "3"), ("3", "3", "")],
)  # fmt: skip
def test_the_steps_between_two_shapes(here: str | None, until: str | None, found: str) -> None:
    assert "".join(one.revision for one in FEW.after(here, until)) == found


def test_a_shape_that_is_not_known_has_no_steps() -> None:
    for given in (("5", None), (None, "5"), ("5", "1"), ("", None)):
        with pytest.raises(KeyError):
            FEW.after(*given)
    assert [FEW.oldest_beside(one) for one in "1234"] == ["1", "1", "3", "3"]


def test_the_table_is_read_in_the_order_of_the_migrations(tmp_path: Path) -> None:
    said = '[work]\nfold = 2\n["2"]\nsays = "乙"\nside_by_side = true\nwork = ["fold"]\nlost = "行"\nback = true\n["1"]\nsays = "甲"\n'
    (tmp_path / FILE).write_text(said, encoding="utf-8")
    found = read_steps(tmp_path, ["1", "2"])
    assert found.steps == (Step("1", "甲"), Step("2", "乙", True, ("fold",), "行", True))
    assert found.milliseconds == {"fold": 2}
    with pytest.raises(TableError, match=rf"{FILE}: 3$"):
        read_steps(tmp_path, ["1", "2", "3"])
    with pytest.raises(TableError, match=rf"{FILE}: 2$"):
        read_steps(tmp_path, ["1"])
    with pytest.raises(TableError, match=rf"{FILE} \[2\]: there is nothing beside the first"):
        read_steps(tmp_path, ["2", "1"])
    (tmp_path / FILE).write_text("", encoding="utf-8")
    assert read_steps(tmp_path, []) == Steps((), {})
