"""A place in the order of the worklist, as an address carries it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from workflow.dates import parse_day
from workflow.service.cases.views import Place


def cursor_of(place: Place) -> str:
    """An opaque word for a place in the worklist."""
    said = [place.due.isoformat() if place.due else None, place.number, place.agency]
    said += [True] if place.own else []
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """The place that `cursor_of` named. Raises ValueError, in Chinese."""
    try:
        said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        due, number, agency, *own = said
        if not (isinstance(number, str) and isinstance(agency, str) and number.isprintable()):
            raise ValueError(cursor)
        return Place(parse_day(due) if due is not None else None, number, agency, own == [True])
    except (ValueError, TypeError) as error:
        raise ValueError("不是有效的翻页标记，请使用上一页的 next") from error
