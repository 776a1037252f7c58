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

// Whoever is at the end of the conversation stays there, whatever grows in it or beneath it.

const box = at("scroll");
let isAtEnd = true;

export function toEnd() {
  isAtEnd = true;
  box.scrollTop = box.scrollHeight;
}

box.addEventListener("scroll", () => {
  isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
});
const growth = new ResizeObserver(() => {
  if (isAtEnd) toEnd();
});
growth.observe(box);
growth.observe(at("said"));

export function setDraft(text) {
  at("text").value = text;
  sessionStorage.setItem(DRAFT, text);
}

at("text").addEventListener("input", () => sessionStorage.setItem(DRAFT, at("text").value));
at("text").value = sessionStorage.getItem(DRAFT) ?? "";
