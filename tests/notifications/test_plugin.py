"""A channel is added by one class and one row of configuration, and from then on goes the way of all."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from config.channels import ChannelError, load_channels, load_told
from notifications.channels import open_channel
from notifications.worker import Worker
from workflow.service.messages.outbox import Outgoing

ROW = """
[in_app]
label = "站内消息"
follows = "in_app"
to = "person"
repeats = true
needs = []
[pager]
label = "寻呼机"
class = "tests.notifications.test_plugin:Pager"
follows = "sms"
to = "person"
address = "phone"
repeats = false
needs = []
"""


class Pager:
    """The whole of a new channel."""

    heard: list[str] = []  # noqa: RUF012

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def send(self, message: Outgoing, handing: Callable[[], None]) -> str:
        handing()
        self.heard.append(f"{message.address} {message.text}")
        return "响了"


def test_new_channel_is_one_class_and_one_row(street, tmp_path):
    (tmp_path / "channels.toml").write_text(ROW, encoding="utf-8")
    town = street("2024-05-06")
    town.office.channels = tuple(load_channels(tmp_path).values())
    number = town.file(email=None).number
    town.contact("lifang", phone="13911112222")
    town.remind(number)
    worker = Worker(town.office, {})
    assert list(worker.channels) == ["pager"]
    assert isinstance(open_channel(town.office.channels[1], {}), Pager)
    worker.lead()
    worker.send("pager")
    assert town.states(channel="pager") == ["sent"]
    assert Pager.heard[0].endswith(f"申请 {number} 的答复期限还有 5 个工作日")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('follows = "sms"', 'follows = "pigeon"'),
        ('to = "person"\naddress', 'to = "everybody"\naddress'),
        ('address = "phone"', 'address = "home"'),
        ('address = "phone"', 'address = "account"'),
        ('address = "phone"', 'account_shape = "["'),
        ("test_plugin:Pager", "test_plugin.Pager"),
        ('label = "寻呼机"', 'name = "寻呼机"'),
        ("repeats = false\nneeds = []", 'repeats = false\nneeds = ["pager_url"]'),
    ],
)
def test_row_that_cannot_be_is_named(tmp_path: Path, old: str, new: str) -> None:
    assert old in ROW
    (tmp_path / "channels.toml").write_text(ROW.replace(old, new), encoding="utf-8")
    with pytest.raises(ChannelError, match="pager"):
        load_channels(tmp_path)


def test_an_applicant_cannot_be_told_more_than_number_and_day(tmp_path):
    (tmp_path / "told.toml").write_text(
        '[serve]\nmoment = "m"\nlabel = "l"\nwords = "{number} {name}"\nwords_no_due = ""\n'
        'basis = "条例36"\n',
        encoding="utf-8",
    )
    with pytest.raises(ChannelError, match="serve"):
        load_told(tmp_path)
