"""Signing as Stripe does."""

import hashlib
import hmac


def sign(body: bytes, secret: str, at: float, *, scheme: str = "v1") -> str:
    """The ``Stripe-Signature`` header of a webhook."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},{scheme}={digest}"
