"""What the engine itself says in an event, at the door: the numbers that people leave out."""

from workflow import events as ev
from workflow.case.facts import CaseView


def given(case: CaseView, event: ev.Event) -> ev.Event:
    """The event with the number of its consultation, the next one of the case where it has none, or of
    the service that failed."""
    if isinstance(event, ev.Consultation) and event.consultation is None:
        number = 1 + max(case.facts.consultations, default=0)
        return event.model_copy(update={"consultation": number})
    if isinstance(event, ev.ServiceFailed):
        services = sum(line.event.name == ev.Serve.name for line in case.log)
        return event.model_copy(update={"service": services if case.facts.served else 0})
    return event
