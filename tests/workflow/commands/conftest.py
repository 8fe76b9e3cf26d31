"""Commands over a store of their own."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai import main
from tests.workflow.commands.calling import Run
from tests.workflow.service.sampling import quick_hashes


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`gongkai …` over a store of its own."""
    for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG", "GONGKAI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        with quick_hashes():
            return CliRunner().invoke(main, list(arguments), input=stdin)

    return invoke
