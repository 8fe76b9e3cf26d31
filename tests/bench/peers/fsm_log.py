"""Committed transitions of django-fsm-2 with django-fsm-log, on SQLite: `python fsm_log.py CASES`.

One object for each case, eight transitions, each loaded, saved and logged in a transaction of its own.
Prints the CPU seconds of each case as JSON. Runs in an environment of its own (requirements-peers.txt).
"""

import json
import sys
import tempfile
from pathlib import Path
from time import process_time

import django
from django.conf import settings

STATES = (
    "registered", "processing", "searched", "extended", "drafted", "secrecy_review", "legal_check",
    "approval", "ready",
)  # fmt: skip
EVENTS = (
    "assign", "record_search", "extend", "propose_outcome", "send_to_secrecy_review",
    "pass_secrecy_review", "pass_legal_check", "approve",
)  # fmt: skip


def set_up(folder: str) -> None:
    """Django over a new store of the folder, with the pragmas that ours has."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_fsm_log"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(Path(folder) / "peer.db"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
                },
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def main(cases: int) -> list[float]:
    from django.core.management import call_command
    from django.db import connection, models, transaction
    from django_fsm import FSMField
    from django_fsm import transition as step
    from django_fsm_log.decorators import fsm_log_by

    def passing(source: str, target: str):
        @fsm_log_by
        @step(field="state", source=source, target=target)
        def done(self, by=None):
            self.length += 1

        return done

    class Request(models.Model):
        state = FSMField(default=STATES[0], protected=True)
        number = models.CharField(max_length=32, unique=True)
        request = models.TextField()
        due = models.DateField(null=True)
        length = models.IntegerField(default=0)

        class Meta:
            app_label = "peer"

        for source, target, event in zip(STATES, STATES[1:], EVENTS, strict=False):
            locals()[event] = passing(source, target)

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Request)
    found = []
    for number in range(cases + 3):
        one = Request.objects.create(number=f"2024-{number:04d}", request="养护合同")
        begun = process_time()
        for event in EVENTS:
            with transaction.atomic():
                case = Request.objects.get(pk=one.pk)
                getattr(case, event)()
                case.save()
        found.append(process_time() - begun)
    from django_fsm_log.models import StateLog

    assert StateLog.objects.count() == len(EVENTS) * (cases + 3)
    return found[3:]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        print(json.dumps(main(int(sys.argv[1]))))
