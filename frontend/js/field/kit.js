// Packing the kit while there is signal: the person's data, and the pages that work without.
import { FIELD_CACHE } from "./pages.js";
import { ask } from "./server.js";
import * as store from "./store.js";

const FRESH = 30 * 60 * 1000;

// Called from every page of a signed-in person. Quiet: without signal the old kit serves.
export async function pack({ force = false } = {}) {
  const kit = await ask("/field/kit/");
  const before = await store.kitOf(kit.person.id);
  const packed = { ...kit, packed_at: new Date().toISOString() };
  const isSame = (await store.setting("person")) === kit.person.id && before?.language === kit.language;
  await store.set("person", kit.person.id);
  await store.set("taken", null);
  await store.keepKit(packed);
  if (force || !isSame || !(await hasPages(kit.pages)) || Date.now() - Date.parse(before.packed_at) > FRESH) await keepPages(kit.pages);
  return packed;
}

async function hasPages(pages) {
  const cache = await caches.open(FIELD_CACHE);
  for (const page of pages) if (!(await cache.match(page))) return false;
  return true;
}

// Fetched past our own worker's cache; a page that answers anything but itself (login, an error) is not kept.
async function keepPages(pages) {
  const cache = await caches.open(FIELD_CACHE);
  for (const page of pages) {
    const response = await fetch(page, { cache: "reload", redirect: "error", headers: { "X-Field-Renew": "1" } });
    if (response.ok) await cache.put(page, response);
  }
}

export async function isDue(person) {
  const kit = (await store.setting("person")) === person ? await store.kitOf(person) : null;
  return !kit || Date.now() - Date.parse(kit.packed_at) > FRESH;
}
