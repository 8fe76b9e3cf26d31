"""A new key while somebody is signed in and fills in a form: neither ends."""

from pathlib import Path

import pytest
from flask import Flask

from workflow.service import Office
from workflow.service.keys import InstallationKeys
from workflow.store.key_folder import KeyFolder
from workflow.store.sealed import Secrets


@pytest.fixture
def keyed(
    office: Office, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> InstallationKeys:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    office.keys = Secrets.of(KeyFolder(tmp_path / "keys"))
    with office.store.write() as unit:
        unit.set_stamp("key", office.keys.check_value())
    return InstallationKeys(office)


def signature(app: Flask) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"a": 1}))


def read(app: Flask, cookie: str) -> object:
    return app.session_interface.get_signing_serializer(app).loads(cookie)  # type: ignore[attr-defined]


def test_sessions_of_before_hold_and_new_ones_are_signed_with_the_new_key(
    keyed: InstallationKeys, app: Flask, office: Office
) -> None:
    old = signature(app)
    forms = office.keys.lasting_key("forms")
    keyed.rotate()
    new = signature(app)
    assert new.rpartition(".")[2] != old.rpartition(".")[2]
    assert read(app, old) == read(app, new) == {"a": 1}
    assert office.keys.lasting_key("forms") == forms
    office.keys = Secrets([office.keys.now])
    assert read(app, new) == {"a": 1}
    with pytest.raises(Exception, match="does not match"):
        read(app, old)
