// Sending in the background of every page below /field/, and the line at the top that says how it stands.
import { say } from "../page.js";
import { QUEUE_CHANGED, send, tellQueue } from "./sending.js";
import * as store from "./store.js";

const AGAIN = 30 * 1000;

export async function queueNow() {
  const registration = await navigator.serviceWorker?.ready.catch(() => null);
  // The browser may send later by itself, with every page closed.
  await registration?.sync?.register("field-queue").catch(() => {});
  await send();
  tellQueue();
  document.dispatchEvent(new CustomEvent(QUEUE_CHANGED));
}

async function show(kit) {
  const rows = await store.recordsOf(kit.person.id);
  const waiting = rows.filter((row) => row.state === store.WAITING).length;
  const refused = rows.filter((row) => row.state === store.REFUSED).length;
  const trouble = await store.setting("trouble");
  const tell = (selector, text) => {
    for (const place of document.querySelectorAll(selector)) {
      place.hidden = !text;
      const words = place.querySelector("[data-words]") ?? place;
      words.textContent = text;
    }
  };
  tell("[data-tell='waiting']", waiting ? String(waiting) : "");
  tell("[data-tell='refused']", refused ? String(refused) : "");
  const isStuck = waiting > 0;
  for (const place of document.querySelectorAll("[data-session-over]")) place.hidden = !(isStuck && trouble === "session");
  tell("[data-tell='signal']", !navigator.onLine || (isStuck && trouble === "signal") ? say("noSignal") : "");
}

export function startQueue(kit) {
  const refresh = () => show(kit);
  new BroadcastChannel(QUEUE_CHANGED).addEventListener("message", () => {
    refresh();
    document.dispatchEvent(new CustomEvent(QUEUE_CHANGED));
  });
  document.addEventListener(QUEUE_CHANGED, refresh);
  window.addEventListener("online", () => queueNow());
  window.addEventListener("offline", refresh);
  setInterval(() => queueNow(), AGAIN);
  refresh();
  queueNow();
}
