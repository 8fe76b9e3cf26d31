"""A real office over a real SQLite store, its staff, and a visitor who fills in the real forms."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import func, select

from config.settings import load
from tests.letter_texts import with_texts
from tests.webui.api.held import HeldClient
from tests.webui.api.program import Program
from tests.webui.visitor import Visitor
from tests.workflow.service.sampling import KEYS, QUICK, migrated_store
from webui import limits
from webui.app import create_app, open_doors
from workflow.dates import SHANGHAI
from workflow.people import SCOPES
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.store import Store
from workflow.store.unit import Unit

PASSWORD = "Blue-Paper-42"
STAFF: dict[str, tuple[str, tuple[str, ...]]] = {
    "lifang": ("panlong", ("clerk",)),
    "zhaoming": ("panlong", ("handler",)),
    "wangqiang": ("panlong", ("secrecy_reviewer",)),
    "falv": ("panlong", ("legal_reviewer",)),
    "chen": ("panlong", ("leader", "office_head")),
    "sunli": ("jiangna", ("clerk", "handler", "leader", "office_head", "secrecy_reviewer")),
    "county": ("yanshan", ("clerk",)),
    "guanli": ("panlong", ("system_admin",)),
}
BODIES = (
    ("yanshan", "砚山县人民政府", "county", None),
    ("panlong", "盘龙彝族乡人民政府", "township", "yanshan"),
    ("jiangna", "江那镇人民政府", "township", "yanshan"),
)


def with_bodies(office: Office, unit: Unit) -> dict[str, AgencyRow]:
    """The bodies of these tests, by code; the county itself takes no requests."""
    return {
        code: office.add_agency(
            unit, code=code, name=name, level=level, parent=parent, takes_requests=code != "yanshan"
        )
        for code, name, level, parent in BODIES
    }


class Today:
    """The office's clock; a test moves it."""

    def __init__(self, day: date) -> None:
        self.moment = datetime(day.year, day.month, day.day, 10, 0, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        return self.moment

    def is_(self, text: str) -> None:
        self.moment = datetime.fromisoformat(f"{text}T10:00:00").replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """A quick one: hashes are slow on purpose, and a hash says itself how dear it is to check."""
    return QUICK.hash(PASSWORD)


@pytest.fixture
def today() -> Today:
    return Today(date(2024, 5, 6))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Path:
    """A migrated store with bodies and staff, made once; every test gets a copy."""
    path = tmp_path_factory.mktemp("furnished") / "store.db"
    store = migrated_store(path)
    office = Office(store, KEYS)
    with store.write() as unit:
        bodies = with_bodies(office, unit)
        for code in ("panlong", "jiangna"):
            with_texts(
                unit, bodies[code], "court", "online_review_url", "contact_phone", "letter_code"
            )
        for name, (code, roles) in STAFF.items():
            row = Accounts(office).add_user(unit, name=name, agency=bodies[code], roles=roles)
            row.password_hash = password_hash
    store.close()
    return path


@pytest.fixture
def office(furnished: Path, tmp_path: Path, today: Today) -> Iterator[Office]:
    shutil.copy(furnished, tmp_path / "store.db")
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    yield Office(store, KEYS, now=today)
    store.close()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def built(
    furnished: Path, tmp_path_factory: pytest.TempPathFactory, compiled: FileSystemBytecodeCache
) -> Flask:
    """The application, put together once: its routes, forms and templates hang on no office."""
    store = Store(f"sqlite:///{shutil.copy(furnished, tmp_path_factory.mktemp('built'))}")
    app = create_app(Office(store, KEYS), load({}))
    store.close()
    app.config["RATELIMIT_ENABLED"] = False
    app.test_client_class = HeldClient
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def app(built: Flask, office: Office, tmp_path: Path) -> Iterator[Flask]:
    """The application over the test's own office, with a data folder in which nothing lies. What a test changes of it lasts
    no longer."""
    parts = (built.config, built.extensions, built.view_functions)
    before = [dict(part) for part in parts]
    open_doors(built, office, load({"GONGKAI_DATA_DIR": str(tmp_path / "data")}))
    limits.reading.reset()
    yield built
    for part, kept in zip(parts, before, strict=True):
        part.clear()
        part.update(kept)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """An applicant at the portal."""
    return Visitor(app)


@pytest.fixture
def staff(app: Flask, office: Office) -> Callable[[str], Visitor]:
    """A member of staff who has logged in (how that is done: desk/test_account.py)."""
    known: dict[str, Visitor] = {}

    def logged_in(name: str) -> Visitor:
        if name not in known:
            person = office.staff(name)
            assert person is not None
            known[name] = Visitor(app).signed_in(person)
        return known[name]

    return logged_in


@pytest.fixture
def counted(office: Office) -> Callable[[], int]:
    """How many cases the store holds."""

    def count() -> int:
        with office.store.read() as unit:
            return unit.session.scalar(select(func.count(CaseRow.id))) or 0

    return count


@pytest.fixture
def program(app: Flask, office: Office) -> Callable[..., Program]:
    """A program with a member of staff's token; without a name, an applicant's program."""

    def calling(name: str | None = None, *scopes: str) -> Program:
        token = Accounts(office).create_token(name, scopes or SCOPES) if name else None
        return Program(app, token)

    return calling
