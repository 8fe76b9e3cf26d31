"""The town and its people, told by real channels."""

from hypothesis import settings

from tests.workflow.service.messages.street import street

__all__ = ["street"]

# A shared machine may be slow for a moment; an example is wrong by its values, not by its time.
settings.register_profile("notifications", deadline=None)
settings.load_profile("notifications")
