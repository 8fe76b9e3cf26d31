"""What who decides about a draft says: it is signed, or items of it are returned."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from workflow.events.base import LONGEST_TEXT, Event, Number, Text
from workflow.events.facts import Fact


class Approve(Event):
    """paper: the hash of the letter that was shown to who signs (decision 25)."""

    name = "approve"
    paper: Annotated[str | None, Field(max_length=64)] = None


class ReturnedItem(Fact):
    """One item that is returned, and why."""

    item: Number
    reason: Text


class ReturnDraft(Event):
    """items: what is returned, item by item; the other items need not be done again."""

    name = "return_draft"
    reason: Text
    items: tuple[ReturnedItem, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _reason_of_items(cls, said: Any) -> Any:
        """Where only the items say why, the reason is theirs."""
        if not isinstance(said, dict) or said.get("reason") or not isinstance(said.get("items"), list):  # fmt: skip
            return said
        told = [one for one in said["items"] if isinstance(one, dict)]
        why = "；".join(f"第 {one.get('item')} 项：{one.get('reason')}" for one in told)
        return {**said, "reason": why[:LONGEST_TEXT]} if why else said
