// <form data-autosave="/address/"> sends itself shortly after each change; [data-autosave-state] inside tells how it went.
import { csrfToken, first, icon, say } from "./page.js";

const PAUSE = 800;
const RETRY = 10000;

function tell(form, text, mark, isBad = false) {
  for (const place of form.querySelectorAll("[data-autosave-state]")) {
    place.className = `sp-saved${isBad ? " bad" : ""}`;
    place.replaceChildren(icon(mark), document.createTextNode(text));
  }
}

class Saver {
  constructor(form) {
    this.form = form;
    this.timer = 0;
    this.isSending = false;
    this.isStale = false;
    const plan = () => this.plan(PAUSE);
    form.addEventListener("input", plan);
    form.addEventListener("change", plan);
    form.addEventListener("submit", () => clearTimeout(this.timer));
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.isStale = true;
    this.timer = setTimeout(() => this.send(), wait);
  }

  // One request at a time: an older answer must never overtake a newer one.
  async send() {
    if (this.isSending) return;
    this.isSending = true;
    this.isStale = false;
    tell(this.form, say("saving"), "arrow-repeat");
    try {
      const response = await fetch(this.form.dataset.autosave, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "autosave", Accept: "application/json" },
        body: this.body(),
      });
      this.conclude(response);
    } catch {
      tell(this.form, say("notSaved"), "cloud-slash", true);
      this.plan(RETRY);
    } finally {
      this.isSending = false;
      if (this.isStale) this.plan(PAUSE);
    }
  }

  body() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  conclude(response) {
    if (response.ok) {
      tell(this.form, say("saved"), "check2");
      this.form.dispatchEvent(new CustomEvent("sp:saved", { bubbles: true }));
    } else if (response.status >= 500) {
      tell(this.form, say("notSaved"), "cloud-slash", true);
      this.plan(RETRY);
    } else {
      tell(this.form, response.status === 409 ? say("changedElsewhere") : say("notSaved"), "exclamation-circle", true);
    }
  }
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) if (first(form, "Autosave")) new Saver(form);
}
