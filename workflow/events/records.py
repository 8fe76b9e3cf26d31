"""What is entered about a case itself: that an entry was wrong, a reply is mended, somebody else goes on."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from workflow.dates import Day
from workflow.events.base import Event, Text

TAKEN_BACK = "taken_back"
"""Among the right values of a correction, alone: the entry does not hold at all."""


class ReviseReply(Event):
    """The body mends its own reply without having lost a dispute (行政诉讼法62). told_on: the day on which
    the organ or court that has the case was told in writing."""

    name = "revise_reply"
    mode: Literal["supplement", "correct", "replace"]
    reason: Text
    told_on: Day | None = None


class CorrectEntry(Event):
    """A wrong entry is put right: line `seq` of the log says `fields` from now on, the old values stay in
    the log. TAKEN_BACK alone among the fields: the entry does not hold at all (False: it does again).
    keep_published: the published figures of a year stay as they are."""

    name = "correct_entry"
    seq: int = Field(strict=True, ge=1, le=100_000)
    fields: dict[str, Any] = Field(min_length=1, max_length=50)
    reason: Text
    second_person: Text
    keep_published: bool | None = None


class SubstituteApplicant(Event):
    """Heirs, a guardian or the successor of an organisation go on with the application. name: theirs.
    since: the day on which the first applicant died, lost capacity or ended."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
    name = "substitute_applicant"
    successor: Text = Field(alias="name", max_length=200)
    reason: Text
    since: Day | None = None


class Transfer(Event):
    """The body ended, or its duties moved: the case goes on at another body."""

    name = "transfer"
    to: Text
    reason: Text
