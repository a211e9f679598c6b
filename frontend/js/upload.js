// One file to /files/<sha256>/: idempotent, resumable. HEAD says how much has come, PUT sends the rest with Content-Range.
import { csrfToken } from "./page.js";

const TRIES = 5;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function sha256(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function progressOf(url) {
  const response = await fetch(url, { method: "HEAD" });
  const isComplete = response.headers.get("Upload-Complete") === "?1";
  return { isComplete, offset: response.ok ? Number(response.headers.get("Upload-Offset") ?? 0) : 0 };
}

// XMLHttpRequest because fetch tells nothing about the way up.
function put(url, file, from, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    if (from > 0) request.setRequestHeader("Content-Range", `bytes ${from}-${file.size - 1}/${file.size}`);
    request.upload.addEventListener("progress", (event) => onProgress((from + event.loaded) / file.size));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("network")));
    request.send(from > 0 ? file.slice(from) : file);
  });
}

export class Refused extends Error {}

function reason(request) {
  try {
    return JSON.parse(request.responseText).detail ?? "";
  } catch {
    return "";
  }
}

// True when the whole file is kept; false when a piece is missing or the line broke, so that another try makes sense.
async function attempt(url, file, isFirst, onProgress) {
  let from = 0;
  if (!isFirst) {
    const { isComplete, offset } = await progressOf(url);
    if (isComplete) return true;
    from = offset < file.size ? offset : 0;
  }
  const request = await put(url, file, from, onProgress);
  if (request.status === 200 || request.status === 201) return true;
  if (request.status >= 500 || [202, 409, 416].includes(request.status)) return false;
  throw new Refused(reason(request));
}

export async function upload(file, sha, { onProgress }) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      if (await attempt(`/files/${sha}/`, file, tries === 0, onProgress)) return;
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    await wait(1000 * 2 ** tries);
  }
  throw new Error("network");
}
