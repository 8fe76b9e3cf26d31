"""No number is too large for a page: it names nothing, or the default holds."""

import pytest

LARGE = (2**31, 2**63, 2**64, 10**40)
WITH_NUMBERS = [
    "/desk/reports/panlong/{}",
    "/desk/reports/panlong/{}/report",
    "/desk/reports/panlong/{}/register",
    "/desk/reports/panlong/{}/plots",
    "/desk/reports/panlong/{}/below",
    "/desk/reports/panlong/{}/cells/total/total",
    "/desk/reports/panlong/{}/download/xlsx",
    "/desk/reports/panlong/2024/report?version={}",
    "/desk/reports/panlong/2024/register?edit={}",
    "/desk/reports/?agency=panlong&year={}",
    "/desk/reports/sums?year={}",
    "/desk/calendar?year={}",
    "/desk/cases?page={}",
    "/desk/record?page={}",
    "/desk/cases/panlong/2024-0001/files/{}",
    "/api/v1/reports/panlong/{}/tables",
    "/api/v1/cases/2024-0001/files/{}",
]


@pytest.mark.parametrize("address", WITH_NUMBERS)
def test_a_large_number_is_no_fault(staff, program, address):
    api = program("lifang")
    for number in LARGE:
        path = address.format(number)
        if path.startswith("/api/"):
            assert api.get(path.removeprefix("/api/v1")).status_code < 500
        else:
            assert staff("lifang").get(path).status < 500


@pytest.mark.parametrize(
    ("page", "action", "field"),
    [("/desk/inbox", "/inbox/read", "last"), ("/desk/inbox", "/inbox/read", "only")],
)
def test_a_large_number_in_a_form_is_no_fault(staff, page, action, field):
    visitor = staff("lifang").get(page)
    token = {"csrf_token": csrf_of(visitor)}
    for number in LARGE:
        assert visitor.post(f"/desk{action}", {**token, field: str(number)}).status < 500


def csrf_of(visitor) -> str:
    return visitor.form("/desk/logout").fields["csrf_token"][0]
