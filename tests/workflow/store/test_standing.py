"""What lies at the address of a store is told from what it holds, and looking leaves it as it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import StaticPool

from config.errors import Unavailable
from workflow.store import standing, standing_file
from workflow.store.standing import NEW, NotReady, State, hold_to, state_of
from workflow.store.standing_file import (
    OLDEST,
    OURS,
    revisions,
    state_by,
    state_of_file,
    to_look_at,
)
from workflow.store.trouble import FULL, in_words

NEWEST, BEFORE = revisions()[-1], revisions()[-2]
ALL = {*OURS, "alembic_version", "case"}


# -- by its tables and its shape ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "found", "oldest", "state"),
    [
        (set(), set(), None, State.EMPTY),
        ({"alembic_version"}, set(), None, State.EMPTY),
        (ALL, {NEWEST}, None, State.READY),
        (ALL, {BEFORE}, None, State.OLDER),
        (ALL, {revisions()[0]}, None, State.OLDER),
        ({"alembic_version"}, {BEFORE}, None, State.OLDER),
        (ALL, {"9001"}, NEWEST, State.AHEAD),
        (ALL, {"9001"}, BEFORE, State.AHEAD),
        (OURS, {"9001"}, NEWEST, State.AHEAD),
    ],
)  # fmt: skip
def test_a_database_is_known_by_tables_and_shape(
    tables: set[str], found: set[str], oldest: str | None, state: State
) -> None:
    assert state_by("库 ", tables, found, oldest) is state


@pytest.mark.parametrize(
    ("tables", "found", "oldest", "said"),
    [
        (ALL, {"9001"}, "9000", "更新的版本"),
        (ALL, {"9001"}, None, "更新的版本"),
        (ALL, {BEFORE, "9001"}, "9001", "更新的版本"),
        (ALL - {"agency"}, {"9001"}, NEWEST, "别的程序"),
        ({"alembic_version"}, {"9001"}, None, "别的程序"),
        (ALL, set(), None, "别的程序"),
        ({"theirs"}, set(), None, "别的程序"),
    ],
)  # fmt: skip
def test_what_no_command_works_with_is_named(
    tables: set[str], found: set[str], oldest: str | None, said: str
) -> None:
    with pytest.raises(NotReady, match=f"^库 是{said}"):
        state_by("库 ", tables, found, oldest)


def test_several_shapes_of_a_later_version_are_all_told() -> None:
    with pytest.raises(NotReady, match=f"（9001、9002），本版本只到 {NEWEST}"):
        state_by("库 ", ALL, {"9002", "9001"}, None)


# -- a file ---------------------------------------------------------------------------------------------


def made(path: Path, *statements: str, page: int = 4096) -> bytes:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA page_size = {page}")
        for statement in statements or ("CREATE TABLE alembic_version (n TEXT)",):
            connection.execute(statement)
    return path.read_bytes()


def ours(path: Path, shape: str = NEWEST, oldest: str | None = None) -> bytes:
    stamped = [f"INSERT INTO stamp VALUES ('{OLDEST}', '{oldest}')"] if oldest else []
    return made(
        path, "CREATE TABLE alembic_version (version_num TEXT)", f"INSERT INTO alembic_version VALUES ('{shape}')",
        "CREATE TABLE stamp (name TEXT, value TEXT)", "INSERT INTO stamp VALUES ('other', 'x')", *stamped,
        "CREATE TABLE agency (n)", 'CREATE TABLE "user" (n)',
    )  # fmt: skip


def test_a_file_is_looked_at_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    assert state_of_file(path) is State.MISSING and list(tmp_path.iterdir()) == []
    assert state_of_file(tmp_path / "none" / "gongkai.db") is State.MISSING
    path.touch()
    assert state_of_file(path) is State.EMPTY
    path.unlink()
    for made_as, state in (
        ((NEWEST,), State.READY), ((BEFORE,), State.OLDER), (("9001", BEFORE), State.AHEAD),
    ):  # fmt: skip
        whole = ours(path, *made_as)
        assert state_of_file(path) is state
        assert path.read_bytes() == whole and [one.name for one in tmp_path.iterdir()] == [
            path.name
        ]
        path.unlink()
    ours(path, "9001", "9001")
    with pytest.raises(NotReady, match="更新的版本"):
        state_of_file(path)


@pytest.mark.parametrize(
    "content", [b"x", b"PK\3\4" + b"x" * 200, b"SQLite format 2\0" + bytes(84)]
)
def test_a_file_that_is_no_database_is_not_opened_as_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gongkai.db"
    path.write_bytes(content)
    with pytest.raises(NotReady, match="不是数据库"):
        state_of_file(path)
    with pytest.raises(NotReady, match="不是文件，不能作为数据库"):
        state_of_file(tmp_path)


@pytest.mark.parametrize("page", [512, 4096, 65536])
def test_a_file_that_was_cut_off_is_told_with_what_it_lacks(tmp_path: Path, page: int) -> None:
    path = tmp_path / "gongkai.db"
    whole = made(path, page=page)
    assert state_of_file(path) is State.EMPTY
    path.write_bytes(whole[:-1])
    with pytest.raises(NotReady, match=rf"应有 {len(whole)} 字节，只有 {len(whole) - 1} 字节"):
        state_of_file(path)
    path.write_bytes(whole + b"x" * page)  # more than it says harms nobody
    assert state_of_file(path) is State.EMPTY
    path.write_bytes(whole[:99])
    with pytest.raises(NotReady, match="应有 100 字节，只有 99 字节"):
        state_of_file(path)


def test_a_header_of_which_the_count_does_not_hold_is_not_held_to(tmp_path: Path) -> None:
    """A program of before SQLite 3.7 wrote last: the pages are counted by the size of the file."""
    path = tmp_path / "gongkai.db"
    whole = made(path)
    old = whole[:24] + bytes([0, 0, 1, 0]) + (99).to_bytes(4, "big") + whole[32:]
    path.write_bytes(old)
    assert state_of_file(path) is State.EMPTY
    path.write_bytes(old[:24] + old[92:96] + old[28:])
    with pytest.raises(NotReady, match=f"应有 {99 * 4096} 字节"):
        state_of_file(path)


def test_what_sqlite_itself_finds_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    whole = ours(path)
    path.write_bytes(whole[:100] + b"\xff" * 3996 + whole[4096:])
    with pytest.raises(NotReady, match=rf"已经损坏.*（{path}）"):
        state_of_file(path)


def test_a_file_that_may_not_be_read_is_told_with_why(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "gongkai.db"
    ours(path)

    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(NotReady, match=rf"{path} 不能读取（"):
        state_of_file(path)


def test_one_that_this_process_works_with_is_not_opened_but_by_sqlite(
    tmp_path: Path, monkeypatch: Any
) -> None:
    path = tmp_path / "gongkai.db"
    ours(path)
    monkeypatch.setitem(standing_file.HELD, str(path), 1)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("its locks would be gone"))
    assert state_of_file(path) is State.READY
    monkeypatch.setitem(standing_file.HELD, str(path), 0)
    monkeypatch.undo()
    assert state_of_file(path) is State.READY


def test_how_a_file_is_looked_at_depends_on_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "库 1.db"
    made(path)
    address = path.as_uri()
    assert to_look_at(path) == f"{address}?immutable=1"
    Path(f"{path}-wal").touch()
    assert to_look_at(path) == f"{address}?immutable=1"
    Path(f"{path}-wal").write_bytes(b"x")
    assert to_look_at(path) == f"{address}?mode=ro"
    Path(f"{path}-journal").write_bytes(b"x")
    assert to_look_at(path) == f"{address}?mode=rw"


def test_while_a_log_waits_the_size_of_the_file_tells_nothing(tmp_path: Path) -> None:
    """The header is of the last checkpoint, the log holds what is newer."""
    path = tmp_path / "gongkai.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE theirs (n)")
        assert Path(f"{path}-wal").stat().st_size
        with pytest.raises(NotReady, match="别的程序"):
            state_of_file(path)


def test_the_shapes_are_those_of_the_files(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "versions").mkdir()
    for name in ("0002_b.py", "0001_a.py", "__init__.py", "0003_c.txt"):
        (tmp_path / "versions" / name).touch()
    monkeypatch.setattr(standing_file, "FOLDER", tmp_path)
    assert revisions() == ("0001", "0002")


# -- an address -----------------------------------------------------------------------------------------


def engine_at(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.MISSING, "没有找到数据库文件 {} ：新安装请先运行 gongkai init"),
        (State.EMPTY, "数据库文件 {} 是空的：新安装请先运行 gongkai init"),
        (State.OLDER, "数据库文件 {} 还是以前版本的，没有改动：请先备份，再运行 gongkai migrate"),
        (State.READY, "数据库文件 {} 里已有数据，没有改动"),
    ],
)
def test_who_wants_something_else_is_told_what_is_there(
    tmp_path: Path, state: State, said: str
) -> None:
    path = tmp_path / "gongkai.db"
    if state is State.EMPTY:
        path.touch()
    elif state is not State.MISSING:
        ours(path, NEWEST if state is State.READY else BEFORE)
    engine = engine_at(path)
    assert state_of(engine) is state
    assert hold_to(engine, [state, State.AHEAD]) is state
    with pytest.raises(NotReady, match="^" + said.format(path)):
        hold_to(engine, [one for one in State if one is not state])


def test_a_store_in_memory_is_asked_itself() -> None:
    for address in (
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:gongkai?mode=memory&uri=true",
    ):
        engine = create_engine(address, poolclass=StaticPool)
        assert hold_to(engine, NEW) is State.EMPTY
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
            connection.execute(text("INSERT INTO alembic_version VALUES ('9001')"))
            for name in OURS:
                connection.execute(text(f'CREATE TABLE "{name}" (name TEXT, value TEXT)'))
        with pytest.raises(NotReady, match="更新的版本"):
            state_of(engine)
        with engine.begin() as connection:
            connection.execute(text(f"INSERT INTO stamp VALUES ('{OLDEST}', '{NEWEST}')"))
        assert state_of(engine) is State.AHEAD
        engine.dispose()


@pytest.mark.parametrize(("free", "enough"), [(128 * 1024, True), (128 * 1024 - 1, False)])
def test_on_a_full_disk_nothing_is_begun(
    tmp_path: Path, monkeypatch: Any, free: int, enough: bool
) -> None:
    """Also where the folder of the store is not there yet. A store in memory needs no disk."""
    asked: list[Path] = []

    def usage(folder: Path) -> Any:
        asked.append(folder)
        return SimpleNamespace(free=free)

    monkeypatch.setattr(standing, "disk_usage", usage)
    assert hold_to(create_engine("sqlite:///:memory:"), NEW) is State.EMPTY and asked == []
    engine = engine_at(tmp_path / "not" / "yet" / "gongkai.db")
    if enough:
        assert hold_to(engine, NEW) is State.MISSING
    else:
        with pytest.raises(NotReady) as caught:
            hold_to(engine, NEW)
        assert str(caught.value) == f"{in_words(FULL)}（{tmp_path}）"
    assert asked == [tmp_path]


# -- a server -------------------------------------------------------------------------------------------


class Server:
    """PostgreSQL as an engine shows it. tables, shape, oldest: what it holds."""

    def __init__(
        self, version: int | None, tables: set[str], shape: str = "", oldest: str | None = None
    ) -> None:
        self.version, self.tables, self.shape, self.oldest = version, tables, shape, oldest
        self.url = SimpleNamespace(database="gongkai")
        self.dialect = SimpleNamespace(
            name="postgresql", server_version_info=(version, 4) if version else None
        )

    @contextmanager
    def connect(self) -> Iterator["Server"]:
        yield self

    def scalars(self, asked: Any) -> list[str]:
        listed = "FROM pg_tables WHERE schemaname = current_schema()" in str(asked)
        return sorted(self.tables) if listed else [self.shape]

    def scalar(self, asked: Any, given: dict[str, str]) -> str | None:
        assert "FROM stamp WHERE name = :name" in str(asked) and given == {"name": OLDEST}
        return self.oldest


def test_a_server_is_asked_for_its_version_then_for_what_it_holds(monkeypatch: Any) -> None:
    monkeypatch.setattr(standing, "disk_usage", lambda _: pytest.fail("its disk is elsewhere"))
    server: Any = Server(13, ALL, NEWEST)
    assert hold_to(server, [State.READY]) is State.READY
    server = Server(None, ALL, "9001", BEFORE)
    assert state_of(server) is State.AHEAD
    server = Server(17, set())
    with pytest.raises(NotReady, match=r"^数据库 gongkai 是空的"):
        hold_to(server, [State.READY])
    server = Server(17, {"alembic_version"}, BEFORE)  # without its stamps nothing is asked of them
    assert state_of(server) is State.OLDER
    server = Server(12, ALL, NEWEST)
    with pytest.raises(
        NotReady, match=r"^PostgreSQL 12 太旧，没有改动：请换用 PostgreSQL 13 或以后"
    ):
        hold_to(server, [State.READY])


def test_a_server_that_cannot_be_reached_is_no_empty_one() -> None:
    engine = create_engine("postgresql+psycopg://127.0.0.1:9/none?connect_timeout=2")
    with pytest.raises(Unavailable):
        state_of(engine)
