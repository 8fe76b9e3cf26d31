"""What docs/notifications.md and the decision say is so."""

import re
import tomllib

from config.channels import load_channels
from config.settings import KNOWN
from tests.examples import DOCS
from workflow.service.messages.outbox import LEASE, PAUSES

TEXT = (DOCS / "notifications.md").read_text(encoding="utf-8")


def test_every_channel_stands_in_the_table_with_what_it_needs():
    for kind in load_channels().values():
        if kind.needs:
            needs = ", ".join(f"`{name}`" for name in kind.needs)
            assert f"| {needs} |" in TEXT, kind.name


def test_every_setting_of_a_channel_is_named_and_every_example_is_one():
    for kind in load_channels().values():
        for name in kind.settings or {}:
            assert f"`{name}`" in TEXT, name
    for example in re.findall(r"```toml\n(.+?)```", TEXT, re.S):
        assert set(tomllib.loads(example)) <= set(KNOWN)


def test_numbers_of_the_text_are_those_of_the_code():
    assert [pause.total_seconds() / 60 for pause in PAUSES] == [1, 5, 30, 120, 720]
    assert LEASE.total_seconds() == 30
    decision = (DOCS / "decisions" / "0009-what-can-be-sent-twice.md").read_text(encoding="utf-8")
    for text in (TEXT, decision):
        assert "1, 5" in text and "30 minutes, 2 and 12 hours" in text and "thirty seconds" in text
