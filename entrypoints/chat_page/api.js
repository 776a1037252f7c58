// Calls of the product's own API, as any client makes them.

import { TOKEN } from "./dom.js";

const NAME = "chat-name";

// What went wrong, in the API's own words; `status` 0: nobody answered.
export class Failure extends Error {
  constructor(status, error = {}, retryAfter = null) {
    super(error.message ?? (status ? `The server answered ${status}.` : "The server does not answer."));
    this.status = status;
    this.code = error.code ?? (status ? "unknown" : "network");
    this.requestId = error.request_id ?? null;
    this.retryAfter = retryAfter;
  }
}

export const isSignedIn = () => sessionStorage.getItem(TOKEN) !== null;

export async function signInAs(name) {
  const issued = await (await request("POST", "/v1/auth/dev-token", { body: { user_id: name } })).json();
  sessionStorage.setItem(TOKEN, issued.id_token);
  sessionStorage.setItem(NAME, name);
}

export function signInWith(token) {
  sessionStorage.setItem(TOKEN, token.trim());
  sessionStorage.removeItem(NAME);
}

export function signOut() {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(NAME);
}

// The response to a call that succeeded; anything else is a `Failure`. A token that has run out is
// renewed once where the page got it itself. Raises the signal's own reason when it is aborted.
export async function request(method, path, options = {}) {
  try {
    return await once(method, path, options);
  } catch (failure) {
    const name = sessionStorage.getItem(NAME);
    if (failure.status !== 401 || name === null || path === "/v1/auth/dev-token") throw failure;
    await signInAs(name);
    return once(method, path, options);
  }
}

// The JSON of a call that succeeded, null when there is none.
export async function call(method, path, options = {}) {
  const response = await request(method, path, options);
  return response.status === 204 ? null : response.json();
}

async function once(method, path, { body, key, headers = {}, signal }) {
  const sent = { ...headers };
  const token = sessionStorage.getItem(TOKEN);
  if (token && path !== "/v1/auth/dev-token") sent.Authorization = `Bearer ${token}`;
  if (body) sent["Content-Type"] = "application/json";
  if (key) sent["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(path, { method, headers: sent, body: body && JSON.stringify(body), signal });
  } catch {
    signal?.throwIfAborted();
    throw new Failure(0);
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => null);
  const seconds = Number.parseInt(response.headers.get("Retry-After"), 10);
  throw new Failure(response.status, answer?.error, Number.isNaN(seconds) ? null : seconds);
}
