(() => {
  if (!globalThis.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => {
    let all = "";
    for (const byte of new Uint8Array(buffer ?? [])) all += String.fromCharCode(byte);
    return btoa(all).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const listed = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function options(button) {
    const fields = new URLSearchParams(new FormData(button.form));
    fields.delete("pwd");
    if (button.dataset.do) fields.set("do", button.dataset.do);
    const answer = await fetch(button.dataset.options, { method: "POST", body: fields });
    const said = await answer.json().catch(() => ({}));
    if (!said.publicKey) throw new Error(said.error ?? "");
    const key = said.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    key.excludeCredentials = listed(key.excludeCredentials);
    key.allowCredentials = listed(key.allowCredentials);
    return key;
  }

  async function done(button) {
    const publicKey = await options(button);
    const made = button.dataset.passkey === "create";
    const got = await (made ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    const answer = got.response;
    return JSON.stringify({
      id: text(got.rawId),
      client: text(answer.clientDataJSON),
      attestation: text(answer.attestationObject),
      data: text(answer.authenticatorData),
      signature: text(answer.signature),
      handle: text(answer.userHandle),
    });
  }

  function told(error) {
    if (error.name === "InvalidStateError") return "This device has a passkey for your account already.";
    if (error.name === "Error" && error.message) return error.message;
    return "The passkey was not used. You can try again.";
  }

  for (const button of document.querySelectorAll("button[data-passkey]")) {
    const { form } = button;
    const note = form.querySelector("[data-told]");
    for (let around = button; around; around = button.closest("[hidden]")) around.hidden = false;
    button.addEventListener("click", async () => {
      if (button.dataset.check && !form.reportValidity()) return;
      note.hidden = true;
      button.disabled = true;
      try {
        form.elements.credential.value = await done(button);
        form.action = button.dataset.send;
        form.submit();
      } catch (error) {
        note.textContent = told(error);
        note.hidden = false;
        button.disabled = false;
        button.focus();
      }
    });
  }
})();
