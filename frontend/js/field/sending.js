// Sends what waits. Runs in pages and in the service worker; one of them at a time (Web Locks).
//
// An inspection: its body, frozen at the first sending → each photo by its hash → submit → receipt. A hazard: photos → body →
// receipt. Every step may be repeated: the server makes nothing twice. The phone's copy goes only after a receipt that lists
// every photo. What is refused keeps its reason and stops nothing else.
import { sealed } from "./body.js";
import { Refused, Unreachable, ask, putPhoto } from "./server.js";
import * as store from "./store.js";

export const QUEUE_CHANGED = "sp-queue";
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(QUEUE_CHANGED) : null;
export const tellQueue = () => channel?.postMessage("changed");

const ADDRESS = { inspection: "/api/v1/inspections/", hazard: "/api/v1/hazards/" };
const PAGE = { inspection: "/inspections/", hazard: "/hazards/" };

export function send() {
  return navigator.locks.request("sp-field-sending", { ifAvailable: true }, (lock) => (lock ? sendAll() : null));
}

async function sendAll() {
  const waiting = [];
  let session;
  try {
    session = await ask("/field/session/");
  } catch (error) {
    await store.set("trouble", error instanceof Refused ? "session" : "signal");
    tellQueue();
    return;
  }
  // Somebody took over without signal: theirs wait until they have signed in.
  const writer = await store.setting("person");
  await store.set("trouble", writer && writer !== session.person ? "session" : "");
  for (const row of await store.recordsOf(session.person)) if (row.state === store.WAITING) waiting.push(row);
  // Danger first, then in the order in which they were finished.
  waiting.sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.changed_at.localeCompare(b.changed_at));
  for (const row of waiting) {
    await sendOne(row, session);
    tellQueue();
  }
}

async function sendOne(row, session) {
  try {
    await store.change(row.id, () => ({ sending: true, tries: (row.tries ?? 0) + 1 }));
    tellQueue();
    const body = await sealed(row);
    const photos = await store.photosOf(row.id);
    await (row.kind === "hazard" ? sendHazard : sendInspection)(row, body, photos, session);
  } catch (error) {
    await settle(row, error);
  } finally {
    await store.change(row.id, () => ({ sending: false }));
  }
}

async function settle(row, error) {
  if (error instanceof Refused && error.status === 401) await store.set("trouble", "session");
  else if (error instanceof Refused) {
    await store.change(row.id, () => ({ state: store.REFUSED, reason: error.message, status: error.status }));
  } else if (error instanceof Unreachable) await store.change(row.id, () => ({ reason: error.message }));
  else throw error;
}

async function sendHazard(row, body, photos, session) {
  await putAll(photos, session);
  const made = await ask(ADDRESS.hazard, { method: "POST", body, session });
  await conclude(row, made, photos);
}

// What was refused after its body had arrived lies there as a draft; the corrected record takes its place.
async function discard(id, session) {
  try {
    await ask(`${ADDRESS.inspection}${id}/`, { method: "DELETE", session });
  } catch (error) {
    if (!(error instanceof Refused && [404, 409].includes(error.status))) throw error;
  }
}

async function sendInspection(row, body, photos, session) {
  if (row.replaces) await discard(row.replaces, session);
  const made = await ask(ADDRESS.inspection, { method: "POST", body, session });
  await store.change(row.id, () => ({ server: made.id }));
  if (made.status === "draft") {
    await putAll(photos, session);
    await submit(made.id, session);
  }
  await conclude(row, made, photos);
}

// Submitted by a try whose answer was lost: 409, and the receipt tells whether it is whole.
async function submit(id, session) {
  try {
    await ask(`${ADDRESS.inspection}${id}/submit/`, { method: "POST", session });
  } catch (error) {
    if (!(error instanceof Refused && error.status === 409)) throw error;
    const receipt = await ask(`${ADDRESS.inspection}${id}/receipt/`);
    if (!receipt.complete) throw error;
  }
}

async function putAll(photos, session) {
  for (const photo of photos) await putPhoto(photo, session);
}

async function conclude(row, made, photos) {
  const receipt = await ask(`${ADDRESS[row.kind]}${made.id}/receipt/`);
  const arrived = new Set(receipt.photos);
  const isWhole = receipt.complete && receipt.client_id === row.id && photos.every((photo) => arrived.has(photo.sha));
  if (!isWhole) throw new Unreachable("receipt");
  await store.drop(row.id, {
    id: row.id,
    person: row.person,
    kind: row.kind,
    number: receipt.number,
    link: `${PAGE[row.kind]}${made.id}/`,
    title: row.title,
    visit: row.visit ?? null,
    at: new Date().toISOString(),
  });
}
