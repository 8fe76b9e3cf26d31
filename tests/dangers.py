"""Dangerous calls in the product (bandit) and secrets in the tree (detect-secrets); both look without a net.

    python -m tests.dangers

What only looks dangerous stands in `LET_BE`, what only looks like a secret in `NOT_SECRET`, each with its reason.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from detect_secrets.core.plugins.initialize import from_plugin_classname
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from tests.examples import ROOT
from tests.test_arrows import committed

PRODUCT = ("config", "workflow", "notifications", "webui", "gongkai.py", "wsgi.py")
KEYS = (
    "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector", "DiscordBotTokenDetector",
    "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector", "IbmCosHmacDetector", "JwtTokenDetector",
    "MailchimpDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector",
    "SlackDetector", "SoftlayerDetector", "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)  # fmt: skip
"""What is a key by its form, looked for in every file."""
GUESSED = (
    {"name": "KeywordDetector"}, {"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "HexHighEntropyString", "limit": 3.0},
)  # fmt: skip
"""What may be one by its name or its letters, looked for in the product; tests and their data are full of such."""
GUESSED_IN = (*PRODUCT, "pyproject.toml", "Makefile", ".ci")
OF_OTHERS = (".ttf", ".min.js", ".png", ".pdf", ".docx", ".xlsx", ".svg")
LET_BE = {
    ("*", "B101"): "assertions tell the type checker what holds; none guards anything",
    (
        "*",
        "B105",
    ): "guesses a password by the name of a constant; the scan for secrets looks for these",
    (
        "config/kept.py",
        "B301",
    ): "what this program wrote beside its own compiled files, held to a hash of all of config/",
    ("config/kept.py", "B403"): "the same",
    ("webui/body_list.py", "B704"): "options that are escaped where they are made",
    ("webui/desk/case/form_html.py", "B704"): "what a template has written, which escapes",
    ("webui/desk/worklist.py", "B704"): "what a template has written, which escapes",
    ("webui/desk/factors.py", "B704"): "a picture of dots, drawn by segno",
    ("webui/portal/receipt.py", "B704"): "a picture of dots, drawn by segno",
    ("webui/script.py", "B704"): "markup that a template has written already",
    ("workflow/diagram/svg.py", "B405"): "writes a picture; reads no XML",
    (
        "workflow/docket/province/bodies.py",
        "B311",
    ): "invents bodies and people by a seed, for demonstrations",
    ("workflow/docket/province/plan.py", "B311"): "invents cases by a seed, for demonstrations",
    ("workflow/paper/docx.py", "B406"): "writes attributes; reads no XML",
    ("workflow/service/docket/sample.py", "B311"): "invents cases by a seed, for demonstrations",
    ("workflow/service/one_time_codes.py", "B303"): "what apps for codes compute by (RFC 6238)",
    (
        "workflow/store/dialect.py",
        "B608",
    ): "names of tables and columns, quoted; values are parameters",
    (
        "workflow/store/dialect_index.py",
        "B608",
    ): "names of its own tables and whole numbers; words are parameters",
    ("workflow/store/dialect_kept.py", "B608"): "names of tables and columns, quoted",
    ("workflow/store/dialect_snapshot.py", "B608"): "names of tables, quoted",
    ("workflow/store/retried.py", "B311"): "how long to wait before the next attempt",
}
"""By file (* for all) and number of the test: why it is let be."""
_CODES = "the characters of codes, without those that look like others"
_OF_AWS = "AKIAIOSFODNN7EXAMPLE"
NOT_SECRET: dict[str, dict[str, str]] = {
    "config/api/fields.toml": {"none": "state_secret: what a review may find of it"},
    "config/law/grounds.toml": dict.fromkeys(
        ("true", "false"), "top_secret: may the body classify so"
    ),
    "tests/config/test_storages.py": {"how": "addresses that are refused"},
    "tests/workflow/store/test_s3.py": {_OF_AWS: "of its published examples"},
    "tests/dangers.py": {_OF_AWS: "the same, named here"},
    "tests/webui/portal/test_embedding.py": {"p": "an address that is refused"},
    "tests/workflow/commands/test_commands.py": {
        "geheim": "an invented password that no output may show"
    },
    "tests/workflow/service/test_copying.py": {
        "geheim": "an invented password that no output may show"
    },
    "workflow/case/identity.py": {
        "0123456789ABCDEFGHJKLMNPQRTUWXY": "characters of the 统一社会信用代码"
    },
    "workflow/docket/province/people.py": {"0123456789ABCDEFGHJKLMNPQRTUWXY": "the same"},
    "workflow/people.py": {"23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ": _CODES},
    "workflow/service/one_time_codes.py": {"23456789abcdefghjkmnpqrstuvwxyz": _CODES},
    "workflow/store/protected.py": {
        "counts wrong passwords; a lock is in the audit": "why a table is left out"
    },
    "workflow/store/key.py": {"23456789ABCDEFGHJKMNPQRSTUVWXYZ": _CODES},
}
"""By file, what stands there and why it is none."""


def dangerous_calls() -> list[str]:
    """What bandit finds in the product, a line each."""
    found = subprocess.run(
        [sys.executable, "-m", "bandit", "--quiet", "--format", "json", "--recursive", *PRODUCT],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = json.loads(found.stdout)
    wrong = [f"{one['filename']}: {one['reason']}" for one in said["errors"]]
    for one in said["results"]:
        file = Path(one["filename"]).as_posix()
        if not {("*", one["test_id"]), (file, one["test_id"])} & set(LET_BE):
            wrong.append(f"{file}:{one['line_number']}: {one['test_id']} {one['issue_text']}")
    return wrong


def secrets_in(files: Iterable[Path]) -> list[str]:
    """What looks like a secret in these files, a line each."""
    inside = [file.relative_to(ROOT) if file.is_relative_to(ROOT) else file for file in files]
    texts = [one for one in inside if not one.name.endswith(OF_OTHERS)]
    return [
        f"{file}: {kind}"
        for file, kind, said in (*_keys_in(texts), *_guessed_in(texts))
        if said not in NOT_SECRET.get(file.as_posix(), {})
    ]


def _keys_in(files: Iterable[Path]) -> Iterator[tuple[Path, str, str]]:
    """Each pattern is asked once of a whole file: line by line it takes fifty times as long."""
    with transient_settings({"plugins_used": [{"name": name} for name in KEYS]}):
        detectors = [from_plugin_classname(name) for name in KEYS]
        for file in files:
            text = (ROOT / file).read_text(encoding="utf-8", errors="replace")
            for one in detectors:
                for said in one.analyze_string(text):
                    yield file, one.secret_type, said


def _guessed_in(files: Iterable[Path]) -> Iterator[tuple[Path, str, str]]:
    with transient_settings({"plugins_used": GUESSED}):
        for file in files:
            for one in scan_file(str(ROOT / file)) if file.parts[0] in GUESSED_IN else ():
                yield file, one.type, str(one.secret_value)


def main() -> int:
    wrong = [*dangerous_calls(), *secrets_in(committed())]
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
