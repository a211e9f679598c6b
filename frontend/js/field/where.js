// The selects of a field page, filled from the kit, with typing to find where the device has it.
function option(value, text) {
  const element = document.createElement("option");
  element.value = value;
  element.textContent = text;
  return element;
}

// Places by unit, each unit as a whole first.
export function fillWhere(select, kit, { only = () => true } = {}) {
  select.replaceChildren(option("", ""));
  for (const unit of kit.units.filter(only)) {
    const group = document.createElement("optgroup");
    group.label = unit.name;
    group.append(option(`u${unit.id}`, select.dataset.whole.replace("{unit}", unit.name)));
    for (const place of kit.places.filter((each) => each.unit === unit.id)) group.append(option(`p${place.id}`, place.name));
    select.append(group);
  }
}

export function fillChecklists(select, kit) {
  for (const list of kit.checklists) {
    select.append(option(String(list.id), select.dataset.text.replace("{title}", list.title).replace("{version}", list.version)));
  }
}

export function fillPeople(select, people) {
  for (const person of people) select.append(option(String(person.id), person.name));
}

export function whereOf(kit, value) {
  const number = Number(value.slice(1));
  const place = value.startsWith("p") ? kit.places.find((each) => each.id === number) : null;
  const unit = kit.units.find((each) => each.id === (place ? place.unit : number));
  return unit ? { unit, place: place ?? null, name: place ? place.name : unit.name } : null;
}

// Where no phone may be used the page says so, and asks when it was seen: it is entered outside, afterwards.
export function warnOfPhones(form, place, kit) {
  if (kit.certified) return;
  for (const banner of form.querySelectorAll("[data-no-phones]")) banner.hidden = !place?.no_phones;
  if (place?.no_phones) for (const more of form.querySelectorAll("details.sp-more")) more.open = true;
}

export const valueOf = (where) => (where.place ? `p${where.place}` : `u${where.unit}`);

export async function startSearch(root) {
  const url = document.querySelector("meta[name='sp-assets']")?.dataset.select;
  if (!url) return;
  try {
    (await import(url)).start(root);
  } catch {
    // The plain list serves as well.
  }
}
