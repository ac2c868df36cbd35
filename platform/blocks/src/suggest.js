(() => {
  const field = document.querySelector(".g-seek [name=s]");
  if (!field) return;
  const list = document.createElement("ul");
  const set = (part, name, value) => part.setAttribute(name, value);
  let at = -1, turn = 0, wait;
  list.className = "g-sugg";
  list.id = "sugg";
  set(list, "role", "listbox");
  set(list, "aria-label", field.placeholder);
  set(field, "role", "combobox");
  set(field, "aria-autocomplete", "list");
  set(field, "aria-controls", "sugg");
  field.after(list);
  const choose = (next) => {
    at = next;
    [...list.children].forEach((part, i) => set(part, "aria-selected", i === at));
    set(field, "aria-activedescendant", at < 0 ? "" : "sugg" + at);
    if (at >= 0) list.children[at].scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    clearTimeout(wait);
    turn++;
    show(false);
  };
  const show = (open) => {
    list.hidden = !open;
    set(field, "aria-expanded", open);
    choose(-1);
  };
  const ask = async () => {
    const mine = ++turn, typed = field.value.trim();
    if (typed.length < 2) return show(false);
    const answer = await fetch("/api/v1/suggest?q=" + encodeURIComponent(typed)).catch(() => null);
    const [, titles, , links] = answer && answer.ok ? await answer.json() : [0, []];
    if (mine !== turn) return;
    list.replaceChildren(...titles.map((title, i) => {
      const part = document.createElement("li");
      part.id = "sugg" + i;
      part.dir = "auto";
      part.textContent = title;
      part.dataset.to = links[i];
      set(part, "role", "option");
      return part;
    }));
    show(titles.length > 0);
  };
  show(false);
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 150);
  });
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) close();
    else if (list.hidden || event.isComposing) return;
    else if (event.key === "ArrowDown") choose(at < last ? at + 1 : -1);
    else if (event.key === "ArrowUp") choose(at < 0 ? last : at - 1);
    else if (event.key === "Enter" && at >= 0) location.href = list.children[at].dataset.to;
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const part = event.target.closest("li");
    if (part) location.href = part.dataset.to;
  });
})();
