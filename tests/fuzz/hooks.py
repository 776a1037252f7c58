"""What schemathesis shall do with each request of a run: send it as somebody, about something.

It runs in schemathesis' own process, told by ``FUZZ_PLAN`` (see ``test_document``): a JSON file
with ``role``, ``token`` (null for nobody), ``url``, ``seed``, ``open`` (operations that need no
token), ``foreign`` (ids of somebody else by the name of their variable), ``own`` (the same of
whoever asks), ``canaries``, and ``report``, where to write what came of it.
"""

import atexit
import json
import os
import random
import re
import uuid
from collections import Counter, deque
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis import Case, HookContext, Response

_PLAN = json.loads(Path(os.environ["FUZZ_PLAN"]).read_text(encoding="utf-8"))
_CHANCE = random.Random(f"{_PLAN['seed']} {_PLAN['role']}")
_KINDS = {
    "ses": "session_id",
    "turn": "turn_id",
    "msg": "message_id",
    "mem": "memory_id",
    "pur": "purchase_id",
    "flg": "flag_id",
    "rep": "report_id",
}
_ID = re.compile(r'"((ses|turn|msg|mem|pur|flg|rep)_[0-9A-Za-z]+)"')
_ENDS_THE_SIGN_IN = {"erase_account", "log_out"}
_ADMINS = "/v1/admin/"
AnyCase = Case[Any]
OTHERS = "(methods that a route does not have)"
_LONGEST_READ = 200_000
_UNAUTHENTICATED, _FORBIDDEN = 401, 403

_own: dict[str, deque[str]] = {name: deque(ids, maxlen=40) for name, ids in _PLAN["own"].items()}
_counts: Counter[tuple[str, int]] = Counter()
_wrongs: list[str] = []


@schemathesis.hook
def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, Any]) -> None:
    """Give the request its sender, ids that exist, and a key of its own."""
    name = _name(case)
    headers = case.headers
    headers.pop("Authorization", None)
    token = _a_token_to_lose() if name in _ENDS_THE_SIGN_IN else _PLAN["token"]
    if _PLAN["token"] is not None:
        headers["Authorization"] = f"Bearer {token}"
    if "Idempotency-Key" in headers and _CHANCE.random() < 0.8:
        headers["Idempotency-Key"] = uuid.UUID(int=_CHANCE.getrandbits(128)).hex
    # An id that is to be refused for its form stays: a sound one in its place would be taken.
    for variable in () if _is_mutated(case, "path") else case.path_parameters:
        chosen = _an_id(variable)
        if chosen is not None:
            case.path_parameters[variable] = chosen
    if name == "create_completion" and isinstance(case.body, dict):
        _point_at_something(case.body)


@schemathesis.hook
def after_call(context: HookContext, case: AnyCase, response: Response) -> None:
    """Count the answer, judge who got it, and remember the ids in it."""
    name, status = _name(case), response.status_code
    is_documented = case.method == case.operation.method.upper()
    _counts[f"{case.method} {case.operation.path}" if is_documented else OTHERS, status] += 1
    is_open = name in _PLAN["open"]
    is_guarded = is_documented and not is_open
    if _PLAN["role"] == "anonymous" and is_guarded and status != _UNAUTHENTICATED:
        _wrongs.append(f"{case.method} {case.path}: {status} for nobody")
    is_admins = is_documented and case.operation.path.startswith(_ADMINS)
    if is_admins and _PLAN["role"] in {"user", "other"} and status != _FORBIDDEN:
        _wrongs.append(f"{case.method} {case.path}: {status} for no administrator")
    said = response.content[:_LONGEST_READ].decode("utf-8", "replace")
    sent = f"{response.request.url} {response.request.body!r}"
    _wrongs.extend(
        f"{case.method} {case.path}: tells of {canary}"
        for canary in _PLAN["canaries"]
        if canary in said and canary not in sent
    )
    for found, prefix in _ID.findall(said):
        _own.setdefault(_KINDS[prefix], deque(maxlen=40)).append(found)


def _name(case: AnyCase) -> str:
    return str(case.operation.definition.raw["operationId"])


def _is_mutated(case: AnyCase, location: str) -> bool:
    """Whether schemathesis has broken a rule of the document there."""
    made = case.meta.phase.data if case.meta is not None else None
    mutations = getattr(made, "mutations", ())
    return any(one.parameter_location == location for one in mutations)


def _an_id(variable: str) -> str | None:
    """One that is somebody else's, one's own, or None: what schemathesis has made up."""
    dice = _CHANCE.random()
    foreign, own = _PLAN["foreign"].get(variable, ()), _own.get(variable, ())
    if foreign and dice < 0.5:
        return str(_CHANCE.choice(foreign))
    if own and dice < 0.85:
        return str(_CHANCE.choice(list(own)))
    if variable == "user_id":
        return "usr_00000000000000000000000000"  # what is made up may be an id that a text has
    return None


def _point_at_something(body: dict[str, Any]) -> None:
    """Let a character that there is be told something, in a session that there is, mostly."""
    dice = _CHANCE.random()
    if dice < 0.8:
        body["model"] = "mira"
        if isinstance(body.get("session_id"), str):
            body["session_id"] = _an_id("session_id") or body["session_id"]
    if dice < 0.5:
        body["messages"] = [{"role": "user", "content": f"Hello! {_CHANCE.random()}"}]


def _a_token_to_lose() -> str:
    body = {"user_id": f"leaves-{uuid.uuid4().hex}"}
    answer = requests.post(f"{_PLAN['url']}/v1/auth/dev-token", json=body, timeout=30)
    return str(answer.json()["id_token"])


@atexit.register
def _tell() -> None:
    rows = [[_PLAN["role"], route, status, times] for (route, status), times in _counts.items()]
    told = {"rows": rows, "wrongs": _wrongs}
    Path(_PLAN["report"]).write_text(json.dumps(told), encoding="utf-8")
