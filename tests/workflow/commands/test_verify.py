"""`gongkai verify`: what it ends with and what it tells."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from config.settings import load
from gongkai import main
from tests.workflow.service.sampling import quick_hashes
from tests.workflow.service.township import Town
from workflow.service.installation import open_office


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_command_exits_with_1_when_something_was_changed_and_tells_no_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG", "GONGKAI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> Any:
        with quick_hashes():
            return CliRunner().invoke(main, list(arguments))

    made = run("init", "--agency", "yanshan", "--name", "砚山县", "--level", "county")
    assert made.exit_code == 0
    town = Town(open_office(load()))
    town.clock(date(2024, 5, 31))
    number = town.register("2024-05-06", name="欧阳某某", items=["低保名册"])
    town.do(number, "assign", "2024-05-07", note="请农业中心办理")
    clean = run("verify")
    assert (clean.exit_code, clean.stdout) == (0, "")
    with town.office.store.engine.begin() as connection:
        connection.execute(text("UPDATE \"case\" SET request = '危房名册'"))
    for broken in (run("verify"), run("verify", "--json")):
        assert broken.exit_code == 1
        assert number in broken.stdout
        assert not any(one in broken.output for one in ("欧阳", "名册", "农业中心", "lifang"))
    (told,) = json.loads(run("verify", "--json").stdout)
    assert set(told) == {"agency", "number", "message"}
    town.office.store.close()
