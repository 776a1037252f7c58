// Signing in and out, and what follows from what happens elsewhere on the page.

import { call, Failure, isSignedIn, signInAs, signInWith, signOut } from "./api.js";
import { leaveConversation } from "./conversation.js";
import { at } from "./dom.js";
import { expectMemories } from "./memories.js";
import { dropAll } from "./open_turn.js";
import { forgetPlace, refreshSessions, showPeople, takeSession } from "./people.js";
import { clearTrouble, showTrouble } from "./trouble.js";
import { refreshWallet } from "./wallet.js";

const INSIDE = ["people", "talk", "about", "sign-out", "who"];

function showInside(isInside) {
  for (const id of INSIDE) at(id).hidden = !isInside;
  document.querySelector(".switches").hidden = !isInside;
  document.body.classList.toggle("inside", isInside);
  at("sign-in").hidden = isInside;
}

async function enter() {
  const me = await call("GET", "/v1/auth/me");
  at("who").textContent = me.display_name ?? me.subject ?? me.id;
  showInside(true);
  // One after the other: the first look at a balance may bring the day's credits.
  await refreshWallet();
  await showPeople();
  at("text").focus();
}

async function attempt(work) {
  clearTrouble();
  try {
    await work();
  } catch (failure) {
    if (failure.status === 401) leave();
    // The conversation's own place for trouble is not there yet.
    if (!document.body.classList.contains("inside")) at("sign-in").append(at("trouble"));
    showTrouble(failure);
  }
}

function leave() {
  leaveConversation();
  signOut();
  showInside(false);
  at("name").focus();
}

async function begin(signIn) {
  dropAll();
  forgetPlace();
  await signIn();
  at("talk").insertBefore(at("trouble"), at("progress"));
  await enter();
}

function withoutIssuer(failure) {
  if (failure.status !== 404) throw failure;
  at("dev-token").hidden = true;
  at("token").focus();
  throw new Failure(404, { message: "This server hands out no tokens: use one of your identity provider's." });
}

at("dev-token").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => begin(() => signInAs(at("name").value).catch(withoutIssuer)));
});
at("own-token").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() =>
    begin(async () => {
      signInWith(at("token").value);
      at("token").value = "";
    }),
  );
});
at("sign-out").addEventListener("click", () => {
  dropAll();
  forgetPlace();
  leave();
});

document.addEventListener("session-begun", ({ detail }) => takeSession(detail));
document.addEventListener("turn-ended", async () => {
  expectMemories();
  // How the turn went has been told; that it cannot be looked up is no news beside it.
  await Promise.allSettled([refreshWallet(), refreshSessions()]);
});

// Where there is no room for all of it side by side, one part at a time is shown.

function open(part) {
  const now = document.body.dataset.open === part ? "talk" : part;
  document.body.dataset.open = now;
  at("show-people").setAttribute("aria-expanded", String(now === "people"));
  at("show-about").setAttribute("aria-expanded", String(now === "about"));
}

at("show-people").addEventListener("click", () => open("people"));
at("show-about").addEventListener("click", () => open("about"));
document.addEventListener("picked", () => open("talk"));

if (isSignedIn()) attempt(enter);
