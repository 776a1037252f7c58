// What there is to spend, and what a reply has cost.

import { call } from "./api.js";
import { at, element, time } from "./dom.js";

export async function refreshWallet() {
  const known = await call("GET", "/v1/wallet/balance");
  const figures = {
    Balance: known.balance,
    Available: known.available,
    Held: known.held,
    Debt: known.debt,
    Tier: known.tier,
  };
  at("wallet").replaceChildren(...facts(figures));
  at("buckets").replaceChildren(
    ...known.buckets.map(({ bucket, credits, expires_at }) =>
      element("li", {}, `${credits} ${bucket}`, ...(expires_at ? [", until ", time(expires_at)] : [])),
    ),
    element("li", { class: "quiet" }, "Next daily credits: ", time(known.next_daily_refresh_at)),
  );
}

export function showLastReceipt(receipt) {
  at("receipt").replaceChildren(receipt ? receiptList(receipt) : element("p", { class: "quiet" }, "Nothing was charged yet."));
}

export function receiptList(receipt) {
  const spent = receipt.buckets.map(({ bucket, credits }) => `${credits} ${bucket}`).join(", ");
  const figures = {
    Held: receipt.held,
    Charged: receipt.charged,
    Released: receipt.released,
    "Out of": spent || "nothing",
    "Price version": receipt.price_version,
    Usage: receipt.usage_source,
  };
  return element("dl", { class: "facts" }, ...facts(figures));
}

const facts = (figures) =>
  Object.entries(figures).map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, String(value))),
  );
