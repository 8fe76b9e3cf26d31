"""Cases that several pages look at."""

import pytest

from tests.webui.desk.case.signing import drafted, passed
from tests.webui.filing import file


@pytest.fixture
def waiting(visitor, staff):
    """A case of two items that waits for its signature."""
    number, code = file(visitor)
    staff("lifang").act(number, "assign")
    drafted(staff, number)
    passed(staff, number)
    return number, code
