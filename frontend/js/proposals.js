// <select data-proposes="id of another select" data-proposal-url="/…?where=">: what is chosen here proposes a choice there,
// until that one is chosen by hand.
import { first } from "./page.js";

function follow(source, target) {
  let isOwnChoice = false;
  let isOurs = false;
  let asked = 0;
  target.addEventListener("change", () => { isOwnChoice ||= !isOurs; });
  source.addEventListener("change", async () => {
    if (isOwnChoice || !source.value) return;
    const turn = ++asked;
    try {
      const response = await fetch(source.dataset.proposalUrl + encodeURIComponent(source.value), { headers: { Accept: "application/json" } });
      const proposed = response.ok ? (await response.json()).value : "";
      // A slow answer about a place left meanwhile must not win over the present one.
      if (turn === asked && !isOwnChoice && proposed && target.querySelector(`option[value="${CSS.escape(proposed)}"]`)) {
        target.value = proposed;
        isOurs = true;
        target.dispatchEvent(new Event("change", { bubbles: true }));
        isOurs = false;
      }
    } catch {
      // Without network the checklist stays as it is; one chooses by hand.
    }
  });
}

export function start(root) {
  for (const source of root.querySelectorAll("select[data-proposes]")) {
    const target = document.getElementById(source.dataset.proposes);
    if (target && first(source, "Proposes")) follow(source, target);
  }
}
