// Ask before leaving a form with changes: <form data-unsaved>.
import { first, say } from "./page.js";

const changed = new Set();
const isUnsaved = () => [...changed].some((form) => form.isConnected);

window.addEventListener("beforeunload", (event) => {
  if (!isUnsaved()) return;
  event.preventDefault();
  event.returnValue = "unsaved"; // older phones ask only then
});

// Phones skip the question above for links of the page itself: a menu would take half a report with it without a word.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const leaves = !link.target && !link.hasAttribute("download") && link.protocol.startsWith("http") && !isHere(link);
  if (!leaves || !isUnsaved()) return;
  if (window.confirm(say("unsaved"))) changed.clear();
  else event.preventDefault();
});

// A jump within the page leaves nothing.
function isHere(link) {
  return Boolean(link.hash) && link.href.split("#")[0] === window.location.href.split("#")[0];
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-unsaved]")) {
    if (!first(form, "Unsaved")) continue;
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
    form.addEventListener("sp:saved", () => changed.delete(form));
  }
}
