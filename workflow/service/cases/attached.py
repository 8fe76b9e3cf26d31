"""Files that an event names by their hashes: they lie in the case, and what goes out was looked through."""

from collections.abc import Iterator

from workflow import events as ev
from workflow.refusal import BadInput, FieldError
from workflow.store import files
from workflow.store.unit import Unit

CHECKED = "reply"
"""The kind of files that are looked through for what they would betray when they are uploaded."""


def check_named_files(unit: Unit, case_id: int, event: ev.Event) -> None:
    """Asks the store only where the event names a file. Raises BadInput at the fields."""
    named = list(_named(event))
    if not named:
        return
    kinds: dict[str, set[str]] = {}
    for file in files.files_of(unit, case_id):
        kinds.setdefault(file.sha256, set()).add(file.kind)
    errors = []
    for field, hash_, kind in named:
        if hash_ not in kinds:
            errors.append(FieldError(field, "这份文件不在本件的材料里"))
        elif kind and kind not in kinds[hash_]:
            errors.append(
                FieldError(field, "处理后的文件请按“答复及附件”上传，系统会检查有没有残留")
            )
    if errors:
        raise BadInput(errors)


def _named(event: ev.Event) -> Iterator[tuple[str, str, str | None]]:
    """Each file as (field, hash, the kind that it must be of)."""
    if isinstance(event, ev.RecordSearch):
        for n, one in enumerate(event.asked or ()):
            if isinstance(one, ev.Asked) and one.file:
                yield f"asked.{n}.file", one.file, None
    if isinstance(event, ev.ProposeOutcome):
        yield from _of_pairs("", event)
        for n, item in enumerate(event.items or ()):
            yield from _of_pairs(f"items.{n}.", item)


def _of_pairs(place: str, evidence: ev.Evidence) -> Iterator[tuple[str, str, str | None]]:
    for n, pair in enumerate(evidence.pairs or ()):
        yield f"{place}pairs.{n}.original", pair.original, None
        yield f"{place}pairs.{n}.redacted", pair.redacted, CHECKED
