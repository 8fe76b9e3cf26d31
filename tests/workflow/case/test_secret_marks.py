"""Text with a mark of a state secret is taken by no field of any event."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from tests.workflow.case.one_of_each import ONE_OF_EACH
from tests.workflow.case.walk import (
    ASSIGNED,
    EVERYBODY,
    MOMENT,
    MONDAY,
    TODAY,
    Walk,
)
from workflow import events as ev
from workflow.case.facts import Actor, Logged
from workflow.refusal import Refusal

MARK = "机密★10年"


def texts_of(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Every field of a model that can hold free text, with a value that holds the mark."""
    for key, field in ((f.alias or key, f) for key, f in model.model_fields.items()):
        shape = str(field.annotation)
        if ev.literal_values(field.annotation) or key in ("level", "unclear_items", "tried_on"):
            continue
        if "ItemOutcome" in shape:
            for inner, value in texts_of(ev.ItemOutcome):
                yield key, [{"item": 1, "outcome": "supplied", inner: value}]
        elif "ItemReview" in shape:
            yield key, [{"item": 1, "checks": {"privacy": "handled"}, "note": MARK}]
        elif "Classification" in shape:
            known = {"level": "机密", "body": "某机关", "on": MONDAY}
            yield key, {**known, "body": MARK}
            yield key, {**known, "authority": MARK}
            yield key, {**known, "derived_from": {"body": "某机关", "number": MARK}}
        elif "RightBody" in shape or "StateArchive" in shape:
            yield key, {"name": MARK}
        elif "Try" in shape:
            yield key, [{"on": MONDAY, "how": MARK}]
        elif "Redaction" in shape:
            known = {"place": "第 3 页", "withheld": "号码", "ground": "个人隐私"}
            for part in (*known, "given"):
                yield key, [{**known, part: MARK}]
        elif "ReturnedItem" in shape:
            yield key, [{"item": 1, "reason": MARK}]
        elif "Counts" in shape or "FilePair" in shape:
            continue
        elif "dict" in shape:
            yield key, {"国家秘密": MARK}
            yield key, {MARK: "无"}
        elif "tuple" in shape:
            yield key, ["合同", MARK]
            if "Asked" in shape:
                yield key, [{"unit": "农业中心", "answer": MARK}]
        elif re.search(r"\bstr\b", shape):
            yield key, MARK


MARKED = [(name, key, value) for name, model in ev.MODELS.items() for key, value in texts_of(model)]


@pytest.mark.parametrize(
    ("name", "key", "value"), MARKED, ids=[f"{name}.{key}.{n}" for n, (name, key, _) in enumerate(MARKED)]
)  # fmt: skip
def test_secret_mark_is_refused_in_every_text_of_every_event(
    name: str, key: str, value: Any
) -> None:
    walk = Walk()
    walk.case.state = walk.case.rules.law.transitions[name].sources[0]
    event = ev.parse(name, {"on": MONDAY, **ONE_OF_EACH.get(name, {}), key: value})
    everyone = Actor("all", EVERYBODY.roles | {"applicant", "system"})
    refusal = walk.case.apply(event, everyone, today=TODAY, recorded_at=MOMENT)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "state_secret_content"
    assert MARK not in refusal.message + refusal.allowed_when
    assert walk.case.log == []


def test_level_of_a_classification_may_be_kept() -> None:
    walk = Walk().must(*ASSIGNED)
    kept = {"level": "机密", "body": "某机关", "on": "2021-03-02"}
    done = walk.do("propose_outcome", 7, outcome="state_secret", classification=kept)
    assert isinstance(done, Logged)
