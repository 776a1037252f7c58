// What the chosen character remembers of the person: to be seen, added to, put right and deleted.

import { call } from "./api.js";
import { ask } from "./dialog.js";
import { at, element, newKey } from "./dom.js";
import { showTrouble } from "./trouble.js";

// Memories are made after the reply; this is when it is worth looking for new ones.
const LOOKS = [1_500, 5_000, 12_000];
const MOST_CHARACTERS = 1_000;

let character = null;
let known = { data: [], next_cursor: null };
let looking = [];

export async function rememberOf(chosen) {
  character = chosen;
  at("memories").replaceChildren();
  await refreshMemories();
}

export async function refreshMemories() {
  const asked = character;
  const page = await list();
  if (asked === character) show(page);
}

// Look again a few times, until something is new.
export function expectMemories() {
  looking.forEach(clearTimeout);
  const before = known.data[0]?.id;
  const look = () => {
    if (known.data[0]?.id === before) refreshMemories().catch(() => {});
  };
  looking = LOOKS.map((wait) => setTimeout(look, wait));
}

function list(cursor = null) {
  const query = new URLSearchParams({ character_id: character.id, limit: 30 });
  if (cursor) query.set("cursor", cursor);
  return call("GET", `/v1/chat/memories?${query}`);
}

function show(page) {
  known = page;
  const nothing = element("li", { class: "quiet" }, `${character.name} remembers nothing about you yet.`);
  at("memories").replaceChildren(...(known.data.length ? known.data.map(item) : [nothing]));
  at("more-memories").hidden = known.next_cursor === null;
  at("forget-all").hidden = known.data.length === 0;
}

function item(memory) {
  const path = `/v1/chat/memories/${encodeURIComponent(memory.id)}`;
  const button = (name, work) =>
    element(
      "button",
      { type: "button", class: "small", "aria-label": `${name}: ${memory.text}`, onclick: () => attempt(work) },
      name,
    );
  const correct = async () => {
    const wish = { title: "Put it right", action: "Save", label: "What is so", value: memory.text, most: MOST_CHARACTERS, isRequired: true };
    const text = await ask(wish);
    if (text) await call("PATCH", path, { body: { text }, key: newKey() });
  };
  const forget = () => call("DELETE", path, { key: newKey() });
  return element(
    "li",
    { class: "memory" },
    element("span", { class: "text" }, memory.text),
    element("span", { class: "actions" }, button("Correct", correct), button("Forget", forget)),
  );
}

async function attempt(work) {
  try {
    await work();
    await refreshMemories();
  } catch (failure) {
    showTrouble(failure);
  }
}

at("add-memory").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    const body = { character_id: character.id, text: at("memory").value.trim() };
    await call("POST", "/v1/chat/memories", { body, key: newKey() });
    at("memory").value = "";
  });
});
at("refresh-memories").addEventListener("click", () => attempt(async () => {}));
at("more-memories").addEventListener("click", async () => {
  try {
    const page = await list(known.next_cursor);
    show({ data: [...known.data, ...page.data], next_cursor: page.next_cursor });
  } catch (failure) {
    showTrouble(failure);
  }
});
at("forget-all").addEventListener("click", () =>
  attempt(async () => {
    const title = `Shall ${character.name} forget all about you?`;
    if ((await ask({ title, action: "Forget everything" })) === null) return;
    const query = new URLSearchParams({ character_id: character.id });
    await call("DELETE", `/v1/chat/memories?${query}`, { key: newKey() });
  }),
);
