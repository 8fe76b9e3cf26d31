"""The entry for web servers: `waitress-serve wsgi:app`, `gunicorn wsgi:app` (docs/running.md)."""

from config.errors import BadSetting, TableError, Unavailable
from config.settings import load
from webui.app import create_app
from workflow.service.log_lines import write_logs
from workflow.service.place import of_the_place

try:
    settings = load()
    app = application = create_app(settings=settings)
    if settings["log_file"]:  # else the server around has its own ways
        write_logs(settings)
except (BadSetting, TableError, Unavailable) as problem:
    # One line, as the commands say it, and no traceback around it.
    raise SystemExit(str(problem)) from None
except Exception as problem:  # a full disk or a lock is told in words, all else goes on as it came
    if (said := of_the_place(problem)) is None:
        raise
    raise SystemExit(said) from None
