"""Deliveries to other systems over real HTTP: signed as Standard Webhooks says, to allowed servers alone, in the worker."""

import base64
import hashlib
import hmac
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from standardwebhooks import Webhook, WebhookVerificationError

from notifications.channels.http import Timing
from notifications.hooks import AWAY, NOT_ALLOWED, NOT_HEARD, HookSender, signatures
from notifications.worker import Worker
from tests.examples import DOCS
from tests.notifications.receivers import Gateway, closed_port, gateway, silent_server
from tests.workflow.service.hooks.hooked import Hooked
from webui.api.hooks import SCHEMAS
from webui.api.words import enumerations

SECRET = "whsec_" + base64.b64encode(b"x" * 32).decode()


def hooked_at(town: Any, url: str, hosts: str) -> tuple[Hooked, int, str, HookSender]:
    hooked = Hooked(town, hosts)
    which, secret = hooked.add(url=url, events=("receive",))
    return hooked, which, secret, HookSender(town.office, hooked.settings)


def at(town: Any, seen: Gateway) -> tuple[Hooked, int, str, HookSender]:
    return hooked_at(town, seen.url, f"http://127.0.0.1:{seen.port}")


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def whole() -> dict[str, Any]:
    """The schemas of the document that a delivery refers to."""
    named = {name: {"enum": list(labels)} for name, labels in enumerations().items()}
    return {"components": {"schemas": {**SCHEMAS, **named}}}


def test_signature_is_that_of_the_specification() -> None:
    """The example of the specification's reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    key, stamp = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    assert signatures((secret,), key, stamp, b'{"test": 2432232314}') == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_delivery_arrives_signed_and_says_what_the_document_says(street) -> None:
    with gateway() as seen:
        hooked, _, secret, sender = at(street(), seen)
        number = hooked.town.file().number
        assert sender.send_one() and not sender.send_one()
        (call,) = seen.calls
        assert (call.method, call.path) == ("POST", "/hook?key=hush")
        said = Webhook(secret).verify(call.body, call.headers)
        assert said["data"]["number"] == number and said["type"] == "receive"
        assert said["id"] == lower(call.headers)["webhook-id"] == hooked.rows()[0].key
        assert lower(call.headers)["content-type"] == "application/json; charset=utf-8"
        schema = {"$ref": "#/components/schemas/HookEvent", **whole()}
        Draft202012Validator(schema).validate(said)
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(call.body, call.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(call.body.replace(b"receive", b"archive"), call.headers)
    assert [(row.state, row.status) for row in hooked.rows()] == [("sent", 200)]


def test_while_a_secret_is_changed_either_one_verifies(street) -> None:
    with gateway() as seen:
        hooked, which, old, sender = at(street(), seen)
        new = hooked.receivers.renew_secret(hooked.town.staff("guanli"), which)
        hooked.town.file()
        sender.send_one()
        (call,) = seen.calls
        for secret in (old, new):
            Webhook(secret).verify(call.body, call.headers)
        stamp, key = lower(call.headers)["webhook-timestamp"], lower(call.headers)["webhook-id"]
        assert abs(int(stamp) - time.time()) < 60
        by_hand = hmac.new(
            base64.b64decode(new.removeprefix("whsec_")),
            f"{key}.{stamp}.".encode() + call.body,
            hashlib.sha256,
        )
        first = lower(call.headers)["webhook-signature"].split(" ")[0]
        assert first == "v1," + base64.b64encode(by_hand.digest()).decode()


def test_a_trial_arrives_and_says_what_the_document_says(street) -> None:
    with gateway() as seen:
        hooked, which, secret, sender = at(street(), seen)
        hooked.receivers.try_out(hooked.town.staff("guanli"), which)
        sender.send_one()
        said = Webhook(secret).verify(seen.calls[0].body, seen.calls[0].headers)
    schema = {"$ref": "#/components/schemas/HookTest", **whole()}
    Draft202012Validator(schema).validate(said)
    assert said["type"] == "test" and said["data"] == {"agency": "panlong"}


def test_what_was_not_taken_comes_again_under_the_same_key(street) -> None:
    with gateway() as seen:
        hooked, which, secret, sender = at(street(), seen)
        hooked.town.file()
        for status in (500, 302, 404):
            seen.status = status
            assert sender.send_one()
            row = hooked.rows()[0]
            assert (row.state, row.status) == ("waiting", status)
            assert str(status) in row.problem and "127.0.0.1" not in row.problem
            hooked.town.now = row.not_before
        seen.status = 204
        assert sender.send_one()
        hooked.receivers.send_again(hooked.town.staff("guanli"), which, hooked.rows()[0].id)
        assert sender.send_one() and hooked.states() == ["sent"]
        assert len({lower(call.headers)["webhook-id"] for call in seen.calls}) == 1
        assert len({call.body for call in seen.calls}) == 1 and len(seen.calls) == 5
        assert all(Webhook(secret).verify(call.body, call.headers) for call in seen.calls)


def test_a_receiver_that_is_gone_is_not_asked_again(street) -> None:
    with gateway() as seen:
        hooked, _, _, sender = at(street(), seen)
        hooked.town.file()
        seen.status = 410
        sender.send_one()
    assert [(row.state, row.problem) for row in hooked.rows()] == [
        ("failed", "对方说不再接收（410）")
    ]


def test_silence_and_closed_doors_are_told_apart_and_tried_again(street) -> None:
    with gateway() as seen:
        seen.hang_up = True
        hooked, _, _, sender = at(street(), seen)
        hooked.town.file()
        sender.send_one()
        (row,) = hooked.rows()
        assert (row.state, row.status, row.problem) == ("waiting", None, NOT_HEARD)
    port = closed_port()
    url = f"http://127.0.0.1:{port}/"
    hooked, _, _, sender = hooked_at(street(), url, f"http://127.0.0.1:{port}")
    hooked.town.file()
    sender.send_one()
    (row,) = hooked.rows()
    assert (row.state, row.status, row.problem) == ("waiting", 0, AWAY)
    with silent_server() as quiet:
        url = f"http://127.0.0.1:{quiet}/"
        hooked, _, _, sender = hooked_at(street(), url, f"http://127.0.0.1:{quiet}")
        sender.timing = Timing(connect=1, whole=0.3)
        hooked.town.file()
        sender.send_one()
        assert hooked.rows()[0].problem == NOT_HEARD


def test_a_receiver_that_is_silent_for_longer_than_is_told_has_not_answered(street) -> None:
    words = (DOCS / "notifications.md").read_text("utf-8")
    assert "within ten seconds" in words and Timing().connect == 10
    with silent_server() as quiet:
        url = f"http://127.0.0.1:{quiet}/"
        hooked, _, _, sender = hooked_at(street(), url, f"http://127.0.0.1:{quiet}")
        sender.timing = Timing(connect=0.3, whole=30)
        hooked.town.file()
        begun = time.monotonic()
        sender.send_one()
        assert time.monotonic() - begun < 5 and hooked.rows()[0].problem == NOT_HEARD


def test_a_server_that_the_operator_does_not_allow_any_more_is_never_called(street) -> None:
    with gateway() as seen:
        hooked, _, _, _ = at(street(), seen)
        hooked.town.file()
        for hosts in ("oa.example", f"https://127.0.0.1:{seen.port}", "http://127.0.0.1:1"):
            sender = HookSender(hooked.town.office, {"hook_hosts": hosts, "hook_ca": ""})
            hooked.town.later(hours=13)
            assert sender.send_one()
        assert seen.calls == [] and hooked.rows()[0].problem == NOT_ALLOWED


def test_certificates_are_held_to_those_of_the_system_or_of_the_setting(
    street, certificate: Path
) -> None:
    with gateway(certificate) as seen:
        host = f"localhost:{seen.port}"
        hooked, _, _, sender = hooked_at(street(), f"https://{host}/in", host)
        hooked.town.file()
        sender.send_one()
        assert seen.calls == [] and hooked.rows()[0].problem == AWAY
        sender = HookSender(hooked.town.office, {"hook_hosts": host, "hook_ca": str(certificate)})
        hooked.town.later(hours=1)
        sender.send_one()
        assert len(seen.calls) == 1 and hooked.states() == ["sent"]


def test_the_worker_sends_them_where_servers_are_allowed_and_the_leader_alone(street) -> None:
    with gateway() as seen:
        hooked, _, _, _ = at(street(), seen)
        hooked.town.file()
        idle = Worker(hooked.town.office, {"hook_hosts": ""})
        assert idle.lead() and idle.send_to_systems() == 0
        worker = Worker(hooked.town.office, hooked.settings)
        assert not worker.lead() and worker.send_to_systems() == 0 and seen.calls == []
        idle.stop()
        worker.start()
        try:
            names = {job.id for job in worker._scheduler.get_jobs()}
            assert "send to systems" in names
            until = time.monotonic() + 20
            while not seen.calls and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            worker.stop()
        assert len(seen.calls) == 1 and hooked.states() == ["sent"]
