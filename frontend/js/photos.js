// <div data-photos="name" data-max="6"> with a file input: shows each picture at once, sends it in the background and leaves
// its SHA-256 in a hidden input `<name>_sha`. Without a script the plain file input travels with the form.
// In the field nothing is sent: `keep(file)` puts the picture on the phone and tells its hash.
import { first, icon, say } from "./page.js";
import { Refused, sha256, upload } from "./upload.js";

async function sendNow(file, onProgress) {
  const sha = await sha256(file);
  await upload(file, sha, { onProgress });
  return sha;
}

export class PhotoInput {
  constructor(box, keep = sendNow) {
    this.box = box;
    this.keepFile = keep;
    this.input = box.querySelector("input[type='file']");
    this.name = box.dataset.photos;
    this.limit = Number(box.dataset.max ?? 6);
    this.pending = new Set();
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    box.addEventListener("click", (event) => this.removeFrom(event));
    this.input.form?.addEventListener("submit", (event) => this.holdForm(event));
    this.showRoom();
  }

  // Ours now: emptied, else the browser would send the same bytes a second time with the form.
  take(files) {
    if (!window.isSecureContext || !crypto.subtle) return;
    const room = this.limit - this.box.querySelectorAll(".sp-photo").length;
    for (const file of files.slice(0, Math.max(room, 0))) this.add(file);
    this.input.value = "";
    this.showRoom();
  }

  async add(file) {
    const figure = this.figure(file);
    this.box.insertBefore(figure, this.box.querySelector(".sp-addphoto"));
    const job = this.send(file, figure).finally(() => this.pending.delete(job));
    this.pending.add(job);
  }

  // A picture that is kept already.
  show(file, sha) {
    const figure = this.figure(file);
    figure.classList.remove("going");
    figure.querySelector("progress").remove();
    this.box.insertBefore(figure, this.box.querySelector(".sp-addphoto"));
    this.keep(figure, sha);
    this.showRoom();
  }

  figure(file) {
    const figure = document.createElement("figure");
    figure.className = "sp-photo going";
    const picture = file.type.startsWith("image/") ? document.createElement("img") : document.createElement("div");
    if (picture.tagName === "IMG") {
      picture.src = URL.createObjectURL(file);
      picture.alt = file.name;
    } else {
      picture.className = "pdf";
      picture.append(icon("file-earmark"));
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn-icon";
    remove.dataset.removePhoto = "";
    remove.setAttribute("aria-label", say("removePhoto"));
    remove.append(icon("x-lg"));
    const progress = document.createElement("progress");
    progress.className = "sp-progress";
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", file.name);
    figure.append(picture, remove, progress, document.createElement("figcaption"));
    return figure;
  }

  async send(file, figure) {
    const progress = figure.querySelector("progress");
    const note = figure.querySelector("figcaption");
    try {
      this.keep(figure, await this.keepFile(file, (part) => { progress.value = part; }));
      note.textContent = "";
    } catch (error) {
      note.className = "bad";
      note.textContent = (error instanceof Refused && error.message) || say("photoFailed");
    } finally {
      progress.remove();
      figure.classList.remove("going");
    }
  }

  keep(figure, sha) {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = `${this.name}_sha`;
    hidden.value = sha;
    figure.append(hidden);
    this.input.required = false;
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  removeFrom(event) {
    const figure = event.target.closest("[data-remove-photo]")?.closest(".sp-photo");
    if (!figure) return;
    const sha = figure.querySelector(`input[name="${this.name}_sha"]`)?.value;
    figure.remove();
    this.showRoom();
    this.box.dispatchEvent(new CustomEvent("sp:photo-removed", { detail: sha }));
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  showRoom() {
    const isFull = this.box.querySelectorAll(".sp-photo").length >= this.limit;
    this.box.querySelector(".sp-addphoto").hidden = isFull;
  }

  // Sending waits for the last picture, so that none is forgotten.
  async holdForm(event) {
    if (this.pending.size === 0) return;
    const { submitter } = event;
    const form = this.input.form;
    event.preventDefault();
    submitter?.setAttribute("aria-busy", "true");
    await Promise.allSettled([...this.pending]);
    submitter?.removeAttribute("aria-busy");
    delete form.dataset.sent;
    form.requestSubmit(submitter ?? undefined);
  }
}

export function start(root) {
  for (const box of root.querySelectorAll("[data-photos]")) if (first(box, "Photos")) new PhotoInput(box);
}
