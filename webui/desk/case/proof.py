"""What the answer to each item rests on, in words, for pages that show it."""

from config.law import load_law
from webui import wording
from workflow import events as ev
from workflow.service.cases.views import CaseFile


def item_answers(file: CaseFile) -> list[tuple[int, str, str, list[tuple[str, str]]]]:
    """Each requested item with its answer and what the answer rests on."""
    last = next(
        (line.fields for line in reversed(file.holding) if line.event == "propose_outcome"), {}
    )
    evidence = {item["item"]: item for item in last.get("items") or ()}
    whole = {key: value for key, value in last.items() if key not in ("items", "note")}
    rows = []
    for number, text in enumerate(file.items, 1):
        proof = evidence.get(number) or (whole if not evidence else {})
        label = load_law().outcomes[proof["outcome"]].label if proof.get("outcome") else ""
        if proof.get("result"):
            label = wording.said_value("propose_outcome", "result", proof["result"])
        said = [
            (
                ev.field_title("propose_outcome", key),
                wording.said_value("propose_outcome", key, value),
            )
            for key, value in proof.items()
            if key not in ("item", "outcome", "result")
        ]
        rows.append((number, text, label, said))
    return rows
