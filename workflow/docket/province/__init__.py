"""A believable province: bodies with their staff, and what happens to their cases, from a seed.

Pure: the same seed, days and numbers give the same bodies, cases and events. How often things happen
stands in `rates`; whether they may happen the case says, when they are applied.
"""

from workflow.docket.province.bodies import Body, Member, shares, tree
from workflow.docket.province.plan import (
    BodyPlan,
    Planned,
    PlannedCase,
    Years,
    cases_of,
    played,
    years_until,
)

__all__ = [
    "Body",
    "BodyPlan",
    "Member",
    "Planned",
    "PlannedCase",
    "Years",
    "cases_of",
    "played",
    "shares",
    "tree",
    "years_until",
]
