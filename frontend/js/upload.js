// One file to /files/<sha256>/: idempotent, resumable. HEAD says how much has come, PUT sends the rest with Content-Range.
import { csrfToken } from "./page.js";

const TRIES = 5;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function sha256(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function received(url) {
  const response = await fetch(url, { method: "HEAD" });
  if (!response.ok) return 0;
  return Number(response.headers.get("Upload-Offset") ?? 0);
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

export async function upload(file, sha, { onProgress }) {
  const url = `/files/${sha}/`;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      const from = attempt === 0 ? 0 : await received(url);
      if (from >= file.size) return;
      const request = await put(url, file, from, onProgress);
      if (request.status < 300) return;
      if (request.status < 500 && request.status !== 409 && request.status !== 416) throw new Refused(reason(request));
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    await wait(1000 * 2 ** attempt);
  }
  throw new Error("network");
}
