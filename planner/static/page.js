// Small helps for every page; all of them can be missing.
(function () {
  const target = document.querySelector("[data-focus]");
  if (target) target.focus();
  const field = document.querySelector("[data-filter]");
  if (field) {
    const rows = [...document.querySelectorAll(field.dataset.filter)];
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      for (const row of rows) row.hidden = wanted && !row.textContent.toLocaleLowerCase().includes(wanted);
    });
  }
})();
