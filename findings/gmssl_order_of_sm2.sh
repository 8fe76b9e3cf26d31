#!/bin/sh
# gmssl: what another library of SM2 has written is read as other bytes, since its parts are taken in the old order.
#
# GB/T 32918.4-2016 writes a text under SM2 as C1, C3, C2: the point, the check, the text.
#
# Guess: two libraries of the national ciphers read each other with their defaults.
# Seen:  gmssl (Python) takes C1, C2, C3, the order of 2010 that the standard left, and gives other bytes for what
#        sm-crypto wrote; nothing is raised. sm-crypto gives "" for what gmssl wrote. With mode=1 gmssl
#        and sm-crypto read each other.
# Met by: who exchanges papers on the government's network, where SM2 is asked for: the receiver has rubbish or nothing,
#        and no error. Always CryptSM2(…, mode=1).
# Needs node and npm beside python3.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    gmssl==3.2.2
npm install --silent --no-audit --no-fund --prefix "$folder" sm-crypto@0.5.8
cat > "$folder/sm.js" <<'JS'
const { sm2 } = require("sm-crypto");
const [what, value, key] = process.argv.slice(2);
console.log(what === "encrypt" ? sm2.doEncrypt(value, key) : sm2.doDecrypt(value, key));
JS
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import subprocess
import sys
from importlib.metadata import version

from gmssl import sm2

TEXT = "答复书"
pair = subprocess.check_output(
    ["node", "-p", "const k=require('sm-crypto').sm2.generateKeyPairHex();k.privateKey+' '+k.publicKey"], text=True
)
private, public = pair.split()


def node(*arguments: str) -> str:
    return subprocess.check_output(["node", "sm.js", *arguments], text=True).strip()


print("gmssl", version("gmssl"))
seen = {}
written = node("encrypt", TEXT, public)
for mode in (None, 1):
    how = {} if mode is None else {"mode": mode}
    cipher = sm2.CryptSM2(public_key=public.removeprefix("04"), private_key=private, **how)
    by_gmssl = cipher.decrypt(bytes.fromhex(written))
    by_other = node("decrypt", cipher.encrypt(TEXT.encode()).hex(), private)
    seen[mode] = by_gmssl == TEXT.encode(), by_other == TEXT, by_other
    print("mode", mode, "| guess", TEXT, "| gmssl reads", by_gmssl, "| sm-crypto reads", repr(by_other))
sys.exit(seen != {None: (False, False, ""), 1: (True, True, TEXT)})
PYTHON
