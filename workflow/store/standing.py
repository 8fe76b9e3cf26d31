"""What lies at the address of a store, before anything opens it to work: looking writes nothing, whatever it is."""

from collections.abc import Collection
from pathlib import Path
from shutil import disk_usage

from sqlalchemy import Engine, text

from workflow.store.retried import told_apart
from workflow.store.standing_file import NEW, OLDEST, NotReady, State, state_by, state_of_file
from workflow.store.trouble import FULL, in_words

__all__ = ["NEW", "NotReady", "State", "hold_to", "state_of"]

FEWEST_BYTES = 128 * 1024
"""Of room on the disk of a file: its index of the log takes 32 kB at once."""
OLDEST_SERVER = 13
"""Of PostgreSQL: what is older is refused."""


def hold_to(engine: Engine, wanted: Collection[State]) -> State:
    """What lies behind the engine. Raises NotReady where it is none of these, or nothing that any command works with;
    Unavailable where it cannot be reached."""
    found = state_of(engine)
    if found in wanted:
        _room_at(engine)
        return found
    where = _where(engine)
    if found is State.MISSING:
        raise NotReady(
            f"没有找到{where}：新安装请先运行 gongkai init；已经用过的，请检查 GONGKAI_DATA_DIR 和 database_url "
            "是不是原来的位置，或者从备份恢复"
        )
    if found is State.EMPTY:
        raise NotReady(
            f"{where}是空的：新安装请先运行 gongkai init；已经用过的，请检查 database_url，或者从备份恢复"
        )
    if found is State.OLDER:
        raise NotReady(
            f"{where}还是以前版本的，没有改动：请先备份，再运行 gongkai migrate 升级到本版本"
        )
    raise NotReady(f"{where}里已有数据，没有改动")


def _room_at(engine: Engine) -> None:
    """Raises NotReady on a full disk: SQLite would lay files beside the store that stay."""
    place = engine.url.database or ""
    if engine.dialect.name != "sqlite" or place in ("", ":memory:") or place.startswith("file:"):
        return
    folder = Path(place).absolute().parent
    while not folder.exists():
        folder = folder.parent
    if disk_usage(folder).free < FEWEST_BYTES:
        raise NotReady(f"{in_words(FULL)}（{folder}）")


def state_of(engine: Engine) -> State:
    """What lies behind the engine. Raises NotReady for what no command works with, Unavailable."""
    place = engine.url.database or ""
    if engine.dialect.name != "sqlite":
        return _of_server(engine)
    if place in ("", ":memory:") or place.startswith("file:"):
        return state_by(_where(engine), *_through(engine))
    return state_of_file(Path(place))


def _where(engine: Engine) -> str:
    """Without user and password, which may stand in the address."""
    place = engine.url.database or ""
    return f"数据库文件 {place} " if engine.dialect.name == "sqlite" else f"数据库 {place} "


def _of_server(engine: Engine) -> State:
    with told_apart(), engine.connect() as connection:
        version = int((connection.dialect.server_version_info or (OLDEST_SERVER,))[0])
    if version < OLDEST_SERVER:
        raise NotReady(
            f"PostgreSQL {version} 太旧，没有改动：请换用 PostgreSQL {OLDEST_SERVER} 或以后的版本"
        )
    return state_by(_where(engine), *_through(engine))


def _through(engine: Engine) -> tuple[set[str], set[str], str | None]:
    listed = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if engine.dialect.name == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    with told_apart(), engine.connect() as connection:
        tables = set(connection.scalars(text(listed)))
        if "alembic_version" not in tables:
            return tables, set(), None
        found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
        oldest = None
        if "stamp" in tables:
            asked = text("SELECT value FROM stamp WHERE name = :name")
            oldest = connection.scalar(asked, {"name": OLDEST})
        return tables, found, oldest
