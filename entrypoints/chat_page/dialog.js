// One dialog for all that is asked back before something is done.

import { at } from "./dom.js";

// The text that was given, "" where none is asked for; null when it was called off.
export function ask({ title, action, label = null, value = "", most = 1000, isRequired = false }) {
  at("dialog-title").textContent = title;
  at("dialog-do").textContent = action;
  at("dialog-field").hidden = label === null;
  at("dialog-label").textContent = label ?? "";
  const field = at("dialog-text");
  field.value = value;
  field.maxLength = most;
  field.required = label !== null && isRequired;
  const dialog = at("dialog");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const end = () => resolve(dialog.returnValue === "do" ? field.value.trim() : null);
    dialog.addEventListener("close", end, { once: true });
  });
}

at("dialog-form").addEventListener("submit", (event) => {
  event.preventDefault();
  at("dialog").close("do");
});
at("dialog-cancel").addEventListener("click", () => at("dialog").close(""));
