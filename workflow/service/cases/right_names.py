"""Names that were put right, held to the audit, which says of which case and how often."""

from collections import Counter
from collections.abc import Iterator

from workflow.case.right_name import corrections
from workflow.service.office import Office
from workflow.store import held as queries


def broken_names(office: Office) -> Iterator[tuple[str, str, str]]:
    """Cases of which the corrections are not as many as the audit has; a case whose file was destroyed has none any more."""
    from cryptography.exceptions import InvalidTag

    with office.store.read() as unit:
        there: Counter[tuple[str, str]] = Counter()
        for one in queries.with_right_names(unit):
            try:
                private = office.keys.open_private(one.sealed, one.salt, one.case_id)
            except (InvalidTag, ValueError, TypeError):
                continue  # told of its case
            there[one.agency, one.number] += corrections(private)
        told = Counter(dict(queries.names_put_right(unit)))
        for place in sorted({*there, *told}):
            if there[place] != told[place]:
                yield (*place, "姓名更正的次数与审计记录不符")
