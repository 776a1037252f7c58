"""What an app and an administrator do with Firebase's accounts, by the emulator's REST API."""

import json
from typing import Any
from uuid import uuid4

import httpx
from attrs import define, frozen

PASSWORD = "correct horse"


@frozen
class SignIn:
    """A person who has just signed in."""

    subject: str
    email: str
    id_token: str
    refresh_token: str


@define(eq=False)
class AccountsClient:
    """Speaks to the emulator, or to what stands in for it, at ``host`` (``host:port``)."""

    host: str
    project_id: str

    async def sign_up(self, name: str = "Ada") -> SignIn:
        email = f"{uuid4().hex}@example.com"
        body = {"email": email, "password": PASSWORD, "displayName": name}
        return _sign_in(email, await self._as_app("accounts:signUp", body))

    async def sign_in(self, known: SignIn) -> SignIn:
        body = {"email": known.email, "password": PASSWORD}
        return _sign_in(known.email, await self._as_app("accounts:signInWithPassword", body))

    async def refresh(self, known: SignIn) -> str:
        """A new ID token for an earlier sign-in."""
        form = {"grant_type": "refresh_token", "refresh_token": known.refresh_token}
        async with httpx.AsyncClient() as client:
            url = f"http://{self.host}/securetoken.googleapis.com/v1/token?key=any"
            response = await client.post(url, data=form)
        return str(response.raise_for_status().json()["id_token"])

    async def set_claims(self, subject: str, **claims: object) -> None:
        """Replace the account's custom claims."""
        await self._as_admin("update", localId=subject, customAttributes=json.dumps(claims))

    async def update(self, subject: str, **changes: object) -> None:
        await self._as_admin("update", localId=subject, **changes)

    async def delete(self, subject: str) -> None:
        await self._as_admin("delete", localId=subject)

    async def exists(self, subject: str) -> bool:
        return bool((await self._as_admin("lookup", localId=[subject])).get("users"))

    async def _as_app(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._post(f"{method}?key=any", {**body, "returnSecureToken": True})

    async def _as_admin(self, method: str, **body: object) -> dict[str, Any]:
        path = f"projects/{self.project_id}/accounts:{method}"
        return await self._post(path, body, {"Authorization": "Bearer owner"})

    async def _post(
        self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        url = f"http://{self.host}/identitytoolkit.googleapis.com/v1/{path}"
        async with httpx.AsyncClient() as client:
            response = await client.post(url, json=body, headers=headers)
        answer: dict[str, Any] = response.raise_for_status().json()
        return answer


def _sign_in(email: str, answer: dict[str, Any]) -> SignIn:
    return SignIn(answer["localId"], email, answer["idToken"], answer["refreshToken"])
