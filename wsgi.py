"""The entry for web servers: `waitress-serve wsgi:app`, `gunicorn wsgi:app` (docs/running.md)."""

from config.errors import BadSetting, TableError, Unavailable
from webui.app import create_app
from workflow.service.place import of_the_place

try:
    app = application = create_app()
except (BadSetting, TableError, Unavailable) as problem:
    # One line, as the commands say it, and no traceback around it.
    raise SystemExit(str(problem)) from None
except Exception as problem:
    if (said := of_the_place(problem)) is None:
        raise
    raise SystemExit(said) from None
