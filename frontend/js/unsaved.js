// Ask before leaving a form with changes: <form data-unsaved>.
import { first } from "./page.js";

const changed = new Set();
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

export function start(root) {
  for (const form of root.querySelectorAll("form[data-unsaved]")) {
    if (!first(form, "Unsaved")) continue;
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
    form.addEventListener("sp:saved", () => changed.delete(form));
  }
}
