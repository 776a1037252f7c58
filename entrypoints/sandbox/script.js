// Everything that is shown is put into the page as text, never as markup.

import { at, element, newKey, time, TOKEN, words } from "./dom.js";

const ACTIONS = {
  succeed: "Payment succeeds",
  fail: "Payment fails",
  refund: "Refund",
  reverse_refund: "Reverse the refund",
  open_dispute: "Open a dispute",
  win_dispute: "Win the dispute",
  lose_dispute: "Lose the dispute",
  renew: "Renew now",
  fail_renewal: "Fail to renew (grace)",
  hold: "Put on hold",
  recover: "Recover",
  pause: "Pause",
  cancel: "Cancel",
  resume: "Resume",
  lapse: "End at once",
};
const GOOD = new Set(["active", "completed"]);
const BAD = new Set(["failed", "refunded", "expired"]);
const PAGE = 20;

const state = {
  token: sessionStorage.getItem(TOKEN),
  products: [],
  balance: null,
  purchases: null,
  ledger: null,
};

function money(price) {
  try {
    const format = new Intl.NumberFormat([], { style: "currency", currency: price.currency });
    const digits = format.resolvedOptions().maximumFractionDigits;
    return format.format(price.amount / 10 ** digits);
  } catch {
    return `${price.amount} ${price.currency}`;
  }
}

const productName = (id) => state.products.find((one) => one.id === id)?.name ?? id;

async function call(method, path, body, key) {
  const headers = {};
  if (state.token) headers.Authorization = `Bearer ${state.token}`;
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error("The server does not answer.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const failure = new Error(answer?.error?.message ?? `The server answered ${response.status}.`);
  failure.status = response.status;
  throw failure;
}

// What happens

function alert(message) {
  at("alert").textContent = message ?? "";
  at("alert").hidden = !message;
}

// What happened and what it did to the wallet, in one line that stays in sight.
function tell(message, before) {
  const { balance, available, debt, tier } = state.balance;
  const change = balance - before.balance;
  const by = change ? ` (${change > 0 ? "+" : "−"}${Math.abs(change)})` : "";
  const free = available === balance ? "" : `, ${available} available`;
  at("status").textContent = `${message} Balance ${balance}${by}${free}, debt ${debt}, tier ${tier}.`;
}

async function attempt(work) {
  alert(null);
  at("status").textContent = "";
  const busy = [...document.querySelectorAll("button")].filter((button) => !button.disabled);
  const focused = document.activeElement?.dataset?.focus;
  for (const button of busy) button.disabled = true;
  try {
    await work();
  } catch (failure) {
    if (failure.status === 401) leave();
    alert(failure.message);
  } finally {
    for (const button of busy) button.disabled = false;
    refocus(focused);
  }
}

// Buttons are made anew after each change; whoever uses the keyboard stays where they were.
function refocus(name) {
  if (!name) return;
  const same = document.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  const card = document.querySelector(`[data-focus="${CSS.escape(name.split("/")[0])}"]`);
  (same ?? card)?.focus({ preventScroll: true });
}

async function enter(token) {
  state.token = token.trim();
  const signedIn = await call("POST", "/v1/auth/login", { id_token: state.token });
  sessionStorage.setItem(TOKEN, state.token);
  at("who").textContent = `Signed in: ${signedIn.user.id}`;
  at("who").hidden = false;
  at("signed-in").hidden = false;
  state.products = (await call("GET", "/v1/market/products")).data;
  showProducts();
  await refresh();
}

function leave() {
  state.token = null;
  sessionStorage.removeItem(TOKEN);
  at("who").hidden = true;
  at("signed-in").hidden = true;
  at("user-id").focus();
}

async function refresh() {
  // One after the other: the first look at a balance may bring the day's credits.
  state.balance = await call("GET", "/v1/wallet/balance");
  showWallet(state.balance);
  state.purchases = await call("GET", `/v1/market/sandbox/purchases?limit=${PAGE}`);
  showPurchases();
  state.ledger = await call("GET", `/v1/wallet/transactions?limit=${PAGE}`);
  showLedger();
}

async function more(list, path, show) {
  const cursor = encodeURIComponent(state[list].next_cursor);
  const page = await call("GET", `${path}?limit=${PAGE}&cursor=${cursor}`);
  state[list] = { data: [...state[list].data, ...page.data], next_cursor: page.next_cursor };
  show();
}

async function buy(product) {
  const outcome = document.querySelector("input[name=outcome]:checked").value;
  const order = { product_id: product.id, provider: "sandbox", sandbox_outcome: outcome };
  const placed = await call("POST", "/v1/market/purchases", order, newKey());
  const secret = placed.payment?.client_secret;
  const told = secret ? ` The app would now pay with ${secret}.` : "";
  const before = state.balance;
  await refresh();
  tell(`${product.name}: ${words(placed.purchase.status)}.${told}`, before);
}

async function simulate(purchase, action, percent) {
  const path = `/v1/market/sandbox/purchases/${encodeURIComponent(purchase.id)}/simulate`;
  const body = percent ? { action, percent } : { action };
  const after = await call("POST", path, body, newKey());
  const name = productName(after.product_id);
  const before = state.balance;
  await refresh();
  tell(`${ACTIONS[action]} – ${name}: ${words(after.status)}.`, before);
}

// What is shown

function showWallet(balance) {
  const figures = {
    Balance: balance.balance,
    Held: balance.held,
    Available: balance.available,
    Debt: balance.debt,
    Tier: balance.tier,
  };
  at("wallet").replaceChildren(
    ...Object.entries(figures).map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, String(value))),
    ),
  );
  at("buckets").replaceChildren(
    ...balance.buckets.map(({ bucket, credits, expires_at }) =>
      element("li", {}, `${credits} ${bucket}`, ...(expires_at ? [", until ", time(expires_at)] : [])),
    ),
  );
}

function showProducts() {
  at("products").replaceChildren(
    ...state.products.map((product) => {
      const opens = product.tier ? `, opens ${product.tier}` : "";
      const price = money(product.price) + (product.period ? ` a ${product.period}` : "");
      return element(
        "li",
        {},
        element("h3", {}, product.name),
        element("p", {}, `${product.credits} credits${opens}`),
        element("p", { class: "quiet" }, price),
        product.promotion
          ? element("p", { class: "quiet" }, `${product.promotion.credits} credits on top until `, time(product.promotion.ends_at))
          : null,
        element(
          "div",
          { class: "actions" },
          element(
            "button",
            {
              type: "button",
              class: "main",
              "data-focus": `buy-${product.id}`,
              "aria-label": `Buy ${product.name}`,
              onclick: () => attempt(() => buy(product)),
            },
            "Buy",
          ),
        ),
      );
    }),
  );
}

function showPurchases() {
  const { data, next_cursor } = state.purchases;
  const nothing = element("li", {}, "Nothing was bought yet.");
  at("purchases").replaceChildren(...(data.length ? data.map(card) : [nothing]));
  at("more-purchases").hidden = next_cursor === null;
}

function card({ purchase, actions }) {
  const kind = GOOD.has(purchase.status) ? "good" : BAD.has(purchase.status) ? "bad" : "open";
  const name = productName(purchase.product_id);
  const percent = actions.includes("refund") || actions.includes("open_dispute") ? percentField(purchase) : null;
  return element(
    "li",
    {},
    element(
      "div",
      { class: "title" },
      element("h3", { tabindex: "-1", "data-focus": purchase.id }, name),
      element("span", { class: `badge ${kind}` }, words(purchase.status)),
    ),
    element("p", { class: "quiet" }, purchase.id),
    element("p", {}, ...credits(purchase), "."),
    purchase.ends_at ? element("p", {}, ...period(purchase)) : null,
    element("ul", { class: "quiet" }, ...purchase.payments.map(payment)),
    percent,
    element(
      "div",
      { class: "actions" },
      ...actions.map((action) =>
        element(
          "button",
          {
            type: "button",
            "data-focus": `${purchase.id}/${action}`,
            "aria-label": `${ACTIONS[action]}: ${name}`,
            onclick: () => attempt(() => act(purchase, action, percent)),
          },
          ACTIONS[action],
        ),
      ),
    ),
  );
}

function act(purchase, action, percentField_) {
  const field = percentField_?.querySelector("input");
  const takesPercent = action === "refund" || action === "open_dispute";
  if (takesPercent && field && !field.reportValidity()) throw new Error("A percentage is a whole number from 1 to 100.");
  return simulate(purchase, action, takesPercent && field?.value ? Number(field.value) : null);
}

function percentField(purchase) {
  const id = `percent-${purchase.id}`;
  return element(
    "p",
    { class: "percent" },
    element("label", { for: id }, "Percent to give back"),
    element("input", { id, type: "number", min: "1", max: "100", step: "1", inputmode: "numeric", placeholder: "all" }),
  );
}

function credits(purchase) {
  const taken = purchase.credits_taken_back;
  return [`${purchase.credits} credits${taken ? `, ${taken} of them taken back` : ""}`];
}

function period(purchase) {
  const next = purchase.next_product_id ? ` as ${productName(purchase.next_product_id)}` : "";
  const then = purchase.renews ? `, then renews${next}` : ", does not renew";
  return ["Paid from ", time(purchase.starts_at), " to ", time(purchase.ends_at), `${then}.`];
}

function payment(one) {
  const paid = one.price ? `${money(one.price)} · ` : "";
  const taken = one.credits_taken_back ? ` (${one.credits_taken_back} taken back)` : "";
  const disputed = one.disputed ? " · disputed" : "";
  return element("li", {}, time(one.paid_at), ` · ${paid}${one.credits} credits${taken}${disputed}`);
}

function showLedger() {
  const { data, next_cursor } = state.ledger;
  at("ledger").replaceChildren(
    ...data.map((line) =>
      element(
        "tr",
        {},
        element("td", {}, time(line.created_at)),
        element("td", {}, `${words(line.kind)}: ${line.description}`),
        element("td", {}, line.bucket),
        element(
          "td",
          { class: `number ${line.amount < 0 ? "minus" : "plus"}` },
          `${line.amount > 0 ? "+" : ""}${line.amount}`,
        ),
        element("td", { class: "number" }, String(line.balance_after)),
      ),
    ),
  );
  at("more-ledger").hidden = next_cursor === null;
}

// What people do

at("dev-token").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    state.token = null;
    const wish = { user_id: at("user-id").value };
    await enter((await call("POST", "/v1/auth/dev-token", wish)).id_token);
  });
});
at("own-token").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => enter(at("token").value));
});
at("refresh").addEventListener("click", () => attempt(refresh));
at("more-purchases").addEventListener("click", () =>
  attempt(() => more("purchases", "/v1/market/sandbox/purchases", showPurchases)),
);
at("more-ledger").addEventListener("click", () =>
  attempt(() => more("ledger", "/v1/wallet/transactions", showLedger)),
);

if (state.token) attempt(() => enter(state.token));
