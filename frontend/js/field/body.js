// From what was typed to the body that is sent. Frozen at the first sending: the server knows it again by its content.
import * as store from "./store.js";

const TAPS = { ok: "pass", fail: "fail", na: "na" };
const LONGEST_TITLE = 120;

export const one = (form, name) => form[name]?.[0] ?? "";
const moment = (text) => (text ? new Date(text).toISOString() : null);

export async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sealed(row) {
  if (row.sealed) return row.sealed.body;
  const photos = await store.photosOf(row.id);
  const body = JSON.stringify(row.kind === "hazard" ? hazardBody(row, photos) : inspectionBody(row, photos));
  const sha = await sha256(new TextEncoder().encode(body));
  await store.change(row.id, () => ({ sealed: { body, sha256: sha, at: new Date().toISOString() } }));
  return body;
}

function shasOf(photos, field) {
  return photos.filter((photo) => photo.field === field).sort((a, b) => a.at.localeCompare(b.at)).map((photo) => photo.sha);
}

export function hazardBody(row, photos) {
  const { form } = row;
  const text = one(form, "text").trim();
  const [title, description] = titleOf(text);
  const inDanger = one(form, "danger") === "yes";
  return {
    client_id: row.id,
    title,
    description,
    unit: row.where.unit,
    place: row.where.place,
    immediate_danger: inDanger,
    stop_work: inDanger,
    field: one(form, "field") || "production",
    category: one(form, "category") || null,
    found_at: moment(one(form, "found_at")) ?? row.opened_at,
    photos: shasOf(photos, "photos"),
  };
}

// A short text is the title; of a longer one the first line is, and all of it the description.
function titleOf(text) {
  if (text.length <= LONGEST_TITLE && !text.includes("\n")) return [text, ""];
  const first = text.split("\n", 1)[0].trim();
  return [first.length > LONGEST_TITLE ? `${first.slice(0, LONGEST_TITLE - 1)}…` : first, text];
}

export function inspectionBody(row, photos) {
  const { form } = row;
  return {
    ...(row.visit ? { visit: row.visit } : {}),
    client_id: row.id,
    unit: row.where.unit,
    place: row.where.place,
    standard: row.checklist,
    kind: one(form, "kind") || "routine",
    field: one(form, "field") || "production",
    note: one(form, "note"),
    inspectors: (form.inspectors ?? []).filter(Boolean).map(Number),
    started_at: moment(one(form, "started_at")) ?? row.opened_at,
    answers: prefixesOf(form).map((prefix) => answerOf(form, prefix, photos)).filter(Boolean),
    // With photos it is submitted by itself, when they are there.
    submit: photos.length === 0,
  };
}

// "i123" for an item of a checklist, "f2" for a finding of a free inspection, in the order of the page.
export function prefixesOf(form) {
  const names = Object.keys(form).map((name) => name.match(/^([if]\d+)-/)?.[1]).filter(Boolean);
  return [...new Set(names)];
}

function answerOf(form, prefix, photos) {
  const isFree = prefix.startsWith("f");
  const result = isFree ? "fail" : TAPS[one(form, `${prefix}-result`)];
  const finding = findingOf(form, prefix, photos);
  if (!result || (isFree && !finding.text && !finding.photos.length)) return null;
  return {
    item: isFree ? null : Number(prefix.slice(1)),
    result,
    note: one(form, `${prefix}-note`),
    finding: result === "fail" ? finding : null,
  };
}

function findingOf(form, prefix, photos) {
  const of = (name) => one(form, `${prefix}-${name}`).trim();
  const kind = of("kind") || "hazard";
  const isViolation = kind === "violation";
  return {
    kind,
    text: of("text"),
    photos: shasOf(photos, `${prefix}-photos`),
    after_photos: kind === "fixed" ? shasOf(photos, `${prefix}-after`) : [],
    stop_work: of("stop_work") !== "",
    interim_control: of("interim_control"),
    violation_type: isViolation ? of("violation_type") : "",
    person: isViolation ? of("person") : "",
    correction: isViolation ? of("correction") : "",
  };
}
