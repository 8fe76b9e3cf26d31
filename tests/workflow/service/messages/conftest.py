"""The town and its people, told by the outbox."""

from tests.workflow.service.messages.street import street

__all__ = ["street"]
