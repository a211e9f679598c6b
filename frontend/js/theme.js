// Theme at once, without a page load; the form itself posts when there is no script.
import { csrfToken, first } from "./page.js";

function apply(theme, form) {
  document.documentElement.dataset.bsTheme = theme;
  const scheme = document.querySelector("meta[name='color-scheme']");
  if (scheme) scheme.content = theme === "auto" ? "light dark" : theme;
  for (const button of document.querySelectorAll("form[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  fetch(form.action, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ theme }),
    redirect: "manual",
  }).catch(() => {});
  document.dispatchEvent(new CustomEvent("sp:theme"));
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-theme-form]")) {
    if (!first(form, "Theme")) continue;
    form.addEventListener("submit", (event) => {
      if (!event.submitter?.value) return;
      event.preventDefault();
      apply(event.submitter.value, form);
    });
  }
}
