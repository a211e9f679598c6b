// Sends what waits. Runs in pages and in the service worker; one of them at a time (Web Locks).
//
// An inspection: its body, frozen at the first sending → each photo by its hash → submit → receipt. A hazard: photos → body →
// receipt. Every step may be repeated: the server makes nothing twice. The phone's copy goes only after a receipt that lists
// every photo. What is refused keeps its reason and stops nothing else. Bodies of inspections go many at a time, each with an
// answer of its own; where a server cannot answer that, one by one.
import { sealed } from "./body.js";
import { Refused, Unreachable, ask, putPhoto, saidBy } from "./server.js";
import * as store from "./store.js";

export const QUEUE_CHANGED = "sp-queue";
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(QUEUE_CHANGED) : null;
export const tellQueue = () => channel?.postMessage("changed");

const ADDRESS = { inspection: "/api/v1/inspections/", hazard: "/api/v1/hazards/" };
const BATCH = { address: "/api/v1/inspections/batch/", most: 25, characters: 1_000_000 };
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
  for (const rows of await parcels(waiting)) {
    await (rows.length > 1 ? sendMany : sendEach)(rows, session);
  }
}

// In their order: hazards by themselves, inspections in parcels, what is urgent never behind what is not.
async function parcels(waiting) {
  const made = [];
  let size = 0;
  for (const row of waiting) {
    const last = made.at(-1);
    const length = row.kind === "hazard" ? 0 : (await sealed(row)).length;
    const fits = last && last.length < BATCH.most && size + length <= BATCH.characters;
    const isAlike = last && last[0].kind === "inspection" && row.kind === "inspection" && last[0].urgent === row.urgent;
    if (fits && isAlike) last.push(row);
    else made.push([row]);
    size = fits && isAlike ? size + length : length;
  }
  return made;
}

async function sendEach(rows, session) {
  for (const row of rows) {
    await sendOne(row, session);
    tellQueue();
  }
}

async function sendMany(rows, session) {
  let answers;
  await mark(rows, true);
  try {
    const records = await Promise.all(rows.map(frozen));
    answers = (await ask(BATCH.address, { method: "POST", body: JSON.stringify({ records }), session })).results;
  } catch (error) {
    // No session, no signal: the same for each of them. Anything else is found out one by one.
    if (!isAboutThem(error)) return settleAll(rows, error);
    return sendEach(rows, session);
  }
  for (const [at, row] of rows.entries()) await sendOne(row, session, answers[at]);
  tellQueue();
}

const isAboutThem = (error) => (error instanceof Refused && error.status !== 401) || error.status === 500;

async function frozen(row) {
  const body = await sealed(row);
  return { body, sha256: (await store.record(row.id)).sealed.sha256 };
}

async function settleAll(rows, error) {
  for (const row of rows) await settle(row, error);
  await mark(rows, false);
}

async function mark(rows, sending) {
  for (const row of rows) await store.change(row.id, () => ({ sending }));
  tellQueue();
}

// With what the server has answered to its body already, if that went with others.
async function sendOne(row, session, answer) {
  try {
    await store.change(row.id, () => ({ sending: true, tries: (row.tries ?? 0) + 1 }));
    tellQueue();
    const body = await sealed(row);
    const photos = await store.photosOf(row.id);
    await (row.kind === "hazard" ? sendHazard : sendInspection)(row, body, photos, session, answer);
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

async function sendInspection(row, body, photos, session, answer) {
  if (row.replaces) await discard(row.replaces, session);
  const made = answer ? taken(answer) : await ask(ADDRESS.inspection, { method: "POST", body, session });
  await store.change(row.id, () => ({ server: made.id }));
  if (made.status === "draft") {
    await putAll(photos, session);
    await submit(made.id, session);
  }
  await conclude(row, made, photos, made.status === "draft" ? null : answer?.receipt);
}

function taken(answer) {
  if (answer.problem) throw new Refused(answer.status, saidBy(answer.problem));
  return answer.inspection;
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

async function conclude(row, made, photos, given) {
  const receipt = given ?? (await ask(`${ADDRESS[row.kind]}${made.id}/receipt/`));
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
