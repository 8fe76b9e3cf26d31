"""The street with another system that is told what happens there."""

import json
from typing import Any

from sqlalchemy import select

from workflow.service.hooks.receivers import Receivers, Wanted
from workflow.service.hooks.sending import HookOutbox
from workflow.store.hook_models import HookDeliveryRow

URL = "https://oa.example/in?key=hush"


def wanted(**bent: Any) -> Wanted:
    return Wanted(
        **{"name": "县 OA", "url": URL, "below": False, "events": None, "active": True} | bent
    )


class Hooked:
    """What is put on its way, and what the worker makes of it."""

    def __init__(self, town: Any, hosts: str = "oa.example") -> None:
        self.town = town
        self.settings = {"hook_hosts": hosts, "hook_ca": ""}
        self.receivers = Receivers(town.office, self.settings)
        self.outbox = HookOutbox(town.office)

    def add(self, by: str = "guanli", agency: str = "panlong", **bent: Any) -> tuple[int, str]:
        return self.receivers.add(self.town.staff(by), agency, wanted(**bent))

    def rows(self) -> list[HookDeliveryRow]:
        with self.town.office.store.read() as unit:
            query = select(HookDeliveryRow).order_by(HookDeliveryRow.id)
            return list(unit.session.scalars(query))

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(row.payload) for row in self.rows()]

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]
