"""What the tests of the commands share: how one is called, its first call, the office it left behind."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from config.settings import load
from workflow.service import Office
from workflow.service.installation import open_office

Run = Callable[..., Result]
INIT = ("init", "--agency", "panlong", "--name", "盘龙彝族乡人民政府", "--level", "township")


def office_of_the_store() -> Office:
    return open_office(load())


def written(tmp_path: Path, data: Any) -> str:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(path)
