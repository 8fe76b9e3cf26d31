"""The entry for web servers: `waitress-serve wsgi:app`, `gunicorn wsgi:app` (docs/running.md)."""

from webui.app import create_app

app = application = create_app()
