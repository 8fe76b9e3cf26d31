"""What docs/notifications.md and the decision say is so."""

import json
import re
import tomllib
from datetime import timedelta

from jsonschema import Draft202012Validator

from config.channels import load_channels
from config.settings import KNOWN
from notifications.channels.deadline import CONNECT_SECONDS
from notifications.worker import PATIENCE_SECONDS, SYSTEMS_AT_ONCE
from tests.examples import DOCS, ROOT
from webui.api.hooks import SCHEMAS
from webui.api.words import enumerations
from workflow.service.forgetting import PERIODS
from workflow.service.hooks.receivers import BOTH_SIGN
from workflow.service.hooks.sending import PROBE
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


def test_what_other_systems_are_sent_is_what_the_text_shows():
    (example,) = re.findall(r"```json\n(.+?)```", TEXT, re.S)
    named = {name: {"enum": list(labels)} for name, labels in enumerations().items()}
    whole = {"components": {"schemas": {**SCHEMAS, **named}}}
    Draft202012Validator({"$ref": "#/components/schemas/HookEvent", **whole}).validate(
        json.loads(example)
    )


def test_pauses_and_days_of_deliveries_are_those_of_the_code():
    text = " ".join(TEXT.split())
    page = (ROOT / "webui/templates/desk/hook.html").read_text(encoding="utf-8")
    assert "1 分钟、5 分钟、30 分钟、2 小时、12 小时" in page and "九十天" in page
    decision = (DOCS / "decisions" / "0061-other-systems-are-told-what-happened.md").read_text(
        encoding="utf-8"
    )
    assert PERIODS["deliveries_to_systems"].lasts == timedelta(90) and "ninety days" in text
    assert timedelta(minutes=5) == PROBE and "wait five minutes" in decision
    assert timedelta(days=1) == BOTH_SIGN and "for a day both sign" in text
    assert CONNECT_SECONDS == 10 and "within ten seconds" in text, "so long a silence may be"
    assert SYSTEMS_AT_ONCE == 8 and "eight addresses at once" in text
    running = (DOCS / "running.md").read_text(encoding="utf-8")
    assert PATIENCE_SECONDS == 3 and "is waited for three seconds" in running
    assert len(PAUSES) == 5 and "after six attempts" in text
