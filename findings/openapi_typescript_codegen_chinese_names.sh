#!/bin/sh
# openapi-typescript-codegen: schemas whose names differ in their Chinese only become one, and the client sends the other.
#
# Guess: Case申请 and Case答复 become two types, for TypeScript allows such names and openapi-typescript keeps them apart; or
#        the generator stops and says what it cannot take.
# Seen:  exit status 0 and one type Case_ with the fields of the second: the call that hands in an application asks for
#        the fields of the reply. A schema named 申请 becomes "export type  = {" in a file named ".ts", the operation 登记
#        "public static (".
# Met by: who takes the contract of another office's system, whose schemas stand in Chinese: where the names are half
#        Latin the client is sound TypeScript for the wrong fields. Take openapi-typescript.
# Needs node and npm.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" openapi-typescript-codegen@0.31.0 openapi-typescript@7.13.0
cat > contract.json <<'JSON'
{"openapi": "3.0.3", "info": {"title": "office", "version": "1"},
 "paths": {"/cases": {"post": {"operationId": "登记",
  "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Case申请"}}}},
  "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Case答复"}}}}}}}},
 "components": {"schemas": {
  "Case申请": {"type": "object", "required": ["wanted"], "properties": {"wanted": {"type": "string"}}},
  "Case答复": {"type": "object", "required": ["outcome"], "properties": {"outcome": {"type": "string"}}},
  "申请": {"type": "object", "properties": {"day": {"type": "string"}}}}}}
JSON
node_modules/.bin/openapi --input contract.json --output client
node_modules/.bin/openapi-typescript contract.json --output other.ts > /dev/null 2>&1
cat > look.js <<'JS'
const fs = require("fs");
const read = (path) => fs.readFileSync(path, "utf8");
const version = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;
const models = fs.readdirSync("client/models").sort();
const merged = read("client/models/Case_.ts");
const calls = read("client/services/DefaultService.ts");
const other = read("other.ts").replace(/\\u([0-9A-F]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
console.log("openapi-typescript-codegen", version("openapi-typescript-codegen"));
console.log("guess: Case申请 with wanted, Case答复 with outcome, 申请 with day");
console.log("seen: ", models.join(" "), "|", merged.replace(/\/\*.*?\*\//g, "").replace(/\s+/g, " ").trim());
console.log(calls.slice(calls.indexOf("public static")).split("\n").slice(0, 3).join("\n"));
const still =
  models.join() === ".ts,Case_.ts" && merged.includes("outcome") && !merged.includes("wanted") &&
  calls.includes("requestBody?: Case_") && calls.includes("public static (") &&
  ["Case申请", "Case答复", "申请"].every((name) => other.includes(name));
process.exit(still ? 0 : 1);
JS
node look.js
