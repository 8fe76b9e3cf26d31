"""A program that calls the API."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

APPLICATION: dict[str, Any] = {
    "agency": "panlong",
    "applicant": {
        "kind": "citizen",
        "name": "张三",
        "id_type": "resident_id",
        "id_number": "11010519491231002X",
        "phone": "13800000000",
    },
    "request": "2023年度农村公路养护合同",
    "items": ["合同正文", "竣工验收单"],
    "delivery": ["pickup"],
    "medium": ["paper"],
}


def application(**changed: Any) -> dict[str, Any]:
    """An application that will do, with changes."""
    return {**APPLICATION, **changed}


class Program:
    """Calls the API with a token, or without one."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str | None) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **_named(headers)})

    def post(self, path: str, body: Any, **headers: str | None) -> TestResponse:
        return self.client.post(
            f"/api/v1{path}", json=body, headers={**self.headers, **_named(headers)}
        )

    def file(self, **changed: Any) -> tuple[str, str]:
        """File an application; number and query code."""
        answer = self.post("/applications", application(**changed))
        assert answer.status_code == 201, answer.json
        return answer.json["number"], answer.json["query_code"]

    def happen(self, number: str, event: str, on: str, **fields: Any) -> TestResponse:
        return self.post(f"/cases/{number}/events", {"event": event, "on": on, **fields})


def _named(headers: dict[str, str | None]) -> dict[str, str]:
    """if_match → If-Match."""
    return {name.replace("_", "-").title(): value for name, value in headers.items() if value}
