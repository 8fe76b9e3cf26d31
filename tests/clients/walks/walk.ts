/** A whole life by openapi-fetch over the types that openapi-typescript makes. Told where by the environment. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import createClient from "openapi-fetch";

import type { components, paths } from "./api.js";

type Schemas = components["schemas"];
type Problem = Schemas["ProblemAnswer"];
type Event = Schemas["Event"];
type Answer<T> = { data?: T; error?: unknown; response: Response };

const told = (name: string): string => {
  const value = process.env[name];
  assert(value !== undefined, name);
  return value;
};
const body = told("GONGKAI_BODY");
const today = told("GONGKAI_TODAY");
const tokens = JSON.parse(told("GONGKAI_TOKENS")) as Record<string, string>;
const pdf = new Uint8Array(readFileSync(0));
const anybody = createClient<paths>({ baseUrl: told("GONGKAI_ADDRESS") });
const as = (who: string) =>
  createClient<paths>({
    baseUrl: told("GONGKAI_ADDRESS"),
    headers: { Authorization: `Bearer ${tokens[who] ?? "nobody"}` },
  });
const clerk = as("lifang");
let steps = 0;

/** The answer of a call that was done. */
function done<T>(answer: Answer<T>): T {
  assert(answer.data !== undefined, JSON.stringify(answer.error));
  steps += 1;
  return answer.data;
}

/** The refusal, typed. */
function problem(answer: { error?: Problem; response: Response }, status: number): Problem {
  assert.equal(answer.response.status, status);
  assert(answer.error !== undefined);
  assert.equal(answer.error.status, status);
  steps += 1;
  return answer.error;
}

const application = (request: string): Schemas["ApplicationForm"] => ({
  agency: body,
  applicant: {
    kind: "citizen",
    name: "张三",
    id_type: "resident_id",
    id_number: "11010519491231002X",
    phone: "13800000000",
  },
  delivery: ["pickup"],
  medium: ["paper"],
  accept_other_form: true,
  items: [],
  request,
});

const file = (request: string, key?: string) =>
  anybody.POST("/api/v1/applications", {
    body: application(request),
    ...(key ? { params: { header: { "Idempotency-Key": key } } } : {}),
  });

const path = (number: string) => ({ code: body, number });

const happen = async (who: string, number: string, event: Event) =>
  done(
    await as(who).POST("/api/v1/agencies/{code}/cases/{number}/events", {
      params: { path: path(number) },
      body: event,
    }),
  );

/** The form of an upload, whatever the call says of its body. */
const form = (kind: string, name: string) => () => {
  const made = new FormData();
  made.set("kind", kind);
  made.append("file", new Blob([pdf], { type: "application/pdf" }), name);
  return made;
};

const lookUp = (number: string, code: string) =>
  anybody.GET("/api/v1/applications/{number}", {
    params: { path: { number }, header: { "X-Query-Code": code } },
  });

// File once, send the same again with the same key, and another with it.
const key = "walk-of-a-whole-life";
const first = done(await file("2023年度农村公路养护合同", key));
const { number, query_code: code } = first;
assert.deepEqual(done(await file("2023年度农村公路养护合同", key)), first);
problem(await file("别的内容", key), 422);
for (let n = 0; n < 4; n += 1) done(await file(`合同第${n}号`));

problem(await lookUp(number, "WRONG00000"), 404);
assert.equal(done(await lookUp(number, code)).state, "registered");

// All numbers, two on a page, to the last one.
const found: string[] = [];
for (let cursor: string | null | undefined; ; ) {
  const page: Schemas["CasesAnswer"] = done(
    await clerk.GET("/api/v1/cases", {
      params: { query: { limit: 2, ...(cursor ? { cursor } : {}) } },
    }),
  );
  found.push(...page.cases.map((one) => one.number));
  cursor = page.next;
  if (cursor === null) {
    assert.equal(page.total, found.length);
    break;
  }
}
assert.equal(new Set(found).size, 5);
const listed = done(
  await clerk.GET("/api/v1/cases", { params: { query: { state: ["processing", "registered"] } } }),
);
assert.equal(listed.total, 5);

// The applicant sends a file; the clerk gets the same bytes.
done(
  await anybody.POST("/api/v1/applications/{number}/files", {
    params: { path: { number }, header: { "X-Query-Code": code } },
    body: { kind: "supplement", file: [] },
    bodySerializer: form("supplement", "说明.pdf"),
  }),
);
const shelf = done(
  await clerk.GET("/api/v1/agencies/{code}/cases/{number}/files", { params: { path: path(number) } }),
);
const kept = shelf.files[0];
assert(kept !== undefined && kept.size === pdf.length);
const got = done(
  await clerk.GET("/api/v1/agencies/{code}/cases/{number}/files/{file_id}", {
    params: { path: { ...path(number), file_id: kept.id } },
    parseAs: "arrayBuffer",
  }),
);
assert.deepEqual(new Uint8Array(got), pdf);

// What is refused is typed as well.
const early = problem(
  await clerk.POST("/api/v1/agencies/{code}/cases/{number}/events", {
    params: { path: path(number) },
    body: { event: "archive", on: today },
  }),
  409,
);
assert(early.rule === "not_in_this_state" && early.article && early.allowed_when);
const wrong = problem(
  await clerk.POST("/api/v1/agencies/{code}/cases/{number}/events", {
    params: { path: path(number) },
    body: { event: "assign", on: "yesterday" },
  }),
  422,
);
assert.equal(wrong.errors?.[0]?.field, "on");
problem(await as("nobody").GET("/api/v1/cases/{number}", { params: { path: { number } } }), 401);

// Of two who have read the same, the second is told.
const where = "/api/v1/agencies/{code}/cases/{number}";
const read = await clerk.GET(where, { params: { path: path(number) } });
const mark = read.response.headers.get("ETag");
assert(mark !== null);
const same = await clerk.GET(where, {
  params: { path: path(number), header: { "If-None-Match": mark } },
});
assert.equal(same.response.status, 304);
const assign = () =>
  clerk.POST("/api/v1/agencies/{code}/cases/{number}/events", {
    params: { path: path(number), header: { "If-Match": mark } },
    body: { event: "assign", on: today, to: "农业中心" },
  });
done(await assign());
assert.equal(problem(await assign(), 412).errors?.[0]?.field, "If-Match");

// From the proposal to the reply that was served.
await happen("zhaoming", number, {
  event: "propose_outcome",
  on: today,
  items: [{ item: 1, outcome: "supplied" }],
});
await happen("zhaoming", number, { event: "send_to_secrecy_review", on: today });
const none: Schemas["SecrecyAnswer"] = "none";
const checks = Object.fromEntries(
  "state_secret work_secret security_stability commercial_secret privacy internal aggregation"
    .split(" ")
    .map((check) => [check, none] as const),
);
await happen("wangqiang", number, {
  event: "pass_secrecy_review",
  on: today,
  items: [{ item: 1, checks }],
});
await happen("falv", number, { event: "pass_legal_check", on: today });
const paper = done(
  await as("chen").GET("/api/v1/agencies/{code}/cases/{number}/paper", {
    params: { path: path(number) },
  }),
);
assert.equal(paper.refusal, null);
await happen("chen", number, { event: "approve", on: today, paper: paper.hash });
done(
  await clerk.POST("/api/v1/agencies/{code}/cases/{number}/files", {
    params: { path: path(number) },
    body: { kind: "proof_of_service", file: [] },
    bodySerializer: form("proof_of_service", "送达回证.pdf"),
  }),
);
const served = await happen("lifang", number, {
  event: "serve",
  on: today,
  method: "direct",
  signed_on: today,
});
assert(served.state === "served" && served.outcome === "supplied");

const seen = done(await lookUp(number, code));
assert(seen.state === "served" && seen.answers.length === 1 && seen.remedy !== null);
const year = Number(today.slice(0, 4));
const tables = done(
  await clerk.GET("/api/v1/reports/{agency}/{year}/tables", {
    params: { path: { agency: body, year } },
  }),
);
assert.equal(tables.table3["new_received"]?.["total"], 5);
const cell = done(
  await clerk.GET("/api/v1/reports/{agency}/{year}/cells/{row}/{column}", {
    params: { path: { agency: body, year, row: "new_received", column: "total" } },
  }),
);
assert.equal(cell.n, 5);
console.log(`typescript: ${steps} typed answers, from the form to the reply that was served`);
