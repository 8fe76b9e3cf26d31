// What somebody types into the form of an application stays in the browser of this device until it is filed. Identity
// numbers do not. Nothing of it is sent anywhere; without a script there are the drafts with a code.
"use strict";
{
  const either = (simplified, traditional) => (document.documentElement.lang === "zh-Hant" ? traditional : simplified);
  const KEY = "gongkai-draft", OFF = "gongkai-draft-off", DAYS = 30;
  const LEFT_OUT = new Set(["csrf_token", "submit_key", "id_number", "credit_code", "agent_id_number", "question", "answer", "step"]);
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      if (kept && Date.now() - kept.at < DAYS * 86400000) return kept;
      localStorage.removeItem(KEY);
    } catch { /* no store, or not ours: there is no draft */ }
    return null;
  };
  const drop = () => { try { localStorage.removeItem(KEY); } catch { /* there is nothing */ } };
  const when = (at) => new Date(at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "numeric", minute: "2-digit" });

  // The receipt: what was filed need not lie about.
  if (document.querySelector("[data-filed]")) drop();

  // The page of drafts.
  const card = document.querySelector("[data-device-draft]");
  const kept = read();
  if (card && kept) {
    card.hidden = false;
    card.querySelector("[data-device-when]").textContent = when(kept.at);
    card.querySelector("[data-device-open]").href = `${kept.path}#device-draft`;
    card.querySelector("[data-device-drop]").addEventListener("click", () => { drop(); card.hidden = true; });
  }

  // The form.
  const part = document.querySelector("[data-device]");
  const form = part && part.closest("form");
  if (form) {
    const fields = () => Array.from(form.elements).filter((one) => one.name && !LEFT_OUT.has(one.name) && !["hidden", "file", "submit", "button", "password"].includes(one.type));
    const texts = () => fields().filter((one) => ["text", "tel", "email", "textarea", "search"].includes(one.type));
    const said = part.querySelector("[data-device-said]"), box = part.querySelector("[data-device-keep]");
    let off = false, timer;
    try { off = localStorage.getItem(OFF) === "1"; } catch { off = true; }
    box.checked = !off;
    part.hidden = false;

    const save = () => {
      if (!box.checked || !texts().some((one) => one.value.trim())) return;
      const pairs = fields().map((one) => [one.name, ["checkbox", "radio"].includes(one.type) ? (one.checked ? one.value : null) : one.value]).filter((pair) => pair[1] !== null);
      try {
        localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), path: location.pathname, pairs }));
        said.textContent = either(`${when(Date.now())} 已经留在这台设备上`, `${when(Date.now())} 已經留在這臺設備上`);
      } catch { said.textContent = either("这台设备的浏览器不让保存，可以按“存成草稿”", "這臺設備的瀏覽器不讓保存，可以按“存成草稿”"); }
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(save, 400); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", () => { clearTimeout(timer); save(); });
    box.addEventListener("change", (event) => {
      event.stopPropagation();
      try { localStorage.setItem(OFF, box.checked ? "0" : "1"); } catch { /* this page only */ }
      if (box.checked) save(); else { clearTimeout(timer); drop(); said.textContent = either("这台设备上不再保存，已经保存的也删掉了", "這臺設備上不再保存，已經保存的也刪掉了"); }
    });

    const fill = (pairs) => {
      const left = new Map();
      pairs.forEach(([name, value]) => left.set(name, [...(left.get(name) || []), value]));
      fields().forEach((one) => {
        const values = left.get(one.name) || [];
        if (["checkbox", "radio"].includes(one.type)) one.checked = values.includes(one.value);
        else if (values.length) one.value = one.tagName === "SELECT" ? values[0] : values.shift();
        const more = one.closest("details");
        if (more && one.value && !["checkbox", "radio"].includes(one.type) && one.tagName !== "SELECT") more.open = true;
      });
      form.dispatchEvent(new Event("change", { bubbles: true }));
      form.querySelectorAll('input[type="radio"]:checked').forEach((one) => one.dispatchEvent(new Event("change", { bubbles: true })));
    };
    const untouched = !texts().some((one) => one.value.trim()) && !document.querySelector('[role="alert"]');
    if (kept && untouched && !off) {
      const bar = document.createElement("section");
      bar.className = "notice info device-draft";
      bar.setAttribute("aria-label", either("这台设备上的草稿", "這臺設備上的草稿"));
      const words = document.createElement("p");
      words.textContent = either(`这台设备上有您${when(kept.at)}填写、没有提交的内容。`, `這臺設備上有您${when(kept.at)}填寫、沒有提交的內容。`);
      const row = document.createElement("p"), open = document.createElement("button"), away = document.createElement("button");
      row.className = "actions";
      open.type = away.type = "button";
      open.className = "button"; away.className = "button plain";
      open.textContent = either("接着填", "接著填"); away.textContent = either("删除", "刪除");
      open.addEventListener("click", () => { fill(kept.pairs); bar.remove(); (texts()[0] || form).focus(); });
      away.addEventListener("click", () => { drop(); bar.remove(); });
      row.append(open, " ", away);
      bar.append(words, row);
      form.before(bar);
      if (location.hash === "#device-draft") open.click();
    }
  }
}
