"""Sessions signed with the installation's keys: a new key takes over while the pages are served, and nobody is signed
out by it."""

from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from workflow.service import Office


class SignedSessions(SecureCookieSessionInterface):
    """Signs with the key in force; what an earlier one signed still holds."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Flask's own; who sends no cookie begins an empty one, for which no key is asked."""
        if not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> Any:
        """Flask's own, with the keys as they are now."""
        now, *before = self._office.keys.keys_for("session")
        app.config["SECRET_KEY"] = now.hex()
        app.config["SECRET_KEY_FALLBACKS"] = [key.hex() for key in before]
        return super().get_signing_serializer(app)
