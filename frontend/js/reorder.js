// [data-reorder] holds lines ([data-line]) with a number field that says their order. Arrows and a handle move a line at once;
// without this script the arrows send the form and the number can be typed.
import { first, say } from "./page.js";

const EDGE = 80; // px from the edge of the window at which a dragged line makes the page scroll
const linesOf = (list) => [...list.querySelectorAll(":scope > [data-line]")];

function renumber(list) {
  linesOf(list).forEach((line, at) => {
    const order = line.querySelector("input[name$='-order']");
    if (order) order.value = at + 1;
  });
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function tell(list, line) {
  const news = list.parentElement.querySelector("[data-moved]");
  const lines = linesOf(list);
  if (news) news.textContent = say(news.dataset.moved, { place: lines.indexOf(line) + 1, count: lines.length });
}

function step(list, line, way) {
  const beside = way === "up" ? line.previousElementSibling : line.nextElementSibling;
  if (!beside) return;
  if (way === "up") beside.before(line);
  else beside.after(line);
  renumber(list);
  tell(list, line);
}

function stepOnClick(list, event) {
  const button = event.target.closest("button[name='move']");
  if (!button) return;
  event.preventDefault();
  step(list, button.closest("[data-line]"), button.value.split("-").at(-1));
  // Moving an element takes the focus off what is in it.
  button.focus();
  button.scrollIntoView({ block: "nearest" });
}

function place(list, line, y) {
  const below = linesOf(list).find((each) => each !== line && y < middleOf(each));
  if (below === line.nextElementSibling) return;
  if (below) below.before(line);
  else list.append(line);
}

function middleOf(line) {
  const box = line.getBoundingClientRect();
  return box.top + box.height / 2;
}

function scrollAtEdge(y) {
  if (y < EDGE) window.scrollBy(0, -EDGE / 4);
  else if (y > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4);
}

function drag(list, handle, down) {
  if (down.button) return;
  down.preventDefault();
  const line = handle.closest("[data-line]");
  const before = line.nextElementSibling;
  list.dataset.dragging = "1";
  line.classList.add("is-dragged");
  const move = (event) => {
    scrollAtEdge(event.clientY);
    place(list, line, event.clientY);
  };
  const end = (event) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    delete list.dataset.dragging;
    line.classList.remove("is-dragged");
    if (event.type === "pointercancel") list.insertBefore(line, before);
    else if (line.nextElementSibling !== before) {
      renumber(list);
      tell(list, line);
    }
    line.scrollIntoView({ block: "nearest" });
  };
  // On the document: a capture by the handle would end as soon as its line is put elsewhere.
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
}

export function start(root) {
  for (const list of root.querySelectorAll("[data-reorder]")) {
    if (!first(list, "Reorder")) continue;
    list.addEventListener("click", (event) => stepOnClick(list, event));
    for (const handle of list.querySelectorAll("[data-drag]")) {
      handle.hidden = false;
      handle.addEventListener("pointerdown", (event) => drag(list, handle, event));
    }
  }
}
