// What the pages do with a document. Whatever is shown is put in as text, never as markup:
// what models and cards bring is not to be trusted.

// One name for all pages: whoever is signed in on one of them is on the others, in this tab.
export const TOKEN = "companion-token";

export const at = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function time(moment) {
  const shown = new Date(moment).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return element("time", { datetime: moment, title: moment }, shown);
}

export const words = (text) => text.replaceAll("_", " ");

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
