#!/bin/sh
# pydantic: the pattern that a contract publishes is not the pattern that the server checks.
#
# JSON Schema, and OpenAPI with it, reads "pattern" by ECMA-262: \d is 0 to 9, \w is a letter of Latin, a figure or _.
#
# Guess: what model_validate takes is valid by model_json_schema() of the same model, and the other way round.
# Seen:  pydantic takes １３８００１３８０００ (full width) for ^\d{11}$ and 张三 for ^\w{2,20}$; by its own schema jsonschema-rs,
#        which keeps to ECMA-262, says that both are invalid. jsonschema takes both, as it uses the patterns of Python.
# Met by: an office whose form writes 张三 is refused by the client that was made from the contract and not by the server;
#        a telephone in full width gets past the server and is not dialled. Write [0-9] and name the scripts.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pydantic==2.14.4 jsonschema-rs==0.61.2 jsonschema==4.26.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import jsonschema
import jsonschema_rs
import pydantic


class Applicant(pydantic.BaseModel):
    phone: str = pydantic.Field(pattern=r"^\d{11}$")
    name: str = pydantic.Field(pattern=r"^\w{2,20}$")


def taken(values: dict[str, str]) -> bool:
    try:
        Applicant.model_validate(values)
    except pydantic.ValidationError:
        return False
    return True


APPLICANTS = (
    {"phone": "13800138000", "name": "li_si"},
    {"phone": "13800138000", "name": "张三"},
    {"phone": "１３８００１３８０００", "name": "li_si"},
)
schema = Applicant.model_json_schema()
print(*(f"{name} {version(name)}" for name in ("pydantic", "jsonschema-rs", "jsonschema")))
seen = []
for one in APPLICANTS:
    by_schema = jsonschema_rs.is_valid(schema, one), jsonschema.Draft202012Validator(schema).is_valid(one)
    seen.append((taken(one), *by_schema))
    print(*one.values(), "| pydantic, jsonschema-rs, jsonschema:", *seen[-1])
sys.exit(seen != [(True, True, True), (True, False, True), (True, False, True)])
PYTHON
