// Everything here is an enhancement: each page works without it.
import "./partials.js";
import { start as startAutosave } from "./autosave.js";
import { start as startChecklist } from "./checklist.js";
import { start as startForms } from "./forms.js";
import { start as startKeys } from "./keys.js";
import { start as startMenus } from "./menus.js";
import { startOffline } from "./offline.js";
import { start as startProposals } from "./proposals.js";
import { start as startPhotos } from "./photos.js";
import { start as startPins } from "./pins.js";
import { start as startReorder } from "./reorder.js";
import { start as startTheme } from "./theme.js";
import { start as startUnsaved } from "./unsaved.js";

const assets = document.querySelector("meta[name='sp-assets']")?.dataset ?? {};

// Heavy parts come only to pages that use them; their hashed addresses stand in the page.
async function startHeavyParts(root) {
  if (assets.select && root.querySelector("select[data-search]")) {
    (await import(assets.select)).start(root);
  }
  if (assets.charts && root.querySelector("[data-chart]")) {
    (await import(assets.charts)).start(root);
  }
}

function startAll(root) {
  for (const start of [startForms, startPhotos, startAutosave, startChecklist, startProposals, startReorder, startPins, startUnsaved, startTheme]) start(root);
  startHeavyParts(root);
}

startMenus();
startKeys();
startAll(document);
// Without it everything works as long as there is signal.
startOffline().catch(() => {});
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) startAll(event.target);
});
