"""The use cases: a transaction around the pure parts. Pages, API and commands come in here."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.errors import Damaged, Unavailable
    from workflow.service.listing import Listing, Reader
    from workflow.service.office import Missing, Office, Stale

__all__ = ["Damaged", "Listing", "Missing", "Office", "Reader", "Stale", "Unavailable"]

ROOMS = {
    "Damaged": "config.errors",
    "Listing": "workflow.service.listing",
    "Reader": "workflow.service.listing",
    "Unavailable": "config.errors",
}
"""Those that are not of the office."""


def __getattr__(name: str) -> Any:
    """Loaded when it is first asked for: a command that only counts days loads no store."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = ROOMS.get(name, "workflow.service.office")
    globals()[name] = getattr(import_module(room), name)
    return globals()[name]
