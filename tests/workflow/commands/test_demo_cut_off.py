"""`gongkai demo --fill` that is cut off leaves no demonstration without a password."""

import stat

import pytest
from click.testing import CliRunner

from config.settings import load
from gongkai import main
from workflow.commands import cases
from workflow.people import hash_password
from workflow.service.accounts import Accounts
from workflow.service.installation import open_office
from workflow.service.office import Office


class Killed(BaseException):
    """What no handler catches."""


def bodies_only(office: Office, password: str) -> None:
    with office.store.write() as unit:
        body = office.add_agency(unit, code="panlong", name="盘龙彝族乡人民政府", level="township")
        Accounts(office).add_user(
            unit,
            name="lifang",
            agency=body,
            roles=("clerk",),
            password_hash=hash_password(password),
        )


def cut_off(office: Office, password: str) -> None:
    bodies_only(office, password)
    raise Killed


def run(folder):
    return CliRunner(env={"GONGKAI_DATA_DIR": str(folder)}).invoke(main, ["demo", "--fill"])


def test_what_was_cut_off_is_made_anew_and_its_password_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(cases, "fill_sample", cut_off)
    with pytest.raises(Killed):
        run(tmp_path)
    monkeypatch.setattr(cases, "fill_sample", bodies_only)
    done = run(tmp_path)
    assert done.exit_code == 0 and "现在从头生成" in done.stderr
    password = (tmp_path / "demo-password.txt").read_text("utf-8")
    assert password in done.stdout and "lifang" in done.stdout
    office = open_office(load({"GONGKAI_DATA_DIR": str(tmp_path)}))
    assert Accounts(office).log_in("lifang", password).name == "lifang"
    office.store.close()
    assert stat.S_IMODE((tmp_path / "demo-password.txt").stat().st_mode) == 0o600


def test_a_whole_demonstration_stays_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(cases, "fill_sample", bodies_only)
    first = run(tmp_path)
    monkeypatch.setattr(cases, "fill_sample", cut_off)
    again = run(tmp_path)
    assert again.exit_code == 0 and again.stdout == first.stdout


def test_what_was_cut_off_serves_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(cases, "fill_sample", cut_off)
    with pytest.raises(Killed):
        run(tmp_path)
    for command in ("serve --port 9", "user list", "worker --once"):
        env = {"GONGKAI_DATA_DIR": str(tmp_path)}
        done = CliRunner(env=env).invoke(main, command.split())
        assert done.exit_code == 2 and "再运行一次 gongkai demo --fill" in done.stderr
