// The pages below /field/: everything on them is made on the phone, from the kit and the records kept there.
import { start as startChecklist } from "../checklist.js";
import { start as startForms } from "../forms.js";
import { startHazard } from "./hazard.js";
import { startHome } from "./home.js";
import { startInspection } from "./inspection.js";
import { pack } from "./kit.js";
import { startQueue } from "./queue.js";
import { ask } from "./server.js";
import { askToStay } from "./room.js";
import * as store from "./store.js";

const PAGES = { home: startHome, inspection: startInspection, hazard: startHazard };

// Whoever took over by PIN without signal stays the one who writes here until the server knows it too.
async function kitHere() {
  const person = await store.setting("person");
  const known = person ? await store.kitOf(person) : undefined;
  try {
    const taken = await store.setting("taken");
    if (taken && taken === person && (await whoIsSignedIn()) !== taken) return known;
    return await pack();
  } catch {
    return known;
  }
}

const whoIsSignedIn = async () => (await ask("/field/session/")).person;

async function start() {
  navigator.serviceWorker?.register("/sw.js");
  startForms(document);
  const kit = await kitHere();
  if (!kit) {
    document.querySelector("[data-no-kit]").hidden = false;
    return;
  }
  for (const place of document.querySelectorAll("[data-person]")) place.textContent = kit.person.name;
  const inspects = kit.units.some((unit) => unit.inspects);
  for (const place of document.querySelectorAll("[data-inspects]")) place.hidden = !inspects;
  startQueue(kit);
  await PAGES[document.body.dataset.field]?.(kit, { startChecklist });
  await askToStay();
  document.documentElement.dataset.fieldReady = "1";
}

start();
