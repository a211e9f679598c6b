// [data-pins] holds a picture with marks (svg[data-pin]) and two numbers for each ([data-pin-row]). A tap puts the chosen place,
// marks are dragged or moved by arrow keys; without this script the numbers are typed.
import { first } from "./page.js";

const STEP = 0.5; // percent of the picture for one press of an arrow key, with Shift ten times that
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const within = (number) => Math.round(Math.min(100, Math.max(0, number)) * 10) / 10;

class Pins {
  constructor(box) {
    this.box = box;
    this.marks = box.querySelector(".sp-map-marks");
    this.choice = box.querySelector("[data-pins-tools] select");
    this.news = box.querySelector("[data-pin-news]");
  }

  start() {
    this.box.querySelector("[data-pins-tools]").hidden = false;
    this.box.classList.add("is-live");
    this.choose(this.choice.value);
    this.choice.addEventListener("change", () => this.choose(this.choice.value));
    this.box.addEventListener("focusin", (event) => this.chooseBy(event.target));
    this.box.addEventListener("input", (event) => this.follow(event.target));
    this.marks.addEventListener("keydown", (event) => this.press(event));
    this.marks.addEventListener("pointerdown", (event) => this.grab(event));
    this.marks.addEventListener("click", (event) => this.tap(event));
  }

  mark(pk) {
    return this.marks.querySelector(`[data-pin="${pk}"]`);
  }

  row(pk) {
    return this.box.querySelector(`[data-pin-row="${pk}"]`);
  }

  inputs(pk) {
    return [...this.row(pk).querySelectorAll("input")];
  }

  choose(pk) {
    for (const old of this.box.querySelectorAll(".is-chosen")) old.classList.remove("is-chosen");
    if (!pk) return;
    this.choice.value = pk;
    this.row(pk).classList.add("is-chosen");
    this.mark(pk).querySelector(".pin").classList.add("is-chosen");
  }

  chooseBy(element) {
    const pk = this.pinOf(element) ?? element.closest("[data-pin-row]")?.dataset.pinRow;
    if (pk) this.choose(pk);
  }

  pinOf(element) {
    return element.closest("[data-pin]")?.dataset.pin;
  }

  put(pk, x, y) {
    const [across, down] = this.inputs(pk);
    across.value = within(x).toFixed(1);
    down.value = within(y).toFixed(1);
    this.show(pk);
    across.dispatchEvent(new Event("input", { bubbles: true }));
    this.tell(this.box.dataset.pins, pk);
  }

  remove(pk) {
    for (const input of this.inputs(pk)) input.value = "";
    this.show(pk);
    this.inputs(pk)[0].dispatchEvent(new Event("input", { bubbles: true }));
    this.tell(this.box.dataset.pinGone, pk);
    this.choice.focus();
  }

  // The mark follows its numbers.
  show(pk) {
    const [x, y] = this.inputs(pk).map((input) => input.valueAsNumber);
    const mark = this.mark(pk);
    if (Number.isNaN(x) || Number.isNaN(y)) {
      mark.setAttribute("display", "none");
      return;
    }
    mark.removeAttribute("display");
    mark.setAttribute("x", `${x}%`);
    mark.setAttribute("y", `${y}%`);
  }

  follow(element) {
    const row = element.closest("[data-pin-row]");
    if (row) this.show(row.dataset.pinRow);
  }

  tell(sentence, pk) {
    const [across, down] = this.inputs(pk);
    const name = this.mark(pk).querySelector(".pin").getAttribute("aria-label");
    const values = { place: name, x: across.value, y: down.value };
    this.news.textContent = sentence.replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
  }

  at(event) {
    const area = this.marks.getBoundingClientRect();
    return [((event.clientX - area.left) / area.width) * 100, ((event.clientY - area.top) / area.height) * 100];
  }

  press(event) {
    const pk = this.pinOf(event.target);
    if (!pk) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(pk);
    }
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? STEP * 10 : STEP;
    const [x, y] = this.inputs(pk).map((input) => input.valueAsNumber);
    this.put(pk, x + way[0] * step, y + way[1] * step);
  }

  grab(event) {
    const pk = this.pinOf(event.target);
    if (!pk || event.button) return;
    this.choose(pk);
    const move = (moved) => this.put(pk, ...this.at(moved));
    const end = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  }

  tap(event) {
    if (this.pinOf(event.target) || !this.choice.value) return;
    this.put(this.choice.value, ...this.at(event));
  }
}

export function start(root) {
  for (const box of root.querySelectorAll("[data-pins]")) {
    if (box.querySelector(".sp-map-marks") && first(box, "Pins")) new Pins(box).start();
  }
}
