// <select data-search>: type to find; data-search-url="/…?q=" asks the server for [{value, text, note}].
import TomSelect from "tom-select/dist/esm/tom-select.complete.js";
import { first, say } from "./page.js";

function remote(url) {
  return async (query, done) => {
    try {
      const response = await fetch(url + encodeURIComponent(query), { headers: { Accept: "application/json" } });
      done(response.ok ? await response.json() : []);
    } catch {
      done();
    }
  };
}

function option(data, escape) {
  const note = data.note ? ` <small class="muted">${escape(data.note)}</small>` : "";
  return `<div>${escape(data.text)}${note}</div>`;
}

export function start(root) {
  for (const element of root.querySelectorAll("select[data-search]")) {
    if (!first(element, "Select")) continue;
    const url = element.dataset.searchUrl;
    new TomSelect(element, {
      maxOptions: 200,
      closeAfterSelect: !element.multiple,
      controlClass: "ts-control",
      plugins: element.multiple ? ["remove_button"] : [],
      placeholder: element.dataset.placeholder ?? say("searchHere"),
      load: url ? remote(url) : undefined,
      shouldLoad: (query) => query.length > 0,
      // The label now names the text field; the list behind it must not be read out a second time, without a name.
      onInitialize: () => element.setAttribute("aria-hidden", "true"),
      render: { option, no_results: () => `<div class="no-results">${say("nothingFound")}</div>` },
    });
  }
}
