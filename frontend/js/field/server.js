// Talking with the server from a page or the worker. Refused: it understood and said no. Unreachable: try again later.
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Unreachable extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function fetched(url, options) {
  try {
    return await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "manual", ...options });
  } catch {
    throw new Unreachable("signal");
  }
}

async function reasonOf(response) {
  try {
    return saidBy(await response.json());
  } catch {
    return "";
  }
}

export function saidBy(problem) {
  const errors = (problem.errors ?? []).map((error) => error.message ?? error.detail ?? "").filter(Boolean);
  return [problem.detail, ...errors].filter(Boolean).join(" ");
}

async function checked(response) {
  // The login page instead of an answer: the session has ended.
  if (response.type === "opaqueredirect" || response.status === 401) throw new Refused(401, "");
  if (response.status >= 500 || response.status === 429 || response.status === 408) throw new Unreachable("server", response.status);
  if (!response.ok) throw new Refused(response.status, await reasonOf(response));
  return response;
}

// Whose records these are goes with each request: the server refuses them (401) once somebody else has taken over the phone.
const proofs = (session) => (session ? { "X-CSRFToken": session.token, "X-Record-Person": String(session.person) } : {});

export async function ask(url, { method = "GET", body, session } = {}) {
  const headers = { Accept: "application/json", ...proofs(session) };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await checked(await fetched(url, { method, body, headers }));
  return response.status === 204 ? null : response.json();
}

const TRIES = 4;

// Resumable: HEAD says how much has come, PUT sends the rest.
export async function putPhoto(photo, session) {
  const url = `/files/${photo.sha}/`;
  const total = photo.bytes.byteLength;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const head = await fetched(url, { method: "HEAD", headers: { Accept: "application/json", ...proofs(session) } });
    if (head.status === 401 || head.type === "opaqueredirect") throw new Refused(401, "");
    if (head.headers.get("Upload-Complete") === "?1") return;
    const from = head.ok ? Math.min(Number(head.headers.get("Upload-Offset") ?? 0), total) : 0;
    const headers = { Accept: "application/json", ...proofs(session), "Content-Type": "application/octet-stream" };
    if (from > 0) headers["Content-Range"] = `bytes ${from}-${total - 1}/${total}`;
    const response = await fetched(url, { method: "PUT", body: photo.bytes.slice(from), headers });
    if (response.status === 200 || response.status === 201) return;
    if (![202, 409, 416].includes(response.status)) await checked(response);
  }
  throw new Unreachable("photo");
}
