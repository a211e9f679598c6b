// Menus are <details>; close them on Escape, on a click elsewhere, and when another opens.
function closeAll(except) {
  for (const menu of document.querySelectorAll("details.sp-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    closeAll(event.target.closest("details.sp-menu"));
    const close = event.target.closest("[data-close]");
    if (close) close.closest(close.dataset.close)?.remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.sp-menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
}
