// An inspection on the phone: where and by which checklist, then the items, then a look over it. One page, three steps.
import { say } from "../page.js";
import { one, prefixesOf } from "./body.js";
import { FieldForm } from "./form.js";
import { showFault } from "./hazard.js";
import { opened, queue } from "./records.js";
import * as store from "./store.js";
import { fillChecklists, fillPeople, fillWhere, startSearch, valueOf, warnOfPhones, whereOf } from "./where.js";

const FREE = "free";

export async function startInspection(kit, { startChecklist }) {
  const row = await opened("inspection", kit);
  if (row.sealed || row.state !== store.DRAFT) window.location.replace("/field/");
  else await new Visit(kit, row, startChecklist).open();
}

class Visit {
  constructor(kit, row, startChecklist) {
    this.kit = kit;
    this.startChecklist = startChecklist;
    this.form = document.querySelector("form[data-field-form]");
    this.items = this.form.querySelector("[data-items]");
    this.field = new FieldForm(this.form, row, { onChange: (values) => this.describe(values) });
  }

  get row() {
    return this.field.row;
  }

  async open() {
    const { where, standard, inspectors } = this.form.elements;
    fillWhere(where, this.kit, { only: (unit) => unit.inspects });
    fillChecklists(standard, this.kit);
    fillPeople(inspectors, this.kit.people.filter((person) => person.id !== this.kit.person.id));
    this.proposeScanned();
    this.proposePlanned();
    where.addEventListener("change", () => {
      this.propose();
      this.warn();
    });
    if (this.row.begun) await this.showItems();
    await this.field.open();
    this.warn();
    this.step(this.row.begun ? "items" : "start");
    await startSearch(this.form.querySelector("[data-step='start']"));
    for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => this.go(button.dataset.go));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.querySelector("[data-more-findings]").addEventListener("click", () => this.addFinding());
  }

  // A scanned label opens the inspection of that place, also without signal.
  proposeScanned() {
    const label = new URL(window.location.href).searchParams.get("place");
    const place = label && this.kit.places.find((each) => each.label === label || String(each.id) === label);
    if (place && !this.row.where) this.row.form.where = [`p${place.id}`];
    else if (this.row.where) this.row.form.where = [valueOf(this.row.where)];
    if (place) this.propose(place);
  }

  // Begun from today's plan: where, by which checklist and what kind of visit stand already.
  proposePlanned() {
    const asked = new URL(window.location.href).searchParams;
    const planned = this.kit.plan?.find((each) => String(each.visit) === asked.get("visit") && each.where === asked.get("where"));
    if (!planned || this.row.where) return;
    this.row.visit = planned.visit;
    this.row.form.where = [planned.where];
    this.row.form.kind = [planned.kind];
    if (planned.standard) this.row.form.standard = [String(planned.standard)];
    else this.propose(whereOf(this.kit, planned.where)?.place);
  }

  propose(place = this.place) {
    const fitting = place && this.kit.checklists.find((list) => list.code === place.checklist);
    if (!fitting || this.form.elements.standard.dataset.own) return;
    this.form.elements.standard.value = String(fitting.id);
    this.row.form.standard = [String(fitting.id)];
  }

  get place() {
    return whereOf(this.kit, this.form.elements.where.value)?.place;
  }

  warn() {
    warnOfPhones(this.form, this.place, this.kit);
  }

  describe(values) {
    const where = whereOf(this.kit, one(values, "where"));
    const standard = one(values, "standard");
    return {
      where: where ? { unit: where.unit.id, place: where.place?.id ?? null, name: where.name } : null,
      checklist: standard ? Number(standard) : null,
      title: where?.name ?? "",
      urgent: Object.keys(values).some((name) => name.endsWith("-stop_work")),
    };
  }

  step(name) {
    for (const part of document.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== name;
    for (const place of document.querySelectorAll("[data-where-name]")) place.textContent = this.row.where?.name ?? "";
    document.body.dataset.stepNow = name;
    window.scrollTo(0, 0);
  }

  async go(name) {
    await this.field.save();
    if (name === "items" && !this.row.begun) await this.begin();
    else if (name === "review") this.review();
    else if (name === "send") await this.finish();
    else this.step(name);
  }

  async begin() {
    if (!this.row.where) {
      showFault(this.form, ["where", "sayWhere"]);
      return;
    }
    this.field.row = { ...this.row, begun: true };
    await this.field.save();
    await this.showItems();
    await this.field.openPhotos();
    this.step("items");
  }

  async showItems() {
    const response = await fetch(`/field/checklists/${this.row.checklist ?? FREE}/`);
    if (!response.ok) throw new Error("checklist");
    this.items.innerHTML = await response.text();
    this.form.querySelector("[data-more-findings]").hidden = this.row.checklist !== null;
    this.blank = this.items.querySelector(".sp-item.free")?.outerHTML ?? "";
    const known = prefixesOf(this.row.form).filter((prefix) => prefix.startsWith("f"));
    for (let at = 1; at < known.length; at += 1) this.addFinding();
    this.fitToUnit();
    this.startChecklist(document);
  }

  addFinding() {
    const number = this.items.querySelectorAll(".sp-item.free").length + 1;
    const holder = document.createElement("template");
    holder.innerHTML = this.blank.replaceAll("f1-", `f${number}-`).replaceAll("item-f1", `item-f${number}`);
    holder.content.querySelector("p > span").textContent = String(number);
    this.items.querySelector(".sp-card").append(holder.content);
    this.fitToUnit();
    this.field.openPhotos(this.items.querySelector(".sp-card").lastElementChild.parentElement);
  }

  // What depends on the unit: who is told, whether one may record violations here, and who works here.
  fitToUnit() {
    const unit = this.kit.units.find((each) => each.id === this.row.where.unit);
    const people = this.kit.people.filter((person) => person.unit === unit.id);
    for (const place of this.items.querySelectorAll("[data-chain]")) place.textContent = unit.chain.join(", ");
    for (const radio of this.items.querySelectorAll("input[value='violation']")) {
      radio.disabled = !unit.records;
      const label = this.items.querySelector(`label[for="${CSS.escape(radio.id)}"]`);
      if (label) label.hidden = !unit.records;
    }
    for (const select of this.items.querySelectorAll("select[name$='-person']")) {
      if (select.options.length > 1) continue;
      for (const person of people) select.append(new Option(person.name, person.username));
    }
  }

  async review() {
    const photos = await store.photosOf(this.row.id);
    const faults = faultsOf(this.items, this.row.form, photos, { asksPhotos: !this.place?.no_phones });
    this.mark(faults);
    if (faults.length) {
      this.step("items");
      const first = document.getElementById(`item-${faults[0][0]}`);
      first?.closest("details")?.setAttribute("open", "");
      first?.scrollIntoView({ block: "center" });
      return;
    }
    this.summarise();
    this.step("review");
  }

  mark(faults) {
    for (const item of this.items.querySelectorAll(".sp-item.bad")) {
      item.classList.remove("bad");
      item.querySelector(":scope > .sp-error.one")?.remove();
    }
    for (const [prefix, words] of faults) {
      const item = document.getElementById(`item-${prefix}`);
      const fault = document.createElement("p");
      fault.className = "sp-error one";
      fault.textContent = say(words);
      item?.classList.add("bad");
      item?.querySelector("p")?.after(fault);
    }
    const line = document.querySelector("[data-faults]");
    line.hidden = faults.length === 0;
    line.querySelector("[data-words]").textContent = say("missing", { count: faults.length });
  }

  summarise() {
    const { form } = this.row;
    const isAsked = (prefix) => !document.getElementById(`item-${prefix}`)?.hidden;
    const count = (tap) => prefixesOf(form).filter((prefix) => isAsked(prefix) && one(form, `${prefix}-result`) === tap).length;
    const free = prefixesOf(form).filter((prefix) => prefix.startsWith("f") && one(form, `${prefix}-text`).trim()).length;
    const show = { ok: count("ok"), fail: count("fail") + free, na: count("na") };
    for (const [name, number] of Object.entries(show)) document.querySelector(`[data-count="${name}"]`).textContent = number;
    const list = document.querySelector("[data-findings]");
    list.replaceChildren(...findingsOf(form).map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  async finish() {
    await queue(this.row);
    window.location.assign("/field/?sent=inspection");
  }
}

const isFinding = (form, prefix) => prefix.startsWith("f") || one(form, `${prefix}-result`) === "fail";

function findingsOf(form) {
  return prefixesOf(form).filter((prefix) => isFinding(form, prefix)).map((prefix) => one(form, `${prefix}-text`).trim()).filter(Boolean);
}

// The same as the server asks for at submission (inspections/workflows/faults.py): said here, where it can be mended.
function faultsOf(items, form, photos, { asksPhotos }) {
  const faults = [];
  const has = (field) => photos.some((photo) => photo.field === field);
  for (const item of items.querySelectorAll(".sp-item")) {
    const prefix = item.id.slice("item-".length);
    const of = (name) => one(form, `${prefix}-${name}`).trim();
    const isFree = item.classList.contains("free");
    const isEmpty = isFree && !of("text") && !has(`${prefix}-photos`);
    if (isEmpty || item.hidden) continue;
    const fails = of("result") === "fail";
    if (!isFree && !of("result")) faults.push([prefix, "choose"]);
    else if (fails && item.matches(".unasked")) faults.push([prefix, "notAsked"]);
    else if (isFinding(form, prefix) && !of("text")) faults.push([prefix, "sayWrong"]);
    else if (asksPhotos && fails && item.dataset.photo && !has(`${prefix}-photos`)) faults.push([prefix, "asksPhoto"]);
    else if (fails && item.dataset.note && !of("note")) faults.push([prefix, "asksNote"]);
    else if (isFinding(form, prefix) && of("stop_work") && (of("kind") || "hazard") !== "hazard") faults.push([prefix, "stopNeedsHazard"]);
    else if (asksPhotos && isFinding(form, prefix) && of("kind") === "fixed" && !(has(`${prefix}-photos`) && has(`${prefix}-after`))) {
      faults.push([prefix, "bothPhotos"]);
    } else if (of("result") === "fail" && (of("kind") || "hazard") === "hazard" && item.dataset.major && !of("interim_control")) {
      faults.push([prefix, "sayControl"]);
    }
  }
  return faults;
}
