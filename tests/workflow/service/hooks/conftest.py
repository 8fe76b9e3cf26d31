"""The town and its people, and another system that is told of its cases."""

from collections.abc import Callable

import pytest

from tests.workflow.service.hooks.hooked import Hooked
from tests.workflow.service.messages.street import Street, street

__all__ = ["street"]


@pytest.fixture
def hooked(street: Callable[..., Street]) -> Hooked:
    return Hooked(street("2024-05-06"))
