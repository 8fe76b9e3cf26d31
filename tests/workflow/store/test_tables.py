"""What is copied of a store is all of it."""

import re
import subprocess
import sys

from tests.examples import ROOT


def test_every_table_of_the_house_is_among_them_whatever_else_is_loaded():
    said = "from workflow.store import copying\nprint(*(table.name for table in copying.TABLES))"
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = (ROOT / "workflow/store").glob("*models.py")
    declared = {
        name
        for file in files
        for name in re.findall(r'__tablename__ = "(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert "staff_totp" in declared and declared == set(done.stdout.split())
