// What the frame does beside its plain pages: keys, picking all, and leaving a form that holds something unsaved.
const box = document.getElementById("any");
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

const wide = matchMedia("(min-width: 62rem)");
const menu = document.querySelector(".a-menu");
if (menu) {
  const fit = () => { menu.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
}

for (const all of document.querySelectorAll("[data-all]")) {
  const picks = [...document.querySelectorAll(`input[name="${all.dataset.all}"]`)];
  const told = document.querySelector("[data-picked]");
  const usual = told?.textContent;
  const tell = () => {
    const count = picks.filter((pick) => pick.checked).length;
    if (told) told.textContent = count ? `${count} picked` : usual;
    for (const pick of picks) pick.closest("tr, li, label")?.classList.toggle("is-picked", pick.checked);
    all.checked = count > 0 && count === picks.length;
    all.indeterminate = count > 0 && count < picks.length;
  };
  all.addEventListener("change", () => { for (const pick of picks) pick.checked = all.checked; tell(); });
  for (const pick of picks) pick.addEventListener("change", tell);
  tell();
}

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    changed = false;
    event.submitter?.setAttribute("aria-busy", "true");
  });
  if (form.hasAttribute("data-keep")) {
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
