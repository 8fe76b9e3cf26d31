// Passkeys: the form of a page becomes usable where the browser has them; what it answers goes as an ordinary form.
"use strict";
(() => {
  const either = (simplified, traditional) => (document.documentElement.lang === "zh-Hant" ? traditional : simplified);
  if (!window.PublicKeyCredential || !navigator.credentials) {
    document.querySelectorAll("form[data-passkey]").forEach((form) => { form.dataset.none = ""; });
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const read = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      (options[list] || []).forEach((one) => { one.id = bytes(one.id); });
    }
    return options;
  };
  const written = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  };
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const button = form.querySelector("button");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = document.getElementById("passkey");
      problem.hidden = true;
      button.disabled = true;
      try {
        const publicKey = read(JSON.parse(form.dataset.options));
        const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
        form.elements.credential.value = written(made);
        form.submit();
      } catch (error) {
        problem.textContent = error.name === "InvalidStateError"
          ? either("这台设备已经添加过通行密钥。", "這臺設備已經添加過通行密鑰。")
          : either("没有完成：可能是取消了、等得太久，或者这台设备上没有可用的通行密钥。", "沒有完成：可能是取消了、等得太久，或者這臺設備上沒有可用的通行密鑰。");
        problem.hidden = false;
        button.disabled = false;
      }
    });
  });
})();
