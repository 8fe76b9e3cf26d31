"""The entry for web servers: `waitress-serve wsgi:app`, `gunicorn wsgi:app`."""

from webui.app import create_app

app = application = create_app()
