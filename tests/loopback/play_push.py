"""Pub/Sub's pushes of Google Play's notifications: their tokens, and the keys behind them.

``with PlayPush(audience=..., email=...) as push``: ``push.certificates_url`` serves the keys as
Google does; ``push.request(notification)`` is the body and the headers of one push, which
``push.send(url, notification)`` also posts.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import httpx

from tests.loopback.firebase_certificates import FirebaseCertificates, SigningKey, encode
from tests.loopback.play_books import Json

AUDIENCE = "https://companion.example/v1/market/webhooks/google"
EMAIL = "pushes@demo-companion.example"


class PlayPush(FirebaseCertificates):
    """Google signs these tokens as it signs Firebase's; claims and senders differ."""

    def __init__(
        self,
        *,
        audience: str = AUDIENCE,
        email: str = EMAIL,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.now = now
        self.audience = audience
        self.email = email
        self._ids = count(1)

    @property
    def certificates_url(self) -> str:
        return self.url

    def claims(self, **changes: object) -> dict[str, object]:
        """Those of a genuine push; ``None`` removes one."""
        now = int(self.now().timestamp())
        claims: dict[str, object] = {
            "iss": "https://accounts.google.com",
            "aud": self.audience,
            "azp": "113774264463038321964",
            "sub": "113774264463038321964",
            "email": self.email,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, key: SigningKey | None = None, **changes: object) -> str:
        key = key or self.keys[-1]
        return encode(
            {"alg": "RS256", "kid": key.id, "typ": "JWT"}, self.claims(**changes), key.sign
        )

    def headers(self, **changes: object) -> dict[str, str]:
        """Lower-case names, as a server sees them."""
        return {
            "authorization": f"Bearer {self.token(None, **changes)}",
            "content-type": "application/json",
        }

    def message(self, notification: Json, message_id: str | None = None) -> bytes:
        """One message; with the id of an earlier one, Pub/Sub sends it again."""
        message_id = message_id or f"{next(self._ids):016}"
        published = self.now().isoformat().replace("+00:00", "Z")
        told = {
            "attributes": {},
            "data": b64encode(json.dumps(notification).encode()).decode(),
            "messageId": message_id,
            "message_id": message_id,
            "publishTime": published,
            "publish_time": published,
        }
        subscription = "projects/demo-companion/subscriptions/play"
        return json.dumps({"message": told, "subscription": subscription}).encode()

    def request(
        self, notification: Json, message_id: str | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers."""
        return self.message(notification, message_id), self.headers()

    def send(self, url: str, notification: Json, message_id: str | None = None) -> httpx.Response:
        """Post it, as Pub/Sub does."""
        body, headers = self.request(notification, message_id)
        return httpx.post(url, content=body, headers=headers, timeout=10, trust_env=False)
