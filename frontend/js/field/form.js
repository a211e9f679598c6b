// A form on the phone: what is typed goes into the record at once; opened again, it stands there as it was.
import { PhotoInput } from "../photos.js";
import { first } from "../page.js";
import { sha256 } from "./body.js";
import * as store from "./store.js";

// Text fields write themselves this long after the last keystroke; taps at once.
const PAUSE = 300;

export class FieldForm {
  constructor(form, row, { onChange } = {}) {
    this.form = form;
    this.row = row;
    this.onChange = onChange ?? (() => {});
    this.timer = 0;
    this.writing = Promise.resolve();
    form.addEventListener("input", () => this.plan());
    form.addEventListener("change", () => this.save());
    for (const name of ["pagehide", "visibilitychange"]) window.addEventListener(name, () => this.save());
  }

  async open() {
    this.fill();
    await this.openPhotos();
  }

  fill() {
    for (const control of this.form.elements) {
      const values = this.row.form[control.name];
      if (!values || control.type === "file" || control.type === "hidden") continue;
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
      else control.value = values[0] ?? "";
    }
    this.form.dispatchEvent(new Event("sp:filled"));
  }

  plan() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // One after another, so that an older state never lands on a newer one.
  save() {
    clearTimeout(this.timer);
    this.writing = this.writing.then(() => this.write()).then(() => this.tellKept(true), () => this.tellKept(false));
    return this.writing;
  }

  // A phone without room keeps nothing: whoever types must know it while the page is still open.
  tellKept(isKept) {
    for (const place of document.querySelectorAll("[data-kept]")) place.hidden = !isKept;
    for (const place of document.querySelectorAll("[data-not-kept]")) place.hidden = isKept;
  }

  async write() {
    const form = {};
    for (const [name, value] of new FormData(this.form)) {
      if (value instanceof File || name === "csrfmiddlewaretoken" || name.endsWith("_sha")) continue;
      (form[name] ??= []).push(value);
    }
    this.row = { ...this.row, form, changed_at: new Date().toISOString(), ...this.onChange(form) };
    // Never over what has been handed on: a page that closes late must not take it back.
    const { where, checklist, title, urgent, begun, changed_at, visit } = this.row;
    const written = { form, where, checklist, title, urgent, begun: begun ?? false, changed_at, visit: visit ?? null };
    await store.change(this.row.id, (kept) => (kept.state === store.DRAFT && !kept.sealed ? written : {}));
  }

  async openPhotos(root = this.form) {
    const kept = await store.photosOf(this.row.id);
    for (const box of root.querySelectorAll("[data-photos]")) {
      if (!first(box, "Photos")) continue;
      const input = new PhotoInput(box, (file) => this.keepPhoto(file, box.dataset.photos));
      for (const photo of kept.filter((each) => each.field === box.dataset.photos)) {
        input.show(new File([photo.bytes], photo.name, { type: photo.type }), photo.sha);
      }
      box.addEventListener("sp:photo-removed", (event) => {
        store.dropPhoto([this.row.id, box.dataset.photos, event.detail]).then(() => this.save());
      });
    }
  }

  async keepPhoto(file, field) {
    const bytes = await file.arrayBuffer();
    const sha = await sha256(bytes);
    await store.keepPhoto({
      record: this.row.id, field, sha, name: file.name, type: file.type, bytes, at: new Date().toISOString(),
    });
    return sha;
  }
}
