// <form data-checklist>: counts what is answered while one taps, and leads to the next open item.
import { first } from "./page.js";

const isAnswered = (item) => item.querySelector(".sp-tri input:checked") !== null;
const isFailed = (item) => item.querySelector(".sp-tri .no:checked") !== null;

// An item with a condition is asked where the other one, itself asked, has that answer. A failure stays to be seen in any case.
function ask(form) {
  for (const item of form.querySelectorAll(".sp-item[data-shown-if]")) {
    const other = form.querySelector(`#item-${CSS.escape(item.dataset.shownIf)}`);
    const answer = other && !other.matches(".unasked") ? other.querySelector(".sp-tri input:checked")?.value : "";
    item.classList.toggle("unasked", answer !== item.dataset.shownOn);
    item.hidden = item.matches(".unasked") && !isFailed(item);
  }
}

function count(form) {
  ask(form);
  const items = [...form.querySelectorAll(".sp-item:has(.sp-tri):not([hidden])")];
  const answered = items.filter(isAnswered).length;
  const failed = items.filter(isFailed).length;
  const show = (selector, text) => {
    for (const place of form.querySelectorAll(selector)) place.textContent = text;
  };
  show("[data-answered]", answered);
  show("[data-failed]", failed);
  show("[data-asked]", items.length);
  const line = form.querySelector("[data-failed-line]");
  if (line) line.hidden = failed === 0;
  const progress = form.querySelector("progress");
  if (progress) {
    progress.max = items.length;
    progress.value = answered;
  }
  for (const group of form.querySelectorAll("details[data-group]")) {
    const inside = [...group.querySelectorAll(".sp-item:not([hidden])")];
    group.hidden = inside.length === 0;
    group.querySelector("[data-group-asked]").textContent = inside.length;
    group.querySelector("[data-group-answered]").textContent = inside.filter(isAnswered).length;
  }
  for (const button of document.querySelectorAll("[data-next-item]")) {
    button.hidden = answered === items.length;
    button.querySelector("[data-left]").textContent = `(${items.length - answered})`;
  }
}

function goToNext(form) {
  const open = [...form.querySelectorAll(".sp-item:has(.sp-tri):not([hidden])")].find((item) => !isAnswered(item));
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
    form.addEventListener("sp:filled", () => count(form));
    // Coming back, the browser fills the answers in again only after this script has run.
    window.addEventListener("pageshow", () => count(form));
  }
}
