// The replies that are on their way, one for each session, kept through a reload of the page.
//
// A turn is kept with what has been seen of it: the id of the last event and the text up to there
// are written together, so that whoever resumes behind that event misses nothing and repeats nothing.

const TURNS = "chat-turns";

const all = () => JSON.parse(sessionStorage.getItem(TURNS) ?? "{}");

export const openTurn = (sessionId) => all()[sessionId] ?? null;

export function keep(turn) {
  sessionStorage.setItem(TURNS, JSON.stringify({ ...all(), [turn.sessionId]: turn }));
}

export function drop(sessionId) {
  const { [sessionId]: _, ...others } = all();
  sessionStorage.setItem(TURNS, JSON.stringify(others));
}

export function dropAll() {
  sessionStorage.removeItem(TURNS);
}

// A turn that has not begun: `path` and `body` say how it does, under one key for all attempts.
export function newTurn({ sessionId, path, body, key, said = null, replaces = null }) {
  return {
    sessionId,
    path,
    body,
    key,
    said,
    replaces,
    id: null,
    eventId: null,
    messageId: null,
    userMessageId: null,
    text: "",
    memories: [],
    notices: [],
    receipt: null,
  };
}
