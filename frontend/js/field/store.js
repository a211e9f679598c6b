// What the phone remembers: records being written or waiting to be sent, their photos, the kit of each person.
//
// records   id (UUID), person, kind, state, form {name: [values]}, where, checklist, title, opened_at, changed_at,
//           sealed {body, sha256, at} from the first sending on, server (number there), tries, reason
// photos    [record, field, sha]: name, type, bytes (ArrayBuffer: some browsers lose blobs), at
// kits      id (person): what the server gave them to take along
// sent      id, person, number, link, title, at: receipts, for two weeks
// settings  name: value
import { openDB } from "idb";

export const DRAFT = "draft";
export const WAITING = "waiting";
export const REFUSED = "refused";

const db = () => openDB("safetyplant-field", 1, {
  upgrade(base) {
    base.createObjectStore("records", { keyPath: "id" }).createIndex("person", "person");
    base.createObjectStore("photos", { keyPath: ["record", "field", "sha"] }).createIndex("record", "record");
    base.createObjectStore("kits", { keyPath: "id" });
    base.createObjectStore("sent", { keyPath: "id" }).createIndex("person", "person");
    base.createObjectStore("settings", { keyPath: "name" });
  },
});

let opened;
const base = () => (opened ??= db());

// On the disk before we go on: what was typed survives a phone that dies in the next second.
async function writing(names, write) {
  const transaction = (await base()).transaction(names, "readwrite", { durability: "strict" });
  const result = await write(...names.map((name) => transaction.objectStore(name)));
  await transaction.done;
  return result;
}

export const setting = async (name) => (await (await base()).get("settings", name))?.value;
export const set = (name, value) => writing(["settings"], (settings) => settings.put({ name, value }));

export const kitOf = async (person) => (await base()).get("kits", person);
export const allKits = async () => (await base()).getAll("kits");
export const keepKit = (kit) => writing(["kits"], (kits) => kits.put({ ...kit, id: kit.person.id }));

export const record = async (id) => (await base()).get("records", id);
export const recordsOf = async (person) => (await base()).getAllFromIndex("records", "person", person);
export const keep = (row) => writing(["records"], (records) => records.put(row));

// Reads, changes and writes in one transaction: a page and the worker may both be at it.
export function change(id, changes) {
  return writing(["records"], async (records) => {
    const row = await records.get(id);
    if (row) await records.put({ ...row, ...changes(row) });
    return row !== undefined;
  });
}

export const photosOf = async (id) => (await base()).getAllFromIndex("photos", "record", id);
export const keepPhoto = (photo) => writing(["photos"], (photos) => photos.put(photo));
export const dropPhoto = (key) => writing(["photos"], (photos) => photos.delete(key));

// The record and its photos leave the phone together, or not at all.
export function drop(id, receipt) {
  return writing(["records", "photos", "sent"], async (records, photos, sent) => {
    for (const key of await photos.index("record").getAllKeys(id)) await photos.delete(key);
    await records.delete(id);
    if (receipt) await sent.put(receipt);
  });
}

const TWO_WEEKS = 14 * 24 * 3600 * 1000;

export async function sentOf(person) {
  const rows = await (await base()).getAllFromIndex("sent", "person", person);
  const recent = rows.filter((row) => Date.now() - Date.parse(row.at) < TWO_WEEKS);
  for (const row of rows) if (!recent.includes(row)) await (await base()).delete("sent", row.id);
  return recent.sort((a, b) => b.at.localeCompare(a.at));
}
