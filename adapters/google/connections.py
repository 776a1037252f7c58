"""How Google is reached."""

import ssl
from typing import TypedDict

import httpx

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Options(TypedDict):
    """What every client of ours is made with."""

    timeout: float
    trust_env: bool
    verify: bool | ssl.SSLContext
    follow_redirects: bool


def options(url: httpx.URL, seconds: float) -> Options:
    """For a client of this address alone."""
    return Options(
        timeout=seconds,
        # A proxy of the environment is for what lies outside, never for this machine.
        trust_env=url.host not in _LOOPBACK,
        # Loading the authorities takes 0.2 s and some memory; without TLS they serve nothing.
        verify=True if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        # Elsewhere, nobody needs our tokens.
        follow_redirects=False,
    )
