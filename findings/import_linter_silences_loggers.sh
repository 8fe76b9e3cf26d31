#!/bin/sh
# import-linter: its function lint_imports silences every logger that the calling program had before.
#
# Guess: a check of imports, called from a test, reads source files and leaves the program's logging alone.
# Seen:  after one call with a kept contract (exit status 0) loggers made before it are disabled, and what they say
#        afterwards reaches no handler; a logger made after the call speaks. A later test that looks at the log of the
#        program fails, but not when it runs alone.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check import-linter==2.16
mkdir -p "$folder/project/office/desk" "$folder/project/office/law"
touch "$folder/project/office/__init__.py" "$folder/project/office/desk/__init__.py" "$folder/project/office/law/__init__.py"
cat > "$folder/project/.importlinter" <<'CONTRACT'
[importlinter]
root_package = office

[importlinter:contract:1]
name = law knows no desk
type = forbidden
source_modules = office.law
forbidden_modules = office.desk
CONTRACT
cd "$folder/project"
"$folder/venv/bin/python" - <<'PYTHON'
import logging
import sys
from importlib.metadata import version

sys.path.insert(0, ".")
from importlinter.cli import lint_imports

said = []


class Kept(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


logging.getLogger().addHandler(Kept())
before = logging.getLogger("office.desk")
before.warning("before")
status = lint_imports(no_cache=True)
before.warning("after")
logging.getLogger("office.law").warning("made after")
print("import-linter", version("import-linter"))
print("exit status", status, "disabled", before.disabled, "said", [s for s in said if "efore" in s or "after" in s])
seen = (status, before.disabled, "before" in said, "after" in said, "made after" in said)
sys.exit(seen != (0, True, True, False, True))
PYTHON
