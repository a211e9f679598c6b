// Small helps in forms: focus on the error summary, one submit only, letters left, show password, copy, submit on choice.
import { first, icon, say } from "./page.js";

function focusSummary(root) {
  root.querySelector(".sp-summary")?.focus();
}

// A second tap on "Send" must not send twice; the button comes back when the page does.
function submitOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post") {
      form.dataset.sent = "1";
      event.submitter?.setAttribute("aria-disabled", "true");
    }
  });
}

function countLetters(field) {
  const note = document.createElement("span");
  note.className = "sp-count-left num";
  note.setAttribute("aria-live", "polite");
  const limit = Number(field.getAttribute("maxlength"));
  const update = () => {
    const left = limit - field.value.length;
    note.textContent = left < limit / 4 ? say("lettersLeft", { count: left }) : "";
  };
  field.after(note);
  field.addEventListener("input", update);
  update();
}

function showPassword(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.replaceChildren(icon(shown ? "eye" : "eye-slash"));
  });
}

function copyText(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.replaceChildren(icon("check-lg"), document.createTextNode(say("copied")));
  });
}

const WIRES = [
  ["form", "Once", (form) => form.hasAttribute("data-many") || submitOnce(form)],
  ["textarea[maxlength]", "Count", countLetters],
  ["[data-show-password]", "Show", showPassword],
  ["[data-copy]", "Copy", copyText],
  ["[data-submit-on-change]", "Change", (field) => field.addEventListener("change", () => field.form.requestSubmit())],
  ["[data-print]", "Print", (button) => { button.hidden = false; button.addEventListener("click", () => window.print()); }],
];

export function start(root) {
  focusSummary(root);
  for (const [selector, purpose, wire] of WIRES) {
    for (const element of root.querySelectorAll(selector)) if (first(element, purpose)) wire(element);
  }
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
for (const name of ["htmx:afterRequest"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("form[data-sent]");
    if (form) delete form.dataset.sent;
  });
}
