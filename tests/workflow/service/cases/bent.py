"""A small town whose store is there to be bent, and how somebody does it who may do anything with the database."""

from collections.abc import Callable

from sqlalchemy import Connection, text

from workflow.service import Office

FIRST, SECOND, OTHER = 1, 2, 3
"""Ids of the cases of the town: of panlong in 2024, twice, and of jiangna in 2025."""
Tamper = Callable[[Connection, Office], None]


def sql(*statements: str) -> Tamper:
    def tamper(connection: Connection, office: Office) -> None:
        assert sum(connection.execute(text(one)).rowcount for one in statements) > 0

    return tamper


OF_FIRST = f"case_id = {FIRST}"
LAST = f"(SELECT max(e.seq) FROM event e WHERE e.{OF_FIRST})"
LAST_LINE = f"{OF_FIRST} AND seq = {LAST}"
LAST_MOVE = f"id = (SELECT max(d.id) FROM due_change d WHERE d.{OF_FIRST})"
FIRST_MOVE = f"id = (SELECT min(d.id) FROM due_change d WHERE d.{OF_FIRST})"


def line(change: str, where: str = "seq = 4") -> str:
    return f"UPDATE event SET {change} WHERE {OF_FIRST} AND {where}"


def row(change: str, case: int = FIRST) -> str:
    return f'UPDATE "case" SET {change} WHERE id = {case}'


def person(change: str, case: int = FIRST) -> str:
    return f"UPDATE applicant SET {change} WHERE case_id = {case}"
