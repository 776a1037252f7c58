"use strict";

// Everything works without this; it saves clicks. Nothing of a page is made here as markup.

// A file that is dropped on a field is what would have been chosen there.
function takeDrops(zone) {
  const input = zone.querySelector("input[type=file]");
  if (!input) return;
  const stop = (event) => event.preventDefault();
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      stop(event);
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    stop(event);
    zone.classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (!file) return;
    const one = new DataTransfer();
    one.items.add(file);
    input.files = one.files;
    input.form.requestSubmit();
  });
}

// Pressed twice is meant once.
function pressOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !event.submitter?.hasAttribute("hx-post")) form.dataset.sent = "yes";
}

for (const zone of document.querySelectorAll("[data-drop]")) takeDrops(zone);
document.addEventListener("submit", pressOnce);
// The page may be shown again as it was, by the browser's way back.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
document.querySelector("nav.main [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// Anything but a page (a refusal, the sign-in) is shown as itself, not put into this one.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) window.location.assign("/admin/sign-in");
});
