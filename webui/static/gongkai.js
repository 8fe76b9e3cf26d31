// Only helps: every page works without it.
"use strict";
document.documentElement.classList.add("js");

// A word of the page in its script.
const either = (simplified, traditional) => (document.documentElement.lang === "zh-Hant" ? traditional : simplified);

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

// A page that answered a form stands in the history under its own address: going back to it sends nothing again.
const at = document.querySelector("[data-at]");
if (at) history.replaceState(null, "", at.dataset.at);

// The summary of errors is read first.
const alertBox = document.querySelector('[role="alert"][tabindex]');
if (alertBox) alertBox.focus();

// A link of the summary leads to its field, also inside a closed part of the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest('[role="alert"] a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  for (let part = field.parentElement; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") part.open = true;
    if (part.hidden) part.hidden = false;
  }
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Citizen or organisation: only the chosen block.
const kinds = all('input[name="kind"]');
const showKind = () => {
  const chosen = kinds.find((kind) => kind.checked);
  all("[data-kind]").forEach((block) => { block.hidden = !chosen || block.dataset.kind !== chosen.value; });
  kinds[0].form.dataset.kinds = ""; // until here the style sheet hid them, so that nothing jumps
};
kinds.forEach((kind) => kind.addEventListener("change", showKind));
if (kinds.length) showKind();

// A registration asks only what the way in needs; what was typed stays in sight.
const way = document.querySelector('select[name="channel"]');
const showWay = () => all("[data-ways]").forEach((part) => {
  const typed = all("input:not([type=checkbox]):not([type=file]), select", part).some((input) => input.value.trim() && input.name !== "way");
  part.hidden = !(part.dataset.ways.split(" ").includes(way.value) || typed || part.querySelector(".bad"));
});
if (way && document.querySelector("[data-ways]")) { way.addEventListener("change", showWay); showWay(); }

// Whether it is there already is asked while somebody types; the answer is a piece of the page, and no address holds a name.
const asking = document.querySelector("form[data-hints]");
if (asking) {
  const place = asking.querySelector("[data-hints-here]");
  const asked = ["name", "id_number", "org_name", "credit_code", "items"];
  const said = () => asked.map((name) => (asking.elements[name] || { value: "" }).value.trim()).join("\n");
  let timer, last = said();
  const ask = async () => {
    if (said() === last) return;
    last = said();
    const sent = new FormData();
    for (const name of ["csrf_token", "agency", "kind", "id_type", ...asked]) {
      const value = new FormData(asking).get(name);
      if (typeof value === "string") sent.set(name, value);
    }
    try {
      const answer = await fetch(asking.dataset.hints, { method: "POST", body: sent, credentials: "same-origin" });
      if (answer.ok) place.innerHTML = (await answer.json()).html;
    } catch { /* The button asks the same. */ }
  };
  asking.addEventListener("input", (event) => {
    if (!asked.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 700);
  });
}

// A proposal asks for the evidence that the chosen answer needs; what was typed stays in sight.
const filled = (part) => all("input, textarea, select", part).some((input) => input.value.trim());
all("[data-item]").forEach((item) => {
  const select = item.querySelector("select");
  const show = () => {
    const option = select.selectedOptions[0];
    const needs = (option && option.dataset.needs || "").split(" ");
    all("[data-need]", item).forEach((part) => {
      part.hidden = !(part.dataset.need.split(" ").some((one) => needs.includes(one)) || filled(part) || part.classList.contains("bad"));
    });
  };
  select.addEventListener("change", show);
  show();
});

// A service asks only what its way needs; what was typed stays in sight.
all('select[name="method"]').forEach((method) => {
  const show = () => all("[data-when]", method.form).forEach((part) => {
    part.hidden = !(part.dataset.when.split(" ").includes(method.value) || filled(part) || part.classList.contains("bad"));
  });
  method.addEventListener("change", show);
  show();
});

// One click is enough; the server applies a second one only once anyway.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || "stay" in event.target.dataset) return;
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "1";
  all(".button", event.target).forEach((button) => button.setAttribute("aria-disabled", "true"));
});
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all(".button", form).forEach((button) => button.removeAttribute("aria-disabled"));
}));

// The size of the letters, without loading the page again and losing what was typed.
all("[data-size]").forEach((link) => link.addEventListener("click", (event) => {
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `size=${link.dataset.size}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  const classes = document.documentElement.classList;
  all("[data-size]").forEach((other) => { classes.remove(`size-${other.dataset.size}`); other.removeAttribute("aria-current"); });
  classes.add(`size-${link.dataset.size}`);
  all(`.sizes [data-size="${link.dataset.size}"]`).forEach((chosen) => chosen.setAttribute("aria-current", "true"));
}));

// Printing shows how a deadline was counted.
all("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });
window.addEventListener("beforeprint", () => all("[data-print-open]").forEach((part) => { part.open = true; }));

// A picture wider than the screen begins with its middle, where the main line runs.
const centre = (part) => { part.scrollLeft = (part.scrollWidth - part.clientWidth) / 2; };
all(".scroll.middle").forEach((part) => {
  centre(part);
  part.querySelector("img").addEventListener("load", () => centre(part));
});

// Before the session ends by itself it says so. All windows of the desk count together.
const idle = document.getElementById("idle");
if (idle) {
  const NOTICE = 120;
  const whole = Number(idle.dataset.seconds);
  let seen = Date.now();
  const note = () => { seen = Date.now(); try { localStorage.setItem("gongkai-seen", String(seen)); } catch { /* without a memory each window counts for itself */ } };
  const last = () => { try { return Math.max(seen, Number(localStorage.getItem("gongkai-seen")) || 0); } catch { return seen; } };
  const show = (state) => {
    idle.hidden = !state;
    all("[data-soon]", idle).forEach((part) => { part.hidden = state !== "soon"; });
    all("[data-over]", idle).forEach((part) => { part.hidden = state !== "over"; });
  };
  const look = () => {
    const left = Math.round(whole - (Date.now() - last()) / 1000);
    const words = idle.querySelector("[data-left]");
    if (left > Math.min(NOTICE, whole / 2)) show("");
    else if (left > 0) {
      words.textContent = left > 60 ? `${Math.ceil(left / 60)} 分钟` : `${Math.max(10, 10 * Math.ceil(left / 10))} 秒`;
      if (idle.hidden) show("soon");
    } else show("over");
  };
  idle.querySelector("button").addEventListener("click", async () => {
    let answer = null;
    try { answer = await fetch(idle.dataset.stay, { method: "POST", headers: { "X-CSRFToken": idle.dataset.token }, redirect: "manual" }); } catch { /* no connection: nothing is said that is not known */ }
    if (answer && answer.status === 204) { note(); show(""); } else if (answer) show("over");
  });
  note();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}

// What goes on beside the page (a ledger taken in): its part is looked at again until it has ended, then the page comes anew.
const going = document.querySelector("[data-going]");
if (going) {
  const again = async () => {
    let page = null;
    try { page = new DOMParser().parseFromString(await (await fetch(location.href, { headers: { "X-Gongkai-Quiet": "1" } })).text(), "text/html"); } catch { /* no connection: asked again */ }
    const now = page && page.querySelector("[data-going]");
    if (page && !now) location.reload();
    else { if (now) going.innerHTML = now.innerHTML; setTimeout(again, 1000 * Number(going.dataset.going)); }
  };
  setTimeout(again, 1000 * Number(going.dataset.going));
}

// An open list asks from time to time whether something has moved, and says so; nothing jumps under the hand.
const live = document.querySelector("[data-live]");
if (live) {
  const ask = async () => {
    if (document.hidden || !live.hidden) return;
    try {
      const answer = await fetch(live.dataset.live, { headers: { "X-Gongkai-Quiet": "1" }, redirect: "error" });
      if (answer.ok && (await answer.json()).pulse !== live.dataset.pulse) live.hidden = false;
    } catch (error) { /* signed out or away: the page says so when it is used */ }
  };
  setInterval(ask, 60000);
  document.addEventListener("visibilitychange", ask);
  live.addEventListener("ask", ask);
}

// The list by keyboard; whoever does not want the keys switches them off.
const keyed = document.querySelector("[data-keys]");
const keysOff = document.querySelector("[data-keys-off]");
if (keyed && keysOff) {
  try { keysOff.checked = localStorage.getItem("keys") === "off"; } catch (error) { /* no store: on */ }
  keysOff.addEventListener("change", () => {
    try { localStorage.setItem("keys", keysOff.checked ? "off" : "on"); } catch (error) { /* this page only */ }
  });
  const rows = all("tbody tr", keyed);
  const link = (row) => row.querySelector(".what a");
  document.addEventListener("keydown", (event) => {
    if (keysOff.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing) return;
    const at = rows.indexOf(event.target.closest("tr"));
    if (event.key === "j" || event.key === "k") {
      const next = rows[at < 0 ? 0 : Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
      link(next).focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "x" && at >= 0) {
      const box = rows[at].querySelector("input[type=checkbox]");
      box.click();
    } else if (event.key === "f") {
      const filters = document.querySelector(".filters");
      filters.open = true;
      filters.querySelector("select").focus();
    } else return;
    event.preventDefault();
  });
}

// How many are chosen.
const counter = document.querySelector("[data-count]");
if (counter) {
  const boxes = all('input[name="case"]');
  const count = () => {
    const number = boxes.filter((box) => box.checked).length;
    counter.textContent = number ? `选中的 ${number} 件` : "选中的申请";
  };
  boxes.forEach((box) => box.addEventListener("change", count));
  count();
}

// Files that are too large are told before they are sent, which may take long. All of a form count together.
all("[data-too-large]").forEach((said) => {
  const inputs = all('input[type="file"]', said.parentElement), form = inputs[0].form;
  const of = (some) => some.flatMap((input) => Array.from(input.files, (file) => file.size));
  const whole = () => of(all('input[type="file"]', form)).reduce((sum, size) => sum + size, 0);
  const look = () => {
    const own = of(inputs);
    const much = own.some((size) => size > Number(said.dataset.tooLarge)) || (own.length > 0 && whole() > Number(said.dataset.together));
    if (said.hidden === much) said.hidden = !much;
  };
  form.addEventListener("change", look);
  form.addEventListener("submit", (event) => {
    look();
    if (whole() <= Number(said.dataset.together) || said.hidden || (event.submitter && event.submitter.value === "drop")) return;
    event.preventDefault();
    event.stopPropagation();
    inputs[0].focus();
  });
});

// Who clears this computer, or signs out, leaves nothing in the browser either.
all("form[data-leave]").forEach((form) => form.addEventListener("submit", () => {
  try { localStorage.removeItem("gongkai-draft"); } catch { /* there is nothing */ }
}));

// How much of a field is left; the words beside it say the same without this.
all("textarea[data-most]").forEach((field) => {
  const said = document.createElement("p");
  said.className = "left-over";
  said.setAttribute("aria-live", "polite");
  field.after(said);
  const most = Number(field.dataset.most), rows = Number(field.dataset.lines) || 0;
  const count = () => {
    const lines = field.value.split("\n").map((line) => [...line.trim()].length).filter(Boolean);
    const longest = rows ? Math.max(0, ...lines) : [...field.value.trim()].length;
    const words = rows && lines.length > 1 ? [`${lines.length} 行，最多 ${rows} 行`] : [];
    const which = rows ? either("最长的一行", "最長的一行") : "";
    if (longest > most) words.push(which + either(`多了 ${longest - most} 个字`, `多了 ${longest - most} 個字`));
    else if (longest > most * 0.8) words.push(which + either(`还可以写 ${most - longest} 个字`, `還可以寫 ${most - longest} 個字`));
    const text = words.join("；");
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("much", longest > most || (rows > 0 && lines.length > rows));
  };
  field.addEventListener("input", count);
  count();
});
