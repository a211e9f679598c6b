// Several people, one phone: each has their own kit and queue. With signal the server asks for the PIN (/switch/); without, the phone
// does, by what the kit of that person says of it. What one writes stays one's own either way.
import { icon, say } from "../page.js";
import { Refused, ask } from "./server.js";
import * as store from "./store.js";

const MOST_TRIES = 5;

async function isReachable() {
  try {
    await ask("/field/session/");
    return true;
  } catch (error) {
    return error instanceof Refused;
  }
}

// Django's own notation: pbkdf2_sha256$<iterations>$<salt>$<base64 of 256 bits>.
async function matches(pin, encoded) {
  const [, iterations, salt, expected] = encoded.split("$");
  const bytes = (text) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: Number(iterations) };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
  return btoa(String.fromCharCode(...bits)) === expected;
}

const isOpen = (kit) => kit.pin && Date.parse(kit.pin.until) > Date.now() && (kit.pin.tries ?? 0) < MOST_TRIES;

async function takeOver(kit, pin) {
  const kept = await store.kitOf(kit.id);
  if (!isOpen(kept)) return "pinNeedsSignal";
  if (!(await matches(pin, kept.pin.encoded))) {
    await store.keepKit({ ...kept, pin: { ...kept.pin, tries: (kept.pin.tries ?? 0) + 1 } });
    return "pinWrong";
  }
  await store.keepKit({ ...kept, pin: { ...kept.pin, tries: 0 } });
  await store.set("taken", kit.id);
  await store.set("person", kit.id);
  return "";
}

function askForPin(section, kit) {
  const form = section.querySelector("form");
  const fault = form.querySelector("[data-fault]");
  form.hidden = false;
  fault.hidden = true;
  form.querySelector("[data-who]").textContent = kit.person.name;
  form.elements.pin.value = "";
  form.elements.pin.focus();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const words = await takeOver(kit, form.elements.pin.value);
    if (!words) {
      window.location.assign("/field/");
      return;
    }
    fault.hidden = false;
    fault.querySelector("[data-words]").textContent = say(words);
    form.elements.pin.select();
  };
}

async function choose(section, kit) {
  if (await isReachable()) window.location.assign(`/switch/?person=${kit.id}&next=/field/`);
  else askForPin(section, kit);
}

export async function startPeople(kit) {
  const section = document.querySelector("[data-people]");
  const others = (await store.allKits()).filter((each) => each.id !== kit.person.id && each.pin);
  section.hidden = others.length === 0;
  const rows = others.map((other) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sp-row one";
    const name = document.createElement("b");
    name.textContent = other.person.name;
    button.append(icon("person"), name, icon("arrow-left-right"));
    button.addEventListener("click", () => choose(section, other));
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  section.querySelector("ul").replaceChildren(...rows);
}
