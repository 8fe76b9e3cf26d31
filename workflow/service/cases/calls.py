"""Calls that come twice: what an Idempotency-Key was answered with the first time.

That an event or application is applied once is kept by the columns `once` and `submit_key` of the
store; here is kept what was said, so that a repeated call hears the same.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from workflow.service.office import Office
from workflow.store.call_models import ApiCallRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

ANSWERS_KEPT = timedelta(days=7)


class KeyReused(Exception):
    """The key came before, with another call."""


class Calls:
    """Keys of calls with the fingerprint of what was sent; answers are kept for a week, sealed."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @retried
    def claim(self, key: str, fingerprint: str) -> dict[str, Any] | None:
        """The answer of the first time; None if the call is to be done now, or its answer is no
        longer kept. Raises KeyReused if the key came with something else before."""
        with self.office.store.write() as unit:
            row = self._row(unit, key)
            if row is None:
                now = self.office.now()
                unit.session.execute(
                    update(ApiCallRow)
                    .where(
                        ApiCallRow.claimed_at < now - ANSWERS_KEPT, ApiCallRow.answer.is_not(None)
                    )
                    .values(answer=None)
                )
                unit.session.add(ApiCallRow(key=key, fingerprint=fingerprint, claimed_at=now))
                return None
            if row.fingerprint != fingerprint:
                raise KeyReused
            return self.office.keys.open(row.answer, _place(key)) if row.answer else None

    @retried
    def keep(self, key: str, answer: dict[str, Any]) -> dict[str, Any]:
        """Keep the answer of a call that was done. Of two calls at once the first one's is kept.
        Returns what is kept."""
        with self.office.store.write() as unit:
            row = self._row(unit, key)
            if row is None:
                return answer
            if row.answer:
                return self.office.keys.open(row.answer, _place(key))
            row.answer = self.office.keys.seal(answer, _place(key))
            return answer

    @retried
    def forget(self, key: str) -> None:
        """Nothing was done: the key is free again."""
        with self.office.store.write() as unit:
            unit.session.execute(
                delete(ApiCallRow).where(ApiCallRow.key == key, ApiCallRow.answer.is_(None))
            )

    @staticmethod
    def _row(unit: Unit, key: str) -> ApiCallRow | None:
        return unit.session.scalar(select(ApiCallRow).where(ApiCallRow.key == key))


def _place(key: str) -> str:
    return f"api call {key}"
