// The conversation on screen: what was said, what is being said, and saying something.

import { call } from "./api.js";
import { ask } from "./dialog.js";
import { at, newKey } from "./dom.js";
import { messageItem, noticeItem, ReplyItem } from "./messages.js";
import { drop, keep, newTurn, openTurn } from "./open_turn.js";
import { itemOf, progress, setBusy, setDraft, toEnd } from "./screen.js";
import { follow } from "./stream.js";
import { clearTrouble, showTrouble } from "./trouble.js";
import { showLastReceipt } from "./wallet.js";

const PAGE = 40;

const view = { character: null, session: null, cursor: null, turn: null, leaving: null, stopping: null, isStopping: false };

const pathOf = (id, more = "") => `/v1/chat/messages/${encodeURIComponent(id)}${more}`;
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

// Shows a conversation, null for one that is still to begin, and follows the reply that is on its
// way in it, if there is one.
export async function openConversation(character, session) {
  leaveConversation();
  const leaving = new AbortController();
  Object.assign(view, { character, session, leaving, cursor: null });
  at("talk-title").textContent = session?.title ?? character.name;
  at("rename-session").disabled = at("delete-session").disabled = session === null;
  at("said").replaceChildren();
  showLastReceipt(null);
  await showHistory(leaving.signal);
  at("send").disabled = false;
  const turn = session && openTurn(session.id);
  if (turn && !leaving.signal.aborted) run(turn);
}

export function leaveConversation() {
  view.leaving?.abort();
  view.turn = view.stopping = null;
  setBusy(false);
  at("send").disabled = true;
  clearTrouble();
  progress("");
}

// What was said

async function showHistory(signal) {
  const { character, session } = view;
  if (session === null) {
    const greeting = { id: "", role: "assistant", content: character.greeting };
    at("said").replaceChildren(...(character.greeting ? [messageItem(greeting, character.name, {})] : []));
    at("more-messages").hidden = true;
    return;
  }
  const page = await messagesBefore(null, signal);
  at("said").replaceChildren(...itemsOf(page));
  showLastReceipt(page.data.find(({ receipt }) => receipt)?.receipt ?? null);
  toEnd();
}

async function showEarlier() {
  const before = at("scroll").scrollHeight;
  const page = await messagesBefore(view.cursor, view.leaving.signal);
  at("said").prepend(...itemsOf(page));
  at("scroll").scrollTop += at("scroll").scrollHeight - before;
}

async function messagesBefore(cursor, signal) {
  const query = new URLSearchParams({ limit: PAGE, ...(cursor ? { cursor } : {}) });
  const path = `/v1/chat/sessions/${encodeURIComponent(view.session.id)}/messages?${query}`;
  const page = await call("GET", path, { signal });
  view.cursor = page.next_cursor;
  at("more-messages").hidden = page.next_cursor === null;
  return page;
}

// Oldest first; the greeting answers nothing, so there is no other reply to ask for.
function itemsOf({ data }) {
  const oldest = [...data].reverse();
  return oldest.map((message, place) => {
    const isGreeting = message.role === "assistant" && place === 0 && view.cursor === null;
    return messageItem(message, view.character.name, actsOn(message, isGreeting));
  });
}

function actsOn({ id, role }, isGreeting = false) {
  const acts = {};
  if (!isGreeting) acts[role === "user" ? "Answer this" : "Regenerate"] = () => regenerate(id, role);
  if (role === "assistant") acts.Report = () => attempt(() => report(id));
  acts.Delete = () => attempt(() => remove(id, role));
  return acts;
}

async function report(id) {
  const label = "What is wrong with it? (may be left empty)";
  const reason = await ask({ title: "Report this message", action: "Report", label, most: 1000 });
  if (reason === null) return;
  await call("POST", pathOf(id, "/report"), { body: { reason }, key: newKey() });
  progress("The message was reported.");
}

async function remove(id, role) {
  const title = role === "user" ? "Delete this message and the reply to it?" : "Delete this reply?";
  if ((await ask({ title, action: "Delete" })) === null) return;
  await call("DELETE", pathOf(id), { key: newKey() });
  await showHistory(view.leaving.signal);
  progress("The message was deleted.");
  at("text").focus();
}

async function attempt(work) {
  clearTrouble();
  try {
    await work();
  } catch (failure) {
    if (failure.name !== "AbortError") showTrouble(failure);
  }
}

// What is being said

async function send() {
  const said = at("text").value.trim();
  if (!said || view.turn || at("send").disabled) return;
  clearTrouble();
  view.turn = "beginning";
  try {
    await beginSession();
  } catch (failure) {
    view.turn = null;
    if (failure.name !== "AbortError") showTrouble(failure);
    return;
  }
  const { character, session } = view;
  const body = {
    model: character.id,
    session_id: session.id,
    stream: true,
    messages: [{ role: "user", content: said }],
  };
  const turn = newTurn({ sessionId: session.id, path: "/v1/chat/completions", body, key: newKey(), said });
  keep(turn);
  setDraft("");
  await run(turn);
}

async function beginSession() {
  if (view.session !== null) return;
  const { character } = view;
  const body = { character_id: character.id };
  const session = await call("POST", "/v1/chat/sessions", { body, key: newKey(), signal: view.leaving.signal });
  view.session = session;
  at("rename-session").disabled = at("delete-session").disabled = false;
  tell("session-begun", session);
}

function regenerate(id, role) {
  if (view.turn) return;
  clearTrouble();
  const turn = newTurn({
    sessionId: view.session.id,
    path: pathOf(id, "/regenerate"),
    body: { stream: true },
    key: newKey(),
    replaces: role === "assistant" ? id : null,
  });
  keep(turn);
  at("text").focus();
  run(turn);
}

// Follows the turn to its end, from wherever it is.
async function run(turn) {
  const { character, leaving } = view;
  view.turn = turn;
  Object.assign(view, { stopping: null, isStopping: false });
  itemOf(turn.replaces)?.remove();
  itemOf(turn.messageId)?.remove();
  const mine = saidItem(turn);
  const reply = new ReplyItem(character.name);
  at("said").append(reply.item);
  setBusy(true);
  const update = () => {
    progress(`${character.name} is writing …`);
    name(mine, turn.userMessageId);
    reply.show(turn);
    if (view.isStopping && view.stopping === null) stop();
  };
  const lost = (seconds) => {
    progress(`The connection is lost. Trying again in ${seconds} s …`);
  };
  progress(`${character.name} is thinking …`);
  reply.show(turn);
  toEnd();
  try {
    await follow(turn, { event: update, lost }, leaving.signal);
    const stopped = await view.stopping;
    if (leaving.signal.aborted) return;
    reply.end(turn, stopped?.message?.status, actsOn({ id: turn.messageId, role: "assistant" }));
    progress(stopped ? "Stopped." : "The reply is complete.");
    showLastReceipt(turn.receipt);
    drop(turn.sessionId);
  } catch (failure) {
    if (leaving.signal.aborted) return;
    drop(turn.sessionId);
    reply.remove();
    if (mine?.dataset.id === "") mine.remove();
    await giveUp(turn, failure, leaving.signal);
  }
  view.turn = null;
  setBusy(false);
  tell("turn-ended");
}

// The person's own message: where it is already, or put in now.
function saidItem(turn) {
  if (turn.said === null) return null;
  const shown = itemOf(turn.userMessageId) ?? (isLast(turn.said) ? at("said").lastElementChild : null);
  if (shown) return shown;
  const message = { id: turn.userMessageId ?? "", role: "user", content: turn.said, created_at: new Date().toISOString() };
  const item = messageItem(message, "", {});
  at("said").append(item);
  return item;
}

// Whether this was the last to be said, by the person, and has no reply.
function isLast(text) {
  const last = at("said").lastElementChild;
  return last !== null && last.matches(".user") && last.querySelector(".text").textContent === text;
}

// As soon as its id is known, there is something to be done with it.
function name(item, id) {
  if (!item || !id || item.dataset.id === id) return;
  item.dataset.id = id;
  const { textContent } = item.querySelector(".text");
  const created_at = item.querySelector("time")?.dateTime;
  const message = { id, role: "user", content: textContent, created_at };
  item.replaceChildren(...messageItem(message, "", actsOn(message)).childNodes);
}

// What the server has kept is shown instead; a message that it has not taken can be sent again.
async function giveUp(turn, failure, signal) {
  try {
    await showHistory(signal);
  } catch {
    // The failure that brought us here is the one to tell of.
  }
  if (signal.aborted) return;
  const isTaken = turn.said === null || turn.id !== null || isLast(turn.said);
  at("said").append(...turn.notices.map(noticeItem));
  if (!isTaken && !at("text").value) setDraft(turn.said);
  progress("");
  showTrouble(failure);
}

async function stop() {
  const { turn } = view;
  if (turn === null) return;
  at("stop").disabled = true;
  at("text").focus();
  // Its id comes with the first word: until then there is nothing to be stopped.
  view.isStopping = true;
  if (!turn.id) return;
  view.stopping = call("POST", `/v1/chat/turns/${encodeURIComponent(turn.id)}/stop`, { key: newKey() }).catch((failure) => {
    at("stop").disabled = false;
    showTrouble(failure);
    return null;
  });
}

// What people do

at("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  at("text").focus();
  send();
});
at("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
at("stop").addEventListener("click", stop);
at("more-messages").addEventListener("click", () => attempt(showEarlier));
