// Following a turn to its end, over as many connections as it takes.

import { Failure, request } from "./api.js";
import { keep } from "./open_turn.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
// Proxies and a server that is just starting again: the turn itself may well go on.
const PASSING = new Set([0, 502, 504]);

// Ends when the reply has; raises a `Failure` when there will be none, or the reason of an abort.
// `on.event()` is called after each piece that came, `on.lost(seconds)` before each pause.
export async function follow(turn, on, signal) {
  let wait = FIRST_WAIT;
  for (;;) {
    let pause = wait;
    try {
      const response = await connect(turn, signal);
      for await (const events of batches(response, signal)) {
        wait = pause = FIRST_WAIT;
        const isOver = take(turn, events);
        keep(turn);
        on.event();
        if (isOver) return;
      }
    } catch (failure) {
      if (!isPassing(turn, failure)) throw failure;
      pause = Math.max(wait, 1000 * (failure.retryAfter ?? 0));
    }
    on.lost(Math.ceil(pause / 1000));
    await rest(pause, signal);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

function connect(turn, signal) {
  if (turn.id === null) {
    const { path, body, key } = turn;
    return request("POST", path, { body, key, signal });
  }
  const headers = turn.eventId ? { "Last-Event-ID": turn.eventId } : {};
  return request("GET", `/v1/chat/turns/${encodeURIComponent(turn.id)}/stream`, { headers, signal });
}

// A message that was never taken is for the person to send again; a turn that runs is followed.
function isPassing(turn, failure) {
  if (!(failure instanceof Failure) || failure.isFinal) return false;
  if (PASSING.has(failure.status) || failure.code === "unavailable") return true;
  return turn.id !== null && (failure.status === 429 || failure.status >= 500);
}

// Adds the events to what is known of the turn; true when it is over.
function take(turn, events) {
  for (const { id, data } of events) {
    if (data === "[DONE]") return true;
    const chunk = JSON.parse(data);
    if (chunk.error) throw broken(id, chunk.error);
    if (id) turn.eventId = id;
    for (const { delta } of chunk.choices) turn.text += delta.content ?? "";
    if (chunk.companion) note(turn, chunk.companion);
  }
  return false;
}

function note(turn, companion) {
  turn.id = companion.turn_id;
  turn.messageId = companion.message_id;
  turn.userMessageId = companion.user_message_id;
  turn.memories = companion.memories;
  turn.receipt = companion.receipt;
  turn.balance = companion.balance;
  const told = new Set(turn.notices.map(({ kind, text }) => kind + text));
  turn.notices.push(...companion.notices.filter(({ kind, text }) => !told.has(kind + text)));
}

// An error that is an event of the turn is its end; another one is of this connection only.
function broken(id, error) {
  const failure = new Failure(503, error);
  failure.isFinal = id?.endsWith("-error") ?? false;
  return failure;
}

// The server-sent events of a response, as many at a time as have come.
async function* batches(response, signal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        signal.throwIfAborted();
        throw new Failure(0);
      });
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      const events = blocks.map(parse).filter((event) => event.data !== null);
      if (events.length) yield events;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  const event = { id: null, data: null };
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) event.id = line.slice(4);
    else if (line.startsWith("data: ")) event.data = line.slice(6);
  }
  return event;
}

// A pause that ends early when the network comes back.
function rest(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const end = (finish) => () => {
      clearTimeout(timer);
      settled.abort();
      finish();
    };
    const timer = setTimeout(end(resolve), milliseconds);
    window.addEventListener("online", end(resolve), { signal: settled.signal });
    signal.addEventListener("abort", end(() => reject(signal.reason)), { signal: settled.signal });
  });
}
