// What is on this phone: drafts to go on with, what waits, what was refused and why, what has arrived.
import { icon, say } from "../page.js";
import { startPeople } from "./people.js";
import { queueNow } from "./queue.js";
import { exported, isUntouched, queue, reopen } from "./records.js";
import { QUEUE_CHANGED } from "./sending.js";
import * as store from "./store.js";

const PAGE = { inspection: "/field/inspection/", hazard: "/field/hazard/" };
const MARK = { inspection: "clipboard-check", hazard: "exclamation-triangle" };

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter(Boolean));
  return made;
}

const when = (moment) => new Date(moment).toLocaleString(document.documentElement.lang, {
  month: "short", day: "numeric", hour: "2-digit", minute: "2-digit",
});

function line(row, state, { href, tone = "" } = {}) {
  const title = element("b", "", row.title || say(row.kind));
  const about = element("span", "", element("span", tone, state), element("span", "muted", `${say(row.kind)}, ${when(row.changed_at ?? row.at)}`));
  const inside = [icon(MARK[row.kind]), title, about];
  if (!href) return element("div", "sp-row", ...inside);
  const link = element("a", "sp-row", ...inside, element("span", "go", icon("chevron-right")));
  link.href = href;
  return link;
}

function button(text, mark, act) {
  const made = element("button", "btn btn-plain", icon(mark), document.createTextNode(text));
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

async function download(row) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await exported(row));
  link.download = `${row.kind}-${row.id}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function correct(row) {
  const copy = await reopen(row);
  window.location.assign(`${PAGE[row.kind]}?id=${copy.id}`);
}

async function again(row) {
  await queue(row);
  await queueNow();
}

function refusedLine(row) {
  const why = element("p", "sp-error one", icon("exclamation-circle-fill"), document.createTextNode(row.reason || say("refusedPlain")));
  const acts = element(
    "div", "sp-buttons",
    button(say("correct"), "pencil", () => correct(row)),
    button(say("sendAgain"), "arrow-repeat", () => again(row)),
    button(say("saveFile"), "download", () => download(row)),
  );
  return element("li", "sp-refused", line(row, say("refused"), { tone: "late-text" }), element("div", "sp-body sp-stack tight", why, acts));
}

const item = (child) => element("li", "", child);

function fill(name, lines) {
  const section = document.querySelector(`[data-list="${name}"]`);
  section.hidden = lines.length === 0;
  section.querySelector("ul").replaceChildren(...lines);
}

// What is begun or sent from this phone is no longer to be done, whatever the kit, which may be hours old, says of it.
function planLines(kit, rows, sent) {
  const taken = new Set([...rows, ...sent].filter((row) => row.visit).map((row) => `${row.visit} ${row.title}`));
  return (kit.plan ?? []).filter((each) => !taken.has(`${each.visit} ${each.name}`)).map((each) => {
    const about = element("span", "", element("span", "", each.due), element("span", "muted", [each.word, each.route].filter(Boolean).join(", ")));
    const link = element("a", "sp-row", icon("calendar-event"), element("b", "", each.name), about, element("span", "go", icon("chevron-right")));
    link.href = `${PAGE.inspection}?visit=${each.visit}&where=${each.where}`;
    return element("li", "", link);
  });
}

async function show(kit) {
  const rows = (await store.recordsOf(kit.person.id)).sort((a, b) => b.changed_at.localeCompare(a.changed_at));
  const of = (state) => rows.filter((row) => row.state === state);
  const drafts = of(store.DRAFT).filter((row) => !isUntouched(row));
  fill("drafts", drafts.map((row) => item(line(row, say("draft"), { href: `${PAGE[row.kind]}?id=${row.id}` }))));
  fill("waiting", of(store.WAITING).map((row) => item(line(row, row.sending ? say("sendingNow") : say("waits")))));
  fill("refused", of(store.REFUSED).map(refusedLine));
  const sent = await store.sentOf(kit.person.id);
  fill("plan", planLines(kit, rows, sent));
  fill("sent", sent.slice(0, 20).map((row) => item(line(row, row.number ?? "", { href: row.link }))));
  document.querySelector("[data-empty]").hidden = rows.some((row) => !isUntouched(row)) || sent.length > 0;
}

// Begun and left without a word: nothing is lost with it.
async function sweep(kit) {
  for (const row of await store.recordsOf(kit.person.id)) {
    if (isUntouched(row) && Date.now() - Date.parse(row.changed_at) > 3600 * 1000) await store.drop(row.id);
  }
}

// A label scanned without a signal: its address is answered here.
function showScanned(kit) {
  const label = window.location.pathname.match(/^\/q\/([0-9a-f-]{36})\/$/)?.[1];
  const place = label && kit.places.find((each) => each.label === label);
  const section = document.querySelector("[data-scanned]");
  section.hidden = !place;
  if (!place) return;
  section.querySelector("[data-scanned-name]").textContent = place.name;
  section.querySelector("[data-scanned-inspect]").hidden = !kit.units.find((unit) => unit.id === place.unit)?.inspects;
  for (const link of section.querySelectorAll("a")) link.href = `${link.getAttribute("href").split("?")[0]}?place=${label}`;
}

export async function startHome(kit) {
  showScanned(kit);
  for (const place of document.querySelectorAll("[data-packed]")) place.textContent = when(kit.packed_at);
  document.querySelector("[data-send-now]").addEventListener("click", queueNow);
  document.addEventListener(QUEUE_CHANGED, () => show(kit));
  await sweep(kit);
  await show(kit);
  await startPeople(kit);
}
