// How messages, notices and replies on their way look.

import { element, time } from "./dom.js";
import { receiptList } from "./wallet.js";

const MARKS = { stopped: "Stopped.", incomplete: "Not finished: the model failed. Nothing was charged." };
// These are offered of what was said last only.
const AGAIN = new Set(["Answer this", "Regenerate"]);
const NOTICES = {
  ai_disclosure: "Please note",
  break_reminder: "Time for a break",
  crisis_referral: "Help is there",
};

export const noticeItem = ({ kind, text }) =>
  element(
    "li",
    { class: `notice ${kind}`, "data-kind": kind },
    element("strong", {}, NOTICES[kind] ?? kind),
    element("p", { class: "text" }, text),
  );

// A message of the history; `acts` are the buttons beneath it, by name.
export function messageItem(message, name, acts) {
  const item = element("li", { class: `message ${message.role}`, "data-id": message.id });
  item.append(
    head(message.role === "user" ? "You" : name, message.created_at),
    element("p", { class: "text" }, message.content),
  );
  if (MARKS[message.status]) item.append(element("p", { class: "mark" }, MARKS[message.status]));
  if (message.receipt) item.append(receiptDetails(message.receipt));
  item.append(buttons(acts));
  return item;
}

const head = (who, moment) =>
  element("p", { class: "who" }, element("strong", {}, who), " ", moment ? time(moment) : "");

const buttons = (acts) =>
  element(
    "p",
    { class: "actions" },
    ...Object.entries(acts).map(([name, onclick]) =>
      element("button", { type: "button", class: AGAIN.has(name) ? "small again" : "small", onclick }, name),
    ),
  );

const receiptDetails = (receipt) =>
  element(
    "details",
    { class: "receipt" },
    element("summary", {}, `${receipt.charged} ${receipt.charged === 1 ? "credit" : "credits"}`),
    receiptList(receipt),
  );

const recalledDetails = (memories) =>
  element(
    "details",
    { class: "recalled" },
    element("summary", {}, `Remembered for this reply: ${memories.length}`),
    element("ul", {}, ...memories.map(({ text }) => element("li", {}, text))),
  );

// A reply on its way: only what is new is put in, so that a selection and a reader's place hold.
export class ReplyItem {
  constructor(name) {
    this.text = document.createTextNode("");
    this.item = element(
      "li",
      { class: "message assistant writing" },
      head(name, null),
      element("p", { class: "text" }, this.text),
    );
    this.notices = [];
  }

  // Notices stand before the reply that they came with.
  show(turn) {
    if (turn.messageId) this.item.dataset.id = turn.messageId;
    this.text.appendData(turn.text.slice(this.text.length));
    for (const notice of turn.notices.slice(this.notices.length)) {
      const shown = noticeItem(notice);
      this.notices.push(shown);
      this.item.before(shown);
    }
  }

  end(turn, status, acts) {
    this.item.classList.remove("writing");
    if (MARKS[status]) this.item.append(element("p", { class: "mark" }, MARKS[status]));
    if (turn.memories.length) this.item.append(recalledDetails(turn.memories));
    if (turn.receipt) this.item.append(receiptDetails(turn.receipt));
    this.item.append(buttons(acts));
  }

  remove() {
    this.item.remove();
    this.notices.forEach((notice) => notice.remove());
  }
}
