"""`gongkai serve` and `gongkai worker` as an operator starts them: messages go out, secrets stay."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from config.channels import load_channels
from config.settings import load
from tests.examples import ROOT
from tests.notifications.receivers import closed_port, mail_server
from tests.stores import for_others
from workflow.case.application import ApplicationForm
from workflow.service.cases.intake import Intake
from workflow.service.installation import open_office
from workflow.store.message_models import MessageRow

FORM = {
    "agency": "panlong",
    "applicant": {
        "kind": "citizen", "name": "张三丰", "id_type": "resident_id",
        "id_number": "11010519491231002X", "phone": "13800000000",
        "email": "zhang@applicant.example",
    },
    "items": ["合同"], "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip


def environment(folder, port, **more):
    return {
        **os.environ, "GONGKAI_DATA_DIR": str(folder), "GONGKAI_SMTP_HOST": "127.0.0.1",
        "GONGKAI_DATABASE_URL": for_others(folder / "gongkai.db"), "GONGKAI_SMTP_PORT": str(port), "GONGKAI_SMTP_SECURITY": "none",
        "GONGKAI_MAIL_FROM": "a@town.example", "GONGKAI_SMTP_PASSWORD": "hush-hush", **more,
    }  # fmt: skip


def gongkai(given, env):
    return subprocess.run(
        [sys.executable, "gongkai.py", *given], cwd=ROOT, env=env, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def first_body(env):
    done = gongkai(["init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township"], env)
    assert done.returncode == 0, done.stderr


def file_one(env):
    office = open_office(load({k: v for k, v in env.items() if k.startswith("GONGKAI_")}))
    Intake(office).file(ApplicationForm.model_validate(FORM))
    office.store.close()


def wait_for(what, seconds=40):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


def told_to_stop(process):
    """Often; what is being sent is waited for."""
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)


def states(env):
    office = open_office(load({k: v for k, v in env.items() if k.startswith("GONGKAI_")}))
    with office.store.read() as unit:
        found = set(unit.session.scalars(select(MessageRow.state)))
    office.store.close()
    return found


def test_serve_sends_what_an_applicant_must_be_told_and_sends_it_before_it_stops(tmp_path):
    answered = threading.Event()
    with mail_server() as box:
        box.taken = lambda: answered.wait(60) and None
        env = environment(tmp_path, box.port)
        first_body(env)
        port = closed_port()
        process = subprocess.Popen(
            [sys.executable, "gongkai.py", "serve", "--port", str(port)], cwd=ROOT, env=env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            file_one(env)
            assert wait_for(lambda: box.mails)
            assert box.to == ["zhang@applicant.example"]
            with socket.create_connection(("127.0.0.1", port), 10):
                pass
            told_to_stop(process)
        finally:
            answered.set()
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in said, said
    assert len(box.mails) == 1 and states(env) == {"sent"}
    for secret in ("zhang@", "张三丰", "hush-hush"):
        assert secret not in said


@pytest.mark.long(reason="starts two programs; one that sends itself is started in every run")
def test_worker_of_its_own_sends_where_serve_does_not(tmp_path):
    with mail_server() as box:
        env = environment(tmp_path, box.port, GONGKAI_WORKER_IN_SERVE="false")
        first_body(env)
        file_one(env)
        done = gongkai(["worker", "--once"], env)
        assert done.returncode == 0, done.stderr
        assert len(box.mails) == 1
        assert "zhang@" not in done.stdout + done.stderr


def test_config_tells_where_a_secret_comes_from_and_never_what_it_is(tmp_path):
    env = environment(tmp_path, 1)
    first_body(env)
    shown = gongkai(["config", "--json"], env)
    program = json.loads(shown.stdout)["program"]
    assert program["smtp_password"] == {"value": "…", "origin": "GONGKAI_SMTP_PASSWORD"}
    assert "hush-hush" not in shown.stdout
    secrets = [name for kind in load_channels().values() for name in kind.secret]
    assert len(secrets) >= 8


@pytest.mark.long(reason="starts two more programs; one is stopped in every run")
@pytest.mark.parametrize("given", [["worker"], ["serve", "--workers", "2"]], ids=" ".join)
def test_who_is_told_to_stop_amidst_of_sending_sends_first_however_often_it_is_told(
    given: list[str], tmp_path: Path
) -> None:
    answered = threading.Event()
    with mail_server() as box:
        box.taken = lambda: answered.wait(60) and None
        env = environment(tmp_path, box.port, GONGKAI_PORT=str(closed_port()))
        first_body(env)
        file_one(env)
        process = subprocess.Popen(
            [sys.executable, "gongkai.py", *given], cwd=ROOT, env=env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            assert wait_for(lambda: box.mails)
            told_to_stop(process)
        finally:
            answered.set()
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in said, said
    assert len(box.mails) == 1 and states(env) == {"sent"}
