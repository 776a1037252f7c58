"""ID tokens that nobody should believe, crafted from a genuine one: U1."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from attrs import define
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.loopback.firebase_certificates import encode, hs256, signing_key

HOUR = 3_600
STRANGER = signing_key(7)


@define(frozen=True)
class Mint:
    """A genuine token taken apart, and the key that signs such."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    private_key: RSAPrivateKey
    public_pem: bytes

    @classmethod
    def of(cls, token: str, private_key: RSAPrivateKey, public_pem: bytes) -> "Mint":
        claims = jwt.decode(token, options={"verify_signature": False})
        return cls(jwt.get_unverified_header(token), claims, private_key, public_pem)

    def token(self, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """Signed with the genuine key; None removes what it stands for."""
        return encode(_merged(self.header, header or {}), self.changed(**claims), self.sign)

    def changed(self, **claims: Any) -> dict[str, Any]:
        return _merged(self.claims, claims)

    def sign(self, text: bytes) -> bytes:
        return jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
            text, self.private_key
        )

    def moved(self, seconds: int) -> str:
        """The same sign-in at another time."""
        times = ("iat", "exp", "auth_time")
        return self.token(**{name: self.claims[name] + seconds for name in times})


Craft = Callable[[Mint], str]

CRAFTED: Mapping[str, Craft] = {
    "algorithm none": lambda mint: encode(
        {**mint.header, "alg": "none"}, mint.claims, lambda _: b""
    ),
    "algorithm None": lambda mint: encode(
        {**mint.header, "alg": "None"}, mint.claims, lambda _: b""
    ),
    "HS256 with the public key": lambda mint: encode(
        {**mint.header, "alg": "HS256"}, mint.claims, hs256(mint.public_pem)
    ),
    "HS256 with nothing": lambda mint: encode(
        {**mint.header, "alg": "HS256"}, mint.claims, hs256(b"")
    ),
    "RS512": lambda mint: mint.token({"alg": "RS512"}),
    "no signature": lambda mint: mint.token().rpartition(".")[0] + ".",
    "two parts": lambda mint: mint.token().rpartition(".")[0],
    "another key, same kid": lambda mint: encode(mint.header, mint.claims, STRANGER.sign),
    "another key in the header": lambda mint: encode(
        {**mint.header, "jwk": {"kty": "RSA"}, "kid": STRANGER.id}, mint.claims, STRANGER.sign
    ),
    "no kid": lambda mint: mint.token({"kid": None}),
    "empty kid": lambda mint: mint.token({"kid": ""}),
    "unknown kid": lambda mint: mint.token({"kid": "0" * 40}),
    "kid is a number": lambda mint: mint.token({"kid": 7}),
    "expired": lambda mint: mint.moved(-2 * HOUR),
    "issued in an hour": lambda mint: mint.moved(HOUR),
    "no expiry": lambda mint: mint.token(exp=None),
    "expiry is text": lambda mint: mint.token(exp="never"),
    "another project": lambda mint: mint.token(aud="another"),
    "a list of projects": lambda mint: mint.token(aud=[mint.claims["aud"], "another"]),
    "no audience": lambda mint: mint.token(aud=None),
    "another issuer": lambda mint: mint.token(iss="https://securetoken.google.com/another"),
    "no issuer": lambda mint: mint.token(iss=None),
    "no subject": lambda mint: mint.token(sub=None),
    "empty subject": lambda mint: mint.token(sub=""),
    "subject of 129 characters": lambda mint: mint.token(sub="s" * 129),
    "subject is a number": lambda mint: mint.token(sub=7),
    "claims changed": lambda mint: _with_claims(mint, admin=True),
    "not a token": lambda _: "not-a-token",
    "three dots": lambda _: "...",
}
"""What each of them is; all are answered with 401."""


def _merged(first: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**first, **then}.items() if value is not None}


def _with_claims(mint: Mint, **claims: Any) -> str:
    """The genuine signature under other claims."""
    head, _, signature = mint.token().split(".")
    forged = encode(mint.header, mint.changed(**claims), lambda _: b"").split(".")[1]
    assert json.loads(urlsafe_b64decode(forged + "=="))["admin"]
    return f"{head}.{forged}.{signature}"
