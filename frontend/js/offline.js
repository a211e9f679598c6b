// On every page: the worker is there, the kit is packed while there is signal, what waits is sent, and logging out with a
// queue is not done by accident.
import { isDue, pack } from "./field/kit.js";
import { queueNow } from "./field/queue.js";
import * as store from "./field/store.js";
import { say } from "./page.js";

const personHere = () => Number(document.querySelector("meta[name='sp-person']")?.content ?? 0);

async function waiting() {
  const person = await store.setting("person");
  const rows = person ? await store.recordsOf(person) : [];
  return rows.filter((row) => row.state !== store.DRAFT || Object.keys(row.form).length > 0).length;
}

function holdLogout() {
  for (const form of document.querySelectorAll("form[action='/logout/']")) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.sure) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const count = await waiting().catch(() => 0);
      if (count > 0 && !window.confirm(say("logoutQueue", { count }))) return;
      // The phone forgets who uses it; what they wrote stays, and shows again when they sign in.
      await store.set("person", null).catch(() => {});
      form.dataset.sure = "1";
      form.requestSubmit(event.submitter ?? undefined);
    }, { capture: true });
  }
}

export async function startOffline() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  await navigator.serviceWorker.register("/sw.js");
  const person = personHere();
  if (!person) return;
  holdLogout();
  if (document.querySelector("[data-pack-now]") || (await isDue(person))) await pack();
  if (await waiting()) await queueNow();
}
