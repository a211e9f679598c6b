// The service worker: pages for the field and what they are made of come from the phone when there is no signal.
// VERSION and ASSETS are written before this source by the server (safetyplant/shell/app.py).
/* global VERSION, ASSETS */
import { FIELD_CACHE, isFieldPage } from "./field/pages.js";
import { send } from "./field/sending.js";

const SHELL = `sp-assets-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL);
    await cache.addAll(ASSETS.map((url) => new Request(url, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("sp-assets-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || request.headers.has("X-Field-Renew")) return;
  if (ASSETS.includes(url.pathname)) event.respondWith(asset(request));
  else if (isFieldPage(url.pathname)) event.respondWith(fieldPage(request, url));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

async function asset(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}

// At once from the phone, with or without signal; whoever opens a page with signal renews it (field/kit.js).
async function fieldPage(request, url) {
  const cache = await caches.open(FIELD_CACHE);
  return (await cache.match(url.pathname)) ?? fetch(request);
}

// Every other page needs a server; without one the phone shows what it can do meanwhile.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(FIELD_CACHE);
    const home = await cache.match("/field/");
    if (!home) throw error;
    return home;
  }
}

// The browser wakes us when there is signal again, also with all pages closed.
self.addEventListener("sync", (event) => {
  if (event.tag === "field-queue") event.waitUntil(send());
});
