// <form data-checklist>: counts what is answered while one taps, and leads to the next open item.
import { first } from "./page.js";

const isAnswered = (item) => item.querySelector(".sp-tri input:checked") !== null;
const isFailed = (item) => item.querySelector(".sp-tri .no:checked") !== null;

function count(form) {
  const items = [...form.querySelectorAll(".sp-item:has(.sp-tri)")];
  const answered = items.filter(isAnswered).length;
  const failed = items.filter(isFailed).length;
  const show = (selector, text) => {
    for (const place of form.querySelectorAll(selector)) place.textContent = text;
  };
  show("[data-answered]", answered);
  show("[data-failed]", failed);
  const line = form.querySelector("[data-failed-line]");
  if (line) line.hidden = failed === 0;
  const progress = form.querySelector("progress");
  if (progress) progress.value = answered;
  for (const group of form.querySelectorAll("details[data-group]")) {
    const inside = [...group.querySelectorAll(".sp-item")];
    group.querySelector("[data-group-answered]").textContent = inside.filter(isAnswered).length;
  }
  for (const button of document.querySelectorAll("[data-next-item]")) {
    button.hidden = answered === items.length;
    button.querySelector("[data-left]").textContent = `(${items.length - answered})`;
  }
}

function goToNext(form) {
  const open = [...form.querySelectorAll(".sp-item:has(.sp-tri)")].find((item) => !isAnswered(item));
  if (!open) return;
  open.closest("details")?.setAttribute("open", "");
  open.scrollIntoView({ block: "start", behavior: "smooth" });
  open.focus({ preventScroll: true });
}

function forgetFault(answer) {
  const item = answer.closest(".sp-item");
  item.classList.remove("bad");
  item.querySelector(":scope > .sp-error.one")?.remove();
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-checklist]")) {
    if (!first(form, "Checklist")) continue;
    form.addEventListener("change", (event) => {
      if (event.target.matches(".sp-tri input")) forgetFault(event.target);
      count(form);
    });
    for (const button of document.querySelectorAll("[data-next-item]")) button.addEventListener("click", () => goToNext(form));
    count(form);
    // Coming back, the browser fills the answers in again only after this script has run.
    window.addEventListener("pageshow", () => count(form));
  }
}
