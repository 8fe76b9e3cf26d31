#!/bin/sh
# dkimpy: a mail with the one-click button of RFC 8058 is signed without the header that makes the button.
#
# Guess: sign with its defaults covers List-Unsubscribe and List-Unsubscribe-Post, as nodemailer's defaults do. RFC 8058
#        (section 4) wants both in the signature: who receives the mail shows no button otherwise.
# Seen:  list-unsubscribe is in h=, list-unsubscribe-post is not, though the mail has it. Nothing is said, and the
#        signature is good.
# Met by: an office that tells applicants by mail and offers to stop: the button never shows at the large mailbox
#        providers, and those who want no more mail press "spam". Name the header: include_headers with
#        list-unsubscribe-post beside DKIM.default_sign_headers().
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    dkimpy==1.1.8 cryptography==50.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import re
import sys
from importlib.metadata import version

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

MAIL = (
    b"From: foi@example.gov.cn\r\nTo: li@example.com\r\nSubject: =?utf-8?b?562U5aSN?=\r\n"
    b"Date: Tue, 1 Dec 2026 08:00:00 +0800\r\nMessage-ID: <1@example.gov.cn>\r\n"
    b"List-Unsubscribe: <https://foi.example.gov.cn/stop/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nThe reply is ready.\r\n"
)
key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)


def covered(**how: object) -> list[str]:
    signature = dkim.sign(MAIL, b"2026", b"example.gov.cn", key, **how).decode()
    listed = re.search(r"\bh=([^;]*);", signature)[1]
    return [name.strip() for name in listed.split(":")]


by_default = covered()
told = covered(include_headers=[*dkim.DKIM(MAIL).default_sign_headers(), b"list-unsubscribe-post"])
print("dkimpy", version("dkimpy"))
print("guess: list-unsubscribe and list-unsubscribe-post")
print("seen: ", *by_default)
print("told: ", *told)
sys.exit(
    "list-unsubscribe" not in by_default
    or "list-unsubscribe-post" in by_default
    or "list-unsubscribe-post" not in told
)
PYTHON
