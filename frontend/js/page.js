// What modules need to know about the page they run in.
export const csrfToken = () => document.querySelector("meta[name='csrf-token']")?.content ?? "";

// Sentences for scripts are translated on the server and stand in one template element.
const words = { ...document.querySelector("#sp-words")?.dataset, ...document.querySelector("#sp-field-words")?.dataset };
export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function icon(name) {
  const element = document.createElement("i");
  element.className = `bi bi-${name}`;
  element.setAttribute("aria-hidden", "true");
  return element;
}

// True once per element and purpose, so that a page part that comes back is not wired twice.
export function first(element, purpose) {
  const key = `wired${purpose}`;
  if (element.dataset[key]) return false;
  element.dataset[key] = "1";
  return true;
}

export function banner(text, { tone = "late", mark = "exclamation-circle-fill" } = {}) {
  const box = document.createElement("div");
  box.className = `sp-banner ${tone}`;
  box.setAttribute("role", "alert");
  const body = document.createElement("div");
  const strong = document.createElement("b");
  strong.textContent = text;
  body.append(strong);
  box.append(icon(mark), body);
  document.querySelector("#sp-messages")?.replaceChildren(box);
}
