// How the conversation's part of the page looks: busy or not, scrolled to where, with what draft.

import { at } from "./dom.js";

const DRAFT = "chat-draft";
const NEAR = 120;

export const itemOf = (id) => (id ? at("said").querySelector(`[data-id="${CSS.escape(id)}"]`) : null);

export const progress = (text) => {
  at("progress").textContent = text;
};

export function setBusy(isBusy) {
  at("said").setAttribute("aria-busy", String(isBusy));
  at("send").hidden = isBusy;
  at("stop").hidden = !isBusy;
  at("stop").disabled = false;
}

// Stays at the end of the conversation if that is where one is.
export function held(change, always = false) {
  const box = at("scroll");
  const isAtEnd = always || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  change();
  if (isAtEnd) box.scrollTop = box.scrollHeight;
}

export function setDraft(text) {
  at("text").value = text;
  sessionStorage.setItem(DRAFT, text);
}

at("text").addEventListener("input", () => sessionStorage.setItem(DRAFT, at("text").value));
at("text").value = sessionStorage.getItem(DRAFT) ?? "";
