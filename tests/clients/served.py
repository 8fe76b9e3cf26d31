"""A real server on loopback with the people of a whole life, for programs that are no part of this one."""

import json
import socket
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.chaos.killing import BODY, Installation
from tests.letter_texts import with_texts
from workflow.dates import SHANGHAI
from workflow.service.accounts import Accounts
from workflow.service.installation import open_office

PEOPLE = {
    "zhaoming": ("handler",),
    "wangqiang": ("secrecy_reviewer",),
    "falv": ("legal_reviewer",),
    "chen": ("leader", "office_head"),
}


class Served(Installation):
    """A body whose people have tokens; it can sign."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        office = open_office(self.settings)
        accounts = Accounts(office)
        with office.store.write() as unit:
            body = with_texts(unit, office.found_agency(unit, BODY))
            for name, roles in PEOPLE.items():
                accounts.add_user(unit, name=name, agency=body, roles=roles, password_hash="none")
        self.tokens = {
            "lifang": self.token,
            **{name: accounts.create_token(name) for name in PEOPLE},
        }
        office.store.close()

    def start(self) -> None:
        """On a port that is free now; another one where somebody was quicker."""
        for last in (False, False, True):
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
            try:
                return super().start()
            except AssertionError:
                if last:
                    raise

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def document(self) -> Any:
        """As anybody gets it."""
        with urllib.request.urlopen(f"{self.address}/api/v1/openapi.json") as answer:
            return json.load(answer)

    def told(self) -> dict[str, str]:
        """What a program is told in its environment. The day is the office's."""
        return {
            "GONGKAI_ADDRESS": self.address,
            "GONGKAI_BODY": BODY,
            "GONGKAI_TOKENS": json.dumps(self.tokens),
            "GONGKAI_TODAY": datetime.now(SHANGHAI).date().isoformat(),
        }
