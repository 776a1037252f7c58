// Errors in words, with what can be done about them.

import { at, element } from "./dom.js";

let ticking = null;

const link = (path, text) => element("a", { href: path }, text);

const EXPLAINED = {
  insufficient_credits: () => [
    "There are not enough credits for a reply. ",
    link("/sandbox", "Get some at the sandbox store"),
    ", then send it again.",
  ],
  tier_required: () => [
    "This character needs a higher plan than yours. ",
    link("/sandbox", "Subscribe at the sandbox store"),
    ".",
  ],
  content_blocked: ({ message }) => [
    `This cannot be said here: ${message} `,
    link("/safety", "What is and why"),
  ],
  account_suspended: ({ message }) => [`This account is suspended: ${message}`],
  model_unavailable: () => ["The model cannot answer at the moment. Nothing was charged."],
  token_expired: () => ["The sign-in has run out. Sign in again."],
  network: () => ["The server does not answer. Is it running?"],
};

export function clearTrouble() {
  clearInterval(ticking);
  at("trouble").hidden = true;
  at("trouble").replaceChildren();
}

// `again`, where given, is offered as a button.
export function showTrouble(failure, again = null) {
  clearTrouble();
  if (failure.status === 429) {
    waitOut(failure.retryAfter ?? 1);
  } else {
    const explain = EXPLAINED[failure.code] ?? (({ message }) => [message]);
    at("trouble").append(...explain(failure));
  }
  if (failure.requestId) {
    at("trouble").append(element("small", {}, ` Request ${failure.requestId}, code ${failure.code}.`));
  }
  if (again) {
    const act = () => {
      clearTrouble();
      again();
    };
    at("trouble").append(" ", element("button", { type: "button", class: "small", onclick: act }, "Try again"));
  }
  at("trouble").hidden = false;
}

function waitOut(seconds) {
  // The seconds are for the eye only: read aloud one by one, they would drown everything else.
  const count = element("span", { id: "countdown", "aria-live": "off" });
  at("trouble").append("That was too much at once. You can go on in ", count, ".");
  let left = seconds;
  const show = () => {
    count.textContent = `${left} ${left === 1 ? "second" : "seconds"}`;
    if (left-- <= 0) clearTrouble();
  };
  show();
  ticking = setInterval(show, 1000);
}
