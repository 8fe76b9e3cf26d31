"""What is done once more when another transaction was quicker, and what cannot be done just now."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

from config.errors import Unavailable
from workflow.store.dialect import overtaken
from workflow.store.trouble import away, in_words, trouble_of

ATTEMPTS = 12
"""Of one use case. Each of them waits for locks already; more would hide a fault."""
PAUSE, LONGEST = 0.01, 0.3
"""Seconds before the second attempt, at most; it doubles up to the longest one."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Overtaken(Unavailable):
    """Another transaction was quicker; this one wrote nothing and may begin again."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Tell what may be done again, and what may be tried later, from faults. Raises Overtaken and
    Unavailable; every other error goes through, also that a row was there already."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, IntegrityError):
            raise
        if overtaken(error):
            raise Overtaken from error
        if away(error):
            trouble = trouble_of(error)
            raise Unavailable(in_words(trouble), str(trouble)) from error
        raise


def retried(work: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Do a use case once more from its beginning when another transaction was quicker.

    For a function that is one transaction: whatever it did before was rolled back, so nothing is done
    or said twice. Its arguments must be readable twice (no iterator). A connection that broke is no
    reason: whether the transaction was confirmed is not known then, and who asked decides.
    """

    @wraps(work)
    def whole(*given: Given.args, **named: Given.kwargs) -> Answer:
        longest = PAUSE
        for _ in range(ATTEMPTS - 1):
            try:
                return work(*given, **named)
            except Overtaken:
                pass
            except IntegrityError as error:  # somebody wrote the same row since we looked
                if not overtaken(error):
                    raise
            time.sleep(random.uniform(0, longest))
            longest = min(2 * longest, LONGEST)
        return work(*given, **named)

    return whole
