// Records as they begin: the id is written before the first keystroke, so that however it is sent later it is the same one.
import * as store from "./store.js";

export async function opened(kind, kit) {
  const address = new URL(window.location.href);
  const id = address.searchParams.get("id");
  const known = id ? await store.record(id) : null;
  if (known && known.person === kit.person.id && known.kind === kind) return known;
  const row = begun(kind, kit);
  await store.keep(row);
  address.searchParams.set("id", row.id);
  window.history.replaceState(null, "", address);
  return row;
}

function begun(kind, kit) {
  const now = new Date().toISOString();
  return {
    id: crypto.randomUUID(), person: kit.person.id, kind, state: store.DRAFT, form: {}, where: null, checklist: null,
    title: "", urgent: false, opened_at: now, changed_at: now, sealed: null, tries: 0, reason: "",
  };
}

export const isUntouched = (row) => row.state === store.DRAFT && !row.where && Object.values(row.form).flat().every((value) => !value);

// From the page's form to the queue; from here on only its receipt takes it off the phone.
export async function queue(row) {
  await store.change(row.id, () => ({ state: store.WAITING, reason: "", status: 0, changed_at: new Date().toISOString() }));
}

// Refused and to be corrected: as a new record, since the server may have the first body under its id.
export async function reopen(row) {
  const copy = { ...row, id: crypto.randomUUID(), state: store.DRAFT, sealed: null, server: null, replaces: row.server ?? row.replaces ?? null, reason: "", status: 0, tries: 0, sending: false };
  await store.keep(copy);
  for (const photo of await store.photosOf(row.id)) await store.keepPhoto({ ...photo, record: copy.id });
  await store.drop(row.id);
  return copy;
}

export async function exported(row) {
  const photos = await store.photosOf(row.id);
  const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
  const data = { ...row, photos: photos.map((photo) => ({ ...photo, bytes: base64(photo.bytes) })) };
  return new Blob([JSON.stringify(data, null, 1)], { type: "application/json" });
}
