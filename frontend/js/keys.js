// Keys for the desk: "/" searches, "n" reports a hazard, "g" then a letter goes somewhere. Off by choice (WCAG 2.1.4).
const STORE = "sp-keys";
const GO = { h: "/", i: "/inbox/", d: "/dashboard/", z: "/hazards/", a: "/actions/" };
let waiting = 0;

const isOff = () => localStorage.getItem(STORE) === "off";
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], .ts-wrapper");

function act(event) {
  if (isOff() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (Date.now() < waiting && GO[event.key]) {
    const link = document.querySelector(`nav a[href="${GO[event.key]}"]`);
    if (link) link.click();
    waiting = 0;
  } else if (event.key === "g") {
    waiting = Date.now() + 1500;
  } else if (event.key === "/") {
    event.preventDefault();
    document.querySelector(".sp-top input[type='search']")?.focus();
  } else if (event.key === "n") {
    document.querySelector("[data-key='n']")?.click();
  }
}

export function start() {
  document.addEventListener("keydown", act);
  const toggle = document.querySelector("input[data-keys]");
  if (!toggle) return;
  toggle.closest("[hidden]")?.removeAttribute("hidden");
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
}
