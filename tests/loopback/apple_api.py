"""The App Store Server API on loopback, for what an ``AppleStore`` sold.

``with AppStoreServer(store) as api``: give the product ``api.url``, ``api.key_id``,
``api.issuer_id`` and ``api.private_key`` (PEM). What it knows is what the test puts in:
``api.record(transaction)``, ``api.stand(transaction, renewal, status)``,
``api.remember(payload, at)``. What it was told is in ``api.consumption``.
"""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.loopback.apple_server import Answer, AppleServer, Request
from tests.loopback.apple_store import AppleStore, Fields, milliseconds

PAGE = 20
LONGEST_MEMORY = 180 * 24 * 3600 * 1000
"""Milliseconds back to the oldest notification; reckoned from the end, so that tests are free."""


class AppStoreServer(AppleServer):
    """Knows what it was given, and asks for a signed key with every request."""

    def __init__(self, store: AppleStore, *, page: int = PAGE) -> None:
        super().__init__()
        self.store = store
        self.page = page
        self.key_id = "2X9R4HXF34"
        self.issuer_id = "57246542-96fe-1a63-e053-0824d011072a"
        self.consumption: list[tuple[str, Fields]] = []
        """Transactions, and what was said of their use."""
        self.consumption_answer = Answer(status=HTTPStatus.ACCEPTED)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._transactions: dict[str, Fields] = {}
        self._standings: dict[str, tuple[Fields, Fields, int]] = {}
        self._notifications: list[tuple[int, str, str]] = []

    @property
    def private_key(self) -> bytes:
        """What the operator downloads from Apple as a ``.p8`` file."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def record(self, *transactions: Fields) -> None:
        """Know these transactions from now on, as they are now."""
        for transaction in transactions:
            self._transactions[transaction["transactionId"]] = dict(transaction)

    def stand(self, transaction: Fields, renewal: Fields, status: int) -> None:
        """How the subscription stands: 1 active, 2 expired, 3 retry, 4 grace, 5 revoked."""
        reference = transaction["originalTransactionId"]
        self._standings[reference] = (dict(transaction), dict(renewal), status)

    def remember(
        self, payload: str, at: datetime | None = None, *, has_arrived: bool = True
    ) -> None:
        """Have sent this notification, whether it arrived or not."""
        sent_at = milliseconds(at or datetime.now(UTC))
        self._notifications.append((sent_at, payload, "SUCCESS" if has_arrived else "NO_RESPONSE"))

    def answer(self, request: Request) -> Answer:  # noqa: PLR0911 - a table of routes
        if not self._is_ours(request.headers.get("authorization", "")):
            return Answer(b"Unauthenticated\n", HTTPStatus.UNAUTHORIZED, "text/plain")
        url = urlsplit(request.path)
        query = parse_qs(url.query)
        match request.method, url.path.strip("/").split("/"):
            case "GET", ["inApps", "v1", "transactions", identifier]:
                return self._transaction(identifier)
            case "GET", ["inApps", "v1" | "v2", "history", identifier]:
                return self._history(identifier, query)
            case "GET", ["inApps", "v1", "subscriptions", identifier]:
                return self._subscriptions(identifier)
            case "POST", ["inApps", "v1", "notifications", "history"]:
                return self._notification_history(json.loads(request.body), query)
            case "PUT", ["inApps", "v2", "transactions", "consumption", identifier]:
                return self._consume(identifier, json.loads(request.body))
            case _:
                return _refusal(HTTPStatus.NOT_FOUND, 4040000, "Not found.")

    def _is_ours(self, authorization: str) -> bool:
        try:
            token = authorization.removeprefix("Bearer ")
            header = json.loads(urlsafe_b64decode(token.split(".")[0] + "=="))
            claims = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["ES256"],
                audience="appstoreconnect-v1",
                issuer=self.issuer_id,
            )
        except (jwt.PyJWTError, ValueError):
            return False
        return bool(header.get("kid") == self.key_id and claims.get("bid") == self.store.bundle_id)

    def _transaction(self, identifier: str) -> Answer:
        known = self._transactions.get(identifier)
        if known is None:
            return _unknown()
        return _json({"signedTransactionInfo": self._sign_now(known)})

    def _customer(self, identifier: str) -> list[Fields]:
        """All that the customer of this transaction has bought."""
        known = self._transactions.get(identifier)
        if known is None:
            return []
        token = known.get("appAccountToken")
        return [
            one
            for one in self._transactions.values()
            if one["originalTransactionId"] == known["originalTransactionId"]
            or (token and one.get("appAccountToken") == token)
        ]

    def _history(self, identifier: str, query: dict[str, list[str]]) -> Answer:
        bought = self._customer(identifier)
        if not bought:
            return _unknown()
        start = int(query.get("revision", ["0"])[0])
        end = start + self.page
        return _json(
            {
                "revision": str(min(end, len(bought))),
                "hasMore": end < len(bought),
                "bundleId": self.store.bundle_id,
                "appAppleId": self.store.app_apple_id,
                "environment": self.store.environment,
                "signedTransactions": [self._sign_now(one) for one in bought[start:end]],
            }
        )

    def _subscriptions(self, identifier: str) -> Answer:
        known = self._transactions.get(identifier)
        reference = known["originalTransactionId"] if known else identifier
        standing = self._standings.get(reference)
        if standing is None:
            return _unknown()
        transaction, renewal, status = standing
        item = {
            "originalTransactionId": reference,
            "status": status,
            "signedTransactionInfo": self._sign_now(transaction),
            "signedRenewalInfo": self._sign_now(renewal),
        }
        group = transaction.get("subscriptionGroupIdentifier", "1")
        return _json(
            {
                "environment": self.store.environment,
                "bundleId": self.store.bundle_id,
                "appAppleId": self.store.app_apple_id,
                "data": [{"subscriptionGroupIdentifier": group, "lastTransactions": [item]}],
            }
        )

    def _notification_history(self, body: Fields, query: dict[str, list[str]]) -> Answer:
        if body["endDate"] - body["startDate"] > LONGEST_MEMORY:
            return _refusal(HTTPStatus.BAD_REQUEST, 4000012, "Start date too far in the past.")
        sent = [
            (at, payload, result)
            for at, payload, result in self._notifications
            if body["startDate"] <= at < body["endDate"]
        ]
        start = int(query.get("paginationToken", ["0"])[0])
        end = start + self.page
        page: Fields = {
            "hasMore": end < len(sent),
            "notificationHistory": [
                {
                    "signedPayload": payload,
                    "sendAttempts": [{"attemptDate": at, "sendAttemptResult": result}],
                }
                for at, payload, result in sent[start:end]
            ],
        }
        return _json({**page, "paginationToken": str(end)} if page["hasMore"] else page)

    def _consume(self, identifier: str, body: Fields) -> Answer:
        known = self._transactions.get(identifier)
        if known is None:
            return _unknown()
        if body.get("customerConsented") is not True:
            return _refusal(HTTPStatus.BAD_REQUEST, 4000035, "Invalid request.")
        is_subscription = "expiresDate" in known
        if is_subscription and "consumptionPercentage" in body:
            return _refusal(HTTPStatus.BAD_REQUEST, 4000223, "Invalid request.")
        self.consumption.append((identifier, body))
        return self.consumption_answer

    def _sign_now(self, fields: Fields) -> str:
        """Every answer is signed anew, which its date tells."""
        return self.store.sign({**fields, "signedDate": milliseconds(datetime.now(UTC))})


def _json(value: Any) -> Answer:
    return Answer(json.dumps(value).encode())


def _refusal(status: int, code: int, message: str) -> Answer:
    return Answer(json.dumps({"errorCode": code, "errorMessage": message}).encode(), status)


def _unknown() -> Answer:
    return _refusal(HTTPStatus.NOT_FOUND, 4040010, "Transaction id not found.")
