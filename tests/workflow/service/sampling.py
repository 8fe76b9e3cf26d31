"""The demonstration store, filled quickly."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from workflow import people
from workflow.service import Office
from workflow.service.docket.sample import fill_sample


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Password hashes are slow on purpose; twenty of them say nothing about the cases."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_hasher", PasswordHasher(time_cost=1, memory_cost=64))
        yield


def filled(office: Office) -> Office:
    with quick_hashes():
        fill_sample(office, "Blue-Paper-42")
    return office
