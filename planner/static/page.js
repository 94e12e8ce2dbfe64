// Small helps for every page; all of them can be missing.
(function () {
  const target = document.querySelector("[data-focus]");
  if (target) target.focus();
  // A menu closes as people expect it: by a click beside it and by Escape.
  for (const menu of document.querySelectorAll("details[data-closes]")) {
    document.addEventListener("click", event => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", event => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  // One box marks all rows of a list's page.
  const all = document.querySelector("[data-marks-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of all.form.querySelectorAll("[name=marked]")) box.checked = all.checked;
    });
  }
  // People are found while one types; without this file a button finds them. The page itself answers, nothing is saved.
  for (const picker of document.querySelectorAll("[data-picker]")) {
    const search = picker.querySelector("input[type=search]");
    const button = picker.querySelector("button[name=find]");
    let wait;
    const look = async () => {
      const typed = new FormData(search.form);
      typed.set("find", picker.dataset.picker);
      const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(typed) });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(`[data-picker="${picker.dataset.picker}"] [data-results]`);
      picker.querySelector("[data-results]").replaceChildren(...found.childNodes);
    };
    search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(look, 300); });
    search.addEventListener("keydown", event => { if (event.key === "Enter") { event.preventDefault(); look(); } });
    button.addEventListener("click", event => { event.preventDefault(); look(); });
    picker.addEventListener("change", event => {
      const chip = event.target.closest("[data-found] li");
      if (!chip) return;
      const chosen = picker.querySelector("[data-chosen]");
      chosen.querySelector(".soft")?.remove();
      chosen.append(chip);
      search.value = "";
      search.focus();
    });
  }
  const field = document.querySelector("[data-filter]");
  if (field) {
    const rows = [...document.querySelectorAll(field.dataset.filter)];
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      for (const row of rows) row.hidden = wanted && !row.textContent.toLocaleLowerCase().includes(wanted);
    });
  }
})();
