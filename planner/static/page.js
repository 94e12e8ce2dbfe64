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
  const field = document.querySelector("[data-filter]");
  if (field) {
    const rows = [...document.querySelectorAll(field.dataset.filter)];
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      for (const row of rows) row.hidden = wanted && !row.textContent.toLocaleLowerCase().includes(wanted);
    });
  }
})();
