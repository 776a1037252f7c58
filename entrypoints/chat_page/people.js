// Whom one can talk to, and the conversations that one has with the chosen character.

import { call } from "./api.js";
import { openConversation } from "./conversation.js";
import { ask } from "./dialog.js";
import { at, element, newKey, time } from "./dom.js";
import { rememberOf } from "./memories.js";
import { showTrouble } from "./trouble.js";

const PLACE = "chat-place";
const MOST_CHARACTERS = 120;

const state = { characters: [], sessions: [], cursor: null, character: null, session: null };

const pathOf = ({ id }) => `/v1/chat/sessions/${encodeURIComponent(id)}`;

// Shows all of it, and goes on where one was before the page was loaded again.
export async function showPeople() {
  const [characters] = await Promise.all([call("GET", "/v1/config/characters?limit=100"), loadSessions()]);
  state.characters = characters.data;
  const { character, session } = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  const open = state.characters.filter(({ locked }) => !locked);
  const chosen = state.characters.find(({ id }) => id === character) ?? open[0] ?? state.characters[0];
  if (!chosen) return;
  const known = state.sessions.filter(({ character_id }) => character_id === chosen.id);
  const found = known.find(({ id }) => id === session) ?? (session ? await sessionOf(session, chosen) : null);
  await choose(chosen, found ?? (character ? null : known[0] ?? null));
}

// A conversation too old for the first page of the list.
async function sessionOf(id, character) {
  const found = await call("GET", pathOf({ id })).catch(() => null);
  return found?.character_id === character.id ? found : null;
}

async function choose(character, session) {
  const isAnother = state.character !== character;
  Object.assign(state, { character, session });
  remember();
  show();
  // One after the other: the replies on their way come before what is beside them.
  await openConversation(character, session);
  if (isAnother) await rememberOf(character);
}

export async function refreshSessions() {
  await loadSessions();
  state.session = state.sessions.find(({ id }) => id === state.session?.id) ?? state.session;
  if (state.session) at("talk-title").textContent = state.session.title;
  show();
}

export function takeSession(session) {
  state.session = session;
  state.sessions.unshift(session);
  remember();
  show();
}

async function loadSessions(cursor = null) {
  const query = new URLSearchParams({ limit: 100, ...(cursor ? { cursor } : {}) });
  const page = await call("GET", `/v1/chat/sessions?${query}`);
  state.sessions = cursor ? [...state.sessions, ...page.data] : page.data;
  state.cursor = page.next_cursor;
}

function remember() {
  const place = { character: state.character.id, session: state.session?.id ?? null };
  sessionStorage.setItem(PLACE, JSON.stringify(place));
}

export function forgetPlace() {
  sessionStorage.removeItem(PLACE);
  Object.assign(state, { character: null, session: null });
}

// What is shown

function show() {
  keepingFocus(() => {
    at("characters").replaceChildren(...state.characters.map(characterItem));
    const own = state.sessions.filter(({ character_id }) => character_id === state.character.id);
    const nothing = element("li", { class: "quiet" }, "None yet: say something.");
    at("sessions").replaceChildren(...(own.length ? own.map(sessionItem) : [nothing]));
    at("more-sessions").hidden = state.cursor === null;
  });
}

function keepingFocus(change) {
  const name = document.activeElement?.dataset?.focus;
  change();
  if (name) document.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}

const choice = (name, isChosen, onclick, ...children) =>
  element(
    "li",
    {},
    element(
      "button",
      { type: "button", class: "choice", "data-focus": name, "aria-current": isChosen ? "true" : null, onclick },
      ...children,
    ),
  );

function characterItem(character) {
  const picture = character.avatar_url
    ? element("img", { class: "avatar", src: character.avatar_url, alt: "", width: "40", height: "40", loading: "lazy" })
    : element("span", { class: "avatar", "aria-hidden": "true" }, character.name.slice(0, 1));
  return choice(
    `character-${character.id}`,
    character === state.character,
    () => pick(character, state.sessions.find(({ character_id }) => character_id === character.id) ?? null),
    picture,
    element(
      "span",
      { class: "what" },
      element("strong", {}, character.name),
      " ",
      character.locked ? element("span", { class: "badge" }, `Locked: ${character.min_tier}`) : null,
      element("span", { class: "quiet", title: character.tagline }, character.tagline),
    ),
  );
}

const sessionItem = (session) =>
  choice(
    session.id,
    session.id === state.session?.id,
    () => pick(state.character, session),
    element("span", { class: "what" }, session.title, element("span", { class: "quiet" }, time(session.updated_at))),
  );

// What people do

async function attempt(work) {
  try {
    await work();
  } catch (failure) {
    if (failure.name !== "AbortError") showTrouble(failure);
  }
}

function pick(character, session) {
  document.dispatchEvent(new CustomEvent("picked"));
  return attempt(() => choose(character, session));
}

at("new-session").addEventListener("click", () => {
  pick(state.character, null);
  at("text").focus();
});
at("more-sessions").addEventListener("click", () =>
  attempt(async () => {
    await loadSessions(state.cursor);
    show();
  }),
);
at("rename-session").addEventListener("click", () =>
  attempt(async () => {
    const { session } = state;
    const wish = { title: "Rename the conversation", action: "Rename", label: "Its title", value: session.title };
    const title = await ask({ ...wish, most: MOST_CHARACTERS, isRequired: true });
    if (!title) return;
    await call("PATCH", pathOf(session), { body: { title }, key: newKey() });
    await refreshSessions();
  }),
);
at("delete-session").addEventListener("click", () =>
  attempt(async () => {
    const { session } = state;
    const title = `Delete “${session.title}” and what was remembered of it?`;
    if ((await ask({ title, action: "Delete" })) === null) return;
    await call("DELETE", pathOf(session), { key: newKey() });
    await loadSessions();
    await choose(state.character, null);
    await rememberOf(state.character);
    at("text").focus();
  }),
);
