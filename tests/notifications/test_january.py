"""On 1 January the leading worker draws up the drafts of last year's reports, once."""

from notifications.worker import Worker
from workflow.service.report.annual import AnnualReports


def test_the_leader_drafts_last_years_reports_in_january_and_only_once(street):
    town = street("2024-12-30")
    town.file()
    worker = Worker(town.office, {})
    assert worker.lead()
    worker.make_round()
    annual = AnnualReports(town.office)
    assert annual.versions("panlong", 2024) == []
    town.at("2025-01-01T09:30:00")
    worker.lead()
    worker.make_round()
    worker.make_round()
    (version,) = annual.versions("panlong", 2024)
    assert version[:2] == (1, "draft")
    assert annual.report("panlong", 2024).cell3("new_received") == 1
