"""Cases built from dockets, and what the ladder says of them."""

from hypothesis import settings

# A shared machine may be slow for a moment; an example is wrong by its values, not by its time.
settings.register_profile("notifications", deadline=None)
settings.load_profile("notifications")
