// Reporting a hazard on the phone: the same questions as with signal, kept while they are typed.
import { say } from "../page.js";
import { FieldForm } from "./form.js";
import { opened, queue } from "./records.js";
import { one } from "./body.js";
import { fillWhere, startSearch, valueOf, warnOfPhones, whereOf } from "./where.js";

export async function startHazard(kit) {
  const form = document.querySelector("form[data-field-form]");
  const where = form.elements.where;
  const row = await opened("hazard", kit);
  if (row.sealed || row.state !== "draft") {
    window.location.replace("/field/");
    return;
  }
  fillWhere(where, kit);
  proposeScanned(where, kit, row);
  const field = new FieldForm(form, row, { onChange: (values) => describe(kit, values) });
  await field.open();
  showCall(kit, where.value);
  where.addEventListener("change", () => showCall(kit, where.value));
  const warn = () => warnOfPhones(form, whereOf(kit, where.value)?.place, kit);
  where.addEventListener("change", warn);
  warn();
  await startSearch(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await field.save();
    const fault = faultOf(field.row);
    if (fault) showFault(form, fault);
    else {
      await queue(field.row);
      window.location.assign("/field/?sent=hazard");
    }
  });
}

// A scanned label leads here with the place in the address, also without signal.
function proposeScanned(select, kit, row) {
  const label = new URL(window.location.href).searchParams.get("place");
  const place = label && kit.places.find((each) => each.label === label || String(each.id) === label);
  if (place && !row.where) row.form.where = [`p${place.id}`];
  else if (row.where) row.form.where = [valueOf(row.where)];
}

function describe(kit, values) {
  const where = whereOf(kit, one(values, "where"));
  const text = one(values, "text").trim().split("\n", 1)[0];
  return {
    where: where ? { unit: where.unit.id, place: where.place?.id ?? null, name: where.name } : null,
    title: text || (where ? where.name : ""),
    urgent: one(values, "danger") === "yes",
  };
}

// Without signal nobody is told: in danger one calls.
function showCall(kit, value) {
  const call = whereOf(kit, value)?.unit.call;
  for (const place of document.querySelectorAll("[data-call]")) {
    place.hidden = !call;
    if (!call) continue;
    place.querySelector("[data-call-name]").textContent = call.name;
    const link = place.querySelector("a");
    link.href = `tel:${call.phone.replace(/[^+\d]/g, "")}`;
    link.textContent = call.phone;
  }
}

function faultOf(row) {
  if (!one(row.form, "text").trim()) return ["text", "sayWhat"];
  if (!row.where) return ["where", "sayWhere"];
  return null;
}

export function showFault(form, [name, words]) {
  for (const old of form.querySelectorAll(".sp-error.one")) old.remove();
  const control = form.elements[name];
  const element = control instanceof RadioNodeList ? control[0] : control;
  const box = element.closest(".sp-field") ?? element.parentElement;
  const fault = document.createElement("p");
  fault.className = "sp-error one";
  fault.setAttribute("role", "alert");
  const mark = document.createElement("i");
  mark.className = "bi bi-exclamation-circle-fill";
  mark.setAttribute("aria-hidden", "true");
  fault.append(mark, document.createTextNode(` ${say(words)}`));
  box.classList.add("bad");
  box.prepend(fault);
  fault.scrollIntoView({ block: "center" });
  (element.tomselect ?? element).focus();
}
