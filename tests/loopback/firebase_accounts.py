"""Firebase's accounts on loopback: as much of the Auth emulator's REST API as the adapter meets.

``with FirebaseAccounts() as firebase``: ``firebase.host`` goes where the emulator's host goes.
The emulator suite runs the same tests on the real emulator, so this cannot drift from it.
"""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from tests.loopback.firebase_certificates import ISSUER, encode

Answer = tuple[int, dict[str, Any]]


class FirebaseAccounts:
    """The server; ``status`` other than 200 is what every request gets."""

    def __init__(self, project_id: str = "demo-companion") -> None:
        self.project_id = project_id
        self.status = 200
        self.requests = 0
        self._accounts: dict[str, dict[str, Any]] = {}
        self._answers = Event()
        self._answers.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._answers.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://{self.host}/identitytoolkit.googleapis.com/v1"

    def account(self, subject: str) -> dict[str, Any]:
        """The account as it is, made if it is not there: to be read and changed."""
        new = {"localId": subject, "validSince": str(int(time.time()))}
        return self._accounts.setdefault(subject, new)

    def fall_silent(self) -> None:
        """Accept requests, but do not answer them any more."""
        self._answers.clear()

    def handle(self, path: str, body: Mapping[str, Any]) -> Answer:
        methods = {
            "accounts:signUp": self._sign_up,
            "accounts:signInWithPassword": self._sign_in,
            "token": self._refresh,
            "accounts:lookup": self._look_up,
            "accounts:update": self._update,
            "accounts:delete": self._delete,
        }
        return methods[path.rpartition("/")[2].partition("?")[0]](body)

    def _sign_up(self, body: Mapping[str, Any]) -> Answer:
        account = {
            "localId": f"uid-{len(self._accounts)}",
            "email": body["email"],
            "displayName": body["displayName"],
            "validSince": str(int(time.time())),
        }
        self._accounts[account["localId"]] = account
        return self._sign_in(body)

    def _sign_in(self, body: Mapping[str, Any]) -> Answer:
        account = next(a for a in self._accounts.values() if a["email"] == body["email"])
        if account.get("disabled"):
            return _refusal("USER_DISABLED")
        now = int(time.time())
        refresh = json.dumps([account["localId"], now])
        answer = {"localId": account["localId"], "refreshToken": refresh}
        return 200, answer | {"idToken": self._token(account, now)}

    def _refresh(self, body: Mapping[str, Any]) -> Answer:
        subject, auth_time = json.loads(body["refresh_token"][0])
        return 200, {"id_token": self._token(self._accounts[subject], auth_time)}

    def _look_up(self, body: Mapping[str, Any]) -> Answer:
        found = [self._accounts[key] for key in body["localId"] if key in self._accounts]
        return 200, {"kind": "lookup"} | ({"users": found} if found else {})

    def _update(self, body: Mapping[str, Any]) -> Answer:
        account = self._accounts.get(body["localId"])
        if account is None:
            return _refusal("USER_NOT_FOUND")
        names = {"disableUser": "disabled"}
        account |= {names.get(key, key): value for key, value in body.items()}
        return 200, {"localId": account["localId"]}

    def _delete(self, body: Mapping[str, Any]) -> Answer:
        if self._accounts.pop(body["localId"], None) is None:
            return _refusal("USER_NOT_FOUND")
        return 200, {"kind": "delete"}

    def _token(self, account: Mapping[str, Any], auth_time: int) -> str:
        now = int(time.time())
        claims = json.loads(account.get("customAttributes") or "{}") | {
            "name": account["displayName"],
            "email": account["email"],
            "auth_time": auth_time,
            "iat": now,
            "exp": now + 3600,
            "aud": self.project_id,
            "iss": ISSUER + self.project_id,
            "sub": account["localId"],
        }
        return encode({"alg": "none", "typ": "JWT"}, claims, lambda _: b"")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        firebase = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                firebase.requests += 1
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                if not firebase._answers.wait(timeout=30):
                    return
                body = parse_qs(raw.decode()) if raw[:1] != b"{" else json.loads(raw)
                status, answer = _refusal("BROKEN", firebase.status)
                if status == 200:
                    status, answer = firebase.handle(self.path, body)
                with suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.end_headers()
                    self.wfile.write(json.dumps(answer).encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                """Say nothing on the test's output."""

        return Handler


def _refusal(message: str, status: int = 400) -> Answer:
    return status, {"error": {"code": status, "message": message}}
