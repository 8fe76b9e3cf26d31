"""The use cases: a transaction around the pure parts. Pages, API and commands come in here."""

from workflow.service.office import Listing, Missing, Office, Reader, Stale
from workflow.store.retried import Unavailable

__all__ = ["Listing", "Missing", "Office", "Reader", "Stale", "Unavailable"]
