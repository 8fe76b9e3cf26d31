// The receipt: number and code into the clipboard, where the browser lets it.
"use strict";
{
  const either = (simplified, traditional) => (document.documentElement.lang === "zh-Hant" ? traditional : simplified);
  document.querySelectorAll("[data-copy-row]").forEach((row) => {
    if (!navigator.clipboard) return;
    const button = row.querySelector("[data-copy]"), said = row.querySelector("[data-copied]");
    row.hidden = false;
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(button.dataset.copy); said.textContent = either("已经复制", "已經複製"); }
      catch { said.textContent = either("这个浏览器不让复制，请抄下来", "這個瀏覽器不讓複製，請抄下來"); }
    });
  });
}
