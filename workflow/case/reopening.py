"""A reply that did not reach the applicant is served again (law.md §3.7).

Rule: a service that failed opens the reply again: it is ready, its effective day is void, the period goes
on (国办公开办函〔2016〕235号). The service stays in the log.
"""

from workflow import events as ev
from workflow.case.facts import CaseView

OPEN_AGAIN = "ready"


def reply_failed(case: CaseView, event: ev.Event) -> bool:
    """True where the event says that the reply, which counted as served, did not reach the applicant.

    A letter that came back does so unless the setting returned_mail lets the posting day stand.
    """
    if case.facts.served is None:
        return False
    if isinstance(event, ev.ServiceFailed):
        return event.service != 0
    if isinstance(event, ev.RecordDelivery) and event.of == ev.Serve.name:
        return bool(event.returned_on) and case.rules["returned_mail"] == "new_service"
    return False


def service_falls(case: CaseView, event: ev.Event) -> None:
    """What followed from the service is void: the answered case, its day, its row."""
    case.state = OPEN_AGAIN
    case.facts.served, case.facts.closed_on = None, None
    case.facts.failed = event
