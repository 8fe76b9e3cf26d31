"""An installation for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.service.backups.installed import Installation


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    made = Installation(tmp_path)
    yield made
    made.office.store.close()
