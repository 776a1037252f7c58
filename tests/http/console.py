"""A browser without a screen: cookies, forms as they stand on the page, and redirects."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote, urlencode

from attrs import Factory, define

from tests.http.api import Api, Reply

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>")
_TEXTAREA = re.compile(r"<textarea\b([^>]*)>\n?(.*?)</textarea>", re.DOTALL)
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_OPTION = re.compile(r"<option\b([^>]*)>(.*?)</option>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
BOUNDARY = "----a-boundary"


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(text)}


def fields_of(page: Reply, action: str) -> dict[str, str]:
    """What the form that leads there would send, were it sent untouched."""
    for attributes, inside in _FORM.findall(page.body.decode()):
        if unquote(_attributes(attributes).get("action", "")) != action:
            continue
        fields: dict[str, str] = {}
        for one in _INPUT.findall(inside):
            found = _attributes(one)
            if "name" in found and found.get("type") != "file":
                fields[found["name"]] = found.get("value", "")
        for one, text in _TEXTAREA.findall(inside):
            fields[_attributes(one)["name"]] = unescape(text)
        for one, options in _SELECT.findall(inside):
            chosen = [
                _attributes(given).get("value", unescape(text))
                for given, text in _OPTION.findall(options)
                if "selected" in _attributes(given)
            ]
            fields[_attributes(one)["name"]] = chosen[0] if chosen else ""
        return fields
    message = f"no form leads to {action}"
    raise AssertionError(message)


@define
class Console:
    """One administrator's browser."""

    api: Api
    cookies: dict[str, str] = Factory(dict)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        return await self._send("GET", path, None, headers or {})

    async def press(
        self,
        page: str,
        action: str,
        *,
        file: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **typed: str,
    ) -> Reply:
        """Fill in the form on that page that leads to ``action``, and send it."""
        shown = await self.get(page)
        assert shown.status == 200, shown.body
        fields = {**fields_of(shown, action), **typed}
        return await self.post(action, fields, file=file, headers=headers)

    async def post(
        self,
        action: str,
        fields: Mapping[str, str],
        *,
        file: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        if file is None and not _has_files(action):
            kind, data = "application/x-www-form-urlencoded", urlencode(fields).encode()
        else:
            kind, data = f"multipart/form-data; boundary={BOUNDARY}", _multipart(fields, file)
        return await self._send("POST", action, data, {"Content-Type": kind, **(headers or {})})

    async def follow(self, reply: Reply) -> str:
        """The text of the page that the answer leads on to."""
        assert reply.status == 303, reply.body
        page = await self.get(reply.headers["location"])
        assert page.status == 200
        return page.body.decode()

    async def sign_in(self, name: str = "root", **claims: Any) -> Reply:
        token = await self.api.token(name, **(claims or {"admin": True}))
        return await self.press("/admin/sign-in", "/admin/sign-in", token=token)

    async def _send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        sent = dict(headers)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = await self.api(method, path, by=None, data=data, headers=sent)
        set_cookie = reply.headers.get("set-cookie")
        if set_cookie is not None:
            assert "HttpOnly" in set_cookie
            assert "SameSite=Strict" in set_cookie
            name, _, value = set_cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return reply


def _has_files(action: str) -> bool:
    parts = action.split("/")
    return parts[:3] == ["", "admin", "characters"] and parts[-1] != "publish"


def _multipart(fields: Mapping[str, str], file: bytes | None) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="card"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n".encode()
            + file
            + b"\r\n"
        )
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
