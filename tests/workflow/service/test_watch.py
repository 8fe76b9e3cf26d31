"""What an installation does while the clock of its machine cannot be right."""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from config.errors import WrongClock
from config.settings import load
from gongkai import main
from notifications.worker import Worker
from tests.webui.api.program import application
from tests.workflow.service.sampling import migrated_store, quick_hashes
from tests.workflow.service.town import Town, freeze
from webui.app import create_app
from workflow.case.application import ApplicationForm, OfflineForm, read_form
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service import watch as watching
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.new_case import year_of_number
from workflow.service.installation import migrate_office, open_office, start_office
from workflow.service.watch import Watch
from workflow.store import newest as moments
from workflow.store.staff_models import AuditRow
from workflow.store.store import Store

TEN = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(1)


class Machine:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = TEN

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def opened(tmp_path: Path, machine: Machine) -> Iterator[Callable[[], Office]]:
    """The installation as one more process opens it."""
    migrated_store(tmp_path / "gongkai.db").close()
    offices: list[Office] = []

    def open_one() -> Office:
        settings = load({"GONGKAI_DATA_DIR": str(tmp_path)})
        offices.append(open_office(settings, machine))
        return offices[-1]

    yield open_one
    for office in offices:
        office.store.close()


@pytest.fixture
def office(opened: Callable[[], Office]) -> Office:
    """With a body that takes requests."""
    office = opened()
    with quick_hashes():
        Accounts(office).initialise(
            code="panlong", name="盘龙彝族乡人民政府", level="township", admin="guanli", region=None
        )
    return office


def file(office: Office) -> str:
    form = read_form(application(), ApplicationForm, today=office.today())
    return Intake(office).file(form).number


def test_a_day_before_the_newest_entry_nothing_is_filed(office: Office, machine: Machine) -> None:
    assert file(office) == "2026-0001"
    machine.moment = TEN - DAY
    with pytest.raises(
        WrongClock, match=r"早于库中最新的记录.*请校对本机时间.*gongkai clock --confirm"
    ):
        file(office)
    machine.moment = TEN + DAY
    assert file(office) == "2026-0002"


def test_a_year_after_the_newest_entry_nothing_is_filed(office: Office, machine: Machine) -> None:
    machine.moment = TEN + timedelta(365)
    with pytest.raises(WrongClock, match="晚了一年以上"):
        file(office)


def test_what_another_process_wrote_counts(
    office: Office, opened: Callable[[], Office], machine: Machine
) -> None:
    other = opened()
    machine.moment = TEN - DAY
    with pytest.raises(WrongClock):
        file(other)
    machine.moment = TEN + 3 * DAY
    file(other)
    machine.moment = TEN + DAY
    with pytest.raises(WrongClock):
        file(opened())


def test_a_process_that_was_idle_looks_at_the_store_again(
    office: Office, opened: Callable[[], Office], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = opened()
    file(other)
    machine.moment = TEN + 3 * DAY
    file(office)
    machine.moment = TEN + DAY
    file(other)  # within the minute it goes by what it knows
    later = watching.time.monotonic() + watching.LOOK_SECONDS
    monkeypatch.setattr(watching.time, "monotonic", lambda: later)
    with pytest.raises(WrongClock):
        file(other)


def test_put_back_a_minute_the_log_does_not_go_backwards(office: Office, machine: Machine) -> None:
    file(office)
    machine.moment = TEN - timedelta(minutes=1)
    assert office.now() == TEN
    file(office)
    with office.store.read() as unit:
        assert {
            row.recorded_at for row in unit.cases_numbered(["panlong"], "2026-0002")[0].log
        } == {TEN}


def test_reading_goes_on(office: Office, machine: Machine) -> None:
    machine.moment = TEN - DAY
    assert office.now() == TEN - DAY
    assert [one.code for one in office.agencies()] == ["panlong"]


def test_what_leaves_no_line_of_a_log_is_noted_once_an_hour(
    office: Office, machine: Machine
) -> None:
    def noted() -> datetime:
        with office.store.read() as unit:
            found = moments.noted(unit)
        assert found is not None
        return found.at

    assert noted() == TEN
    for after, expected in ((59, TEN), (60, TEN + timedelta(hours=1))):
        machine.moment = TEN + timedelta(minutes=after)
        with office.store.write():
            pass
        assert noted() == expected


def test_the_operator_confirms_a_long_pause(
    office: Office, opened: Callable[[], Office], machine: Machine
) -> None:
    machine.moment = TEN + timedelta(800)
    Watch(office.store, machine).confirm()
    assert file(opened()) == "2028-0001"
    with office.store.read() as unit:
        line = unit.session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert line is not None
        assert (line.action, line.actor, line.recorded_at) == (
            "clock_confirmed",
            "system",
            machine.moment,
        )
        assert datetime.fromisoformat(line.details["newest"]) == TEN


def test_the_operator_confirms_after_a_clock_that_was_ahead(
    office: Office, opened: Callable[[], Office], machine: Machine
) -> None:
    """What was written in the future stays as it was written, and counts no more."""
    machine.moment = TEN + 90 * DAY
    file(office)
    machine.moment = TEN + DAY
    Watch(office.store, machine).confirm()
    assert file(opened()) == "2026-0002"
    machine.moment = TEN
    with pytest.raises(WrongClock):
        file(opened())


def test_a_store_of_before_knows_its_last_lines(office: Office, opened: Callable[[], Office], machine: Machine) -> None:  # fmt: skip
    file(office)
    with office.store.write() as unit:
        unit.set_stamp(moments.STAMP, '{"at": "2020-01-01T00:00:00+08:00", "confirmed": {}}')
    machine.moment = TEN - DAY
    with pytest.raises(WrongClock):
        file(opened())


def test_an_upgrade_is_made_whatever_the_clock_says(office: Office, machine: Machine) -> None:
    machine.moment = TEN - DAY
    assert migrate_office(office, search=True)
    with pytest.raises(WrongClock):
        file(office)


def test_a_server_starts_and_says_in_the_log_why_it_writes_nothing(
    office: Office,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with office.store.write() as unit:
        moments.note(unit, datetime.now(SHANGHAI) + DAY)
    with caplog.at_level(logging.ERROR, "gongkai.clock"):
        started = start_office(load({"GONGKAI_DATA_DIR": str(tmp_path)}))
    started.store.close()
    (line,) = caplog.messages
    assert "早于库中最新的记录" in line


def test_it_is_said_once_a_minute(office: Office, machine: Machine, caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    machine.moment = TEN - DAY
    for _ in range(3):
        with pytest.raises(WrongClock):
            file(office)
    assert len(caplog.messages) == 1


def test_pages_and_calls_say_it_and_the_pages_can_be_read(office: Office, machine: Machine) -> None:
    number = file(office)
    app = create_app(office, load({}))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    machine.moment = TEN - DAY
    call = client.post("/api/v1/applications", json=application())
    assert (call.status_code, call.headers["Retry-After"]) == (503, "300")
    assert call.mimetype == "application/problem+json" and "本机时间不对" in call.json["detail"]
    for path in ("/", "/guide", "/query", "/desk/login", "/api/v1/openapi.json"):
        assert client.get(path).status_code == 200, path
    for path, sent in (
        ("/query", {"number": number, "code": "AAAAAAAAAA"}),
        ("/desk/login", {"user": "guanli", "password": "wrong"}),
    ):
        answer = client.post(path, data=sent)
        assert answer.status_code == 503, path
        assert "本机时间不对" in answer.text and "请联系运行人员" in answer.text


def test_the_worker_waits_with_the_rest(office: Office, machine: Machine) -> None:
    worker = Worker(office, load({}))
    machine.moment = TEN - DAY
    worker._try(worker.lead)
    assert not worker.leads


def test_the_command_tells_and_confirms(office: Office, tmp_path: Path) -> None:
    def clock(*given: str) -> tuple[int, str]:
        found = CliRunner(env={"GONGKAI_DATA_DIR": str(tmp_path)}).invoke(main, ["clock", *given])
        return found.exit_code, found.output

    with office.store.unasked(), office.store.write() as unit:
        moments.note(unit, datetime.now(SHANGHAI) + DAY)
    code, said = clock()
    assert code == 1 and "早于库中最新的记录" in said and "已停止写入" in said
    code, said = clock("--json")
    assert code == 1 and '"wrong": "本机时间显示' in said
    code, said = clock("--confirm")
    assert code == 0 and "时间相符，正常写入" in said
    lines = len(audited(office))
    assert clock("--confirm")[0] == 0 and len(audited(office)) == lines


def audited(office: Office) -> list[AuditRow]:
    with office.store.read() as unit:
        return list(unit.session.scalars(select(AuditRow)))


# -- a number in a published year -------------------------------------------------------------------------


def letter(town: Town, on: str, agency: str = "panlong", clerk: str = "lifang") -> str:
    """A letter that came on the day is registered now."""
    person = {
        "kind": "citizen",
        "name": "张三",
        "id_type": "passport",
        "id_number": "E10000001",
        "phone": "13800138000",
    }
    data = {"agency": agency, "applicant": person, "items": ["合同"], "channel": "in_person", "delivery": ["pickup"],
            "medium": ["paper"], "on": on}  # fmt: skip
    form = read_form(data, OfflineForm, today=town.office.today())
    return town.intake.register(form, town.staff(clerk)).number


def test_a_letter_of_a_published_year_gets_a_number_of_the_year_of_registration(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, "2026-03-02")
    assert letter(town, "2025-12-30") == "2025-0001"
    freeze(town.office, "panlong", 2025)
    assert letter(town, "2025-12-31") == "2026-0001"
    assert letter(town, "2024-12-31") == "2024-0001"
    assert letter(town, "2025-12-29", "jiangna", "sunli") == "2025-0001"


def test_a_year_that_was_published_early_still_gives_numbers(tmp_path: Path) -> None:
    """A body may report before it ends; what comes after that is registrable too."""
    town = Town(tmp_path, "2026-03-02")
    freeze(town.office, "panlong", 2026)
    assert letter(town, "2026-03-02") == "2026-0001"


def test_before_the_publication_of_the_year_nothing_gets_a_number(tmp_path: Path) -> None:
    town = Town(tmp_path, "2026-03-02")
    freeze(town.office, "panlong", 2025)
    town.is_("2025-12-30")
    with pytest.raises(WrongClock, match="2025 年的年度报告已经公布"):
        town.file()
    with town.office.store.read() as unit:
        assert not unit.cases_numbered(["panlong"], "2025-0001")


def test_a_new_reply_ordered_in_a_published_year_gets_a_number_of_today(tmp_path: Path) -> None:
    town = Town(tmp_path, "2026-03-02")
    freeze(town.office, "panlong", 2025)
    with town.office.store.read() as unit:
        body = town.office.found_agency(unit, "panlong")
        for on, year in (
            (date(2025, 12, 30), 2026),
            (date(2024, 12, 30), 2024),
            (date(2026, 1, 5), 2026),
        ):
            assert year_of_number(town.office, unit, body, on) == year


def test_what_plays_the_past_is_not_asked(tmp_path: Path) -> None:
    store: Store = Town(tmp_path, "2026-03-02").office.store
    with store.write() as unit:
        assert unit.stamp(moments.STAMP) is None
