"""What the answer to each item rests on, in words, for pages that show it."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.law import load_law
from webui import wording
from workflow import events as ev
from workflow.service.cases.views import CaseFile


def item_answers(
    file: CaseFile, attached: tuple[tuple[str, str, str], ...] = ()
) -> list[tuple[int, str, str, list[tuple[str, str]]]]:
    """Each requested item with its answer and what the answer rests on."""
    last = next(
        (line.fields for line in reversed(file.holding) if line.event == "propose_outcome"), {}
    )
    return answers_of(last, file.items, attached)


def answers_of(
    last: Mapping[str, Any], items: Iterable[str], attached: tuple[tuple[str, str, str], ...] = ()
) -> list[tuple[int, str, str, list[tuple[str, str]]]]:
    """The same by the fields of a proposal and the items that were requested."""
    evidence = {item["item"]: item for item in last.get("items") or ()}
    whole = {key: value for key, value in last.items() if key not in ("items", "note")}
    rows = []
    for number, text in enumerate(items, 1):
        proof = evidence.get(number) or (whole if not evidence else {})
        label = load_law().outcomes[proof["outcome"]].label if proof.get("outcome") else ""
        if proof.get("result"):
            label = wording.said_value("propose_outcome", "result", proof["result"])
        said = [
            (
                ev.field_title("propose_outcome", key),
                _pairs(value, attached)
                if key == "pairs"
                else wording.said_value("propose_outcome", key, value),
            )
            for key, value in proof.items()
            if key not in ("item", "outcome", "result")
        ]
        rows.append((number, text, label, said))
    return rows


def _pairs(pairs: list[dict[str, str]], attached: tuple[tuple[str, str, str], ...]) -> str:
    """Which file went out for which, by their names in the case."""
    names = {hash_: name for hash_, name, _ in attached}
    lost = "已不在材料中的文件"
    return "；".join(
        f"{names.get(one['original'], lost)} → {names.get(one['redacted'], lost)}" for one in pairs
    )
