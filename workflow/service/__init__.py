"""The use cases: a transaction around the pure parts. Pages, API and commands come in here."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.errors import Unavailable
    from workflow.service.office import Listing, Missing, Office, Reader, Stale

__all__ = ["Listing", "Missing", "Office", "Reader", "Stale", "Unavailable"]


def __getattr__(name: str) -> Any:
    """Loaded when it is first asked for: a command that only counts days loads no store."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = "config.errors" if name == "Unavailable" else "workflow.service.office"
    globals()[name] = getattr(import_module(room), name)
    return globals()[name]
