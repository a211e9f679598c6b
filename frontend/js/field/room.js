// Will what is kept here stay here? Asked once; said in time when the phone is nearly full or may clear it by itself.
import * as store from "./store.js";

const NEARLY = 0.9;
const LEAST = 100 * 1024 * 1024;

export async function askToStay() {
  if (!navigator.storage?.estimate) return;
  const isKept = (await navigator.storage.persisted()) || (await navigator.storage.persist());
  const { usage = 0, quota = Infinity } = await navigator.storage.estimate();
  const isFull = usage > quota * NEARLY || quota - usage < LEAST;
  await store.set("room", isFull ? (isKept ? "full" : "full-and-loose") : "");
  for (const place of document.querySelectorAll("[data-room-full]")) place.hidden = !isFull;
}
