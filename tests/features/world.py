"""What the steps of one scenario share: the people in it, and their way to the product."""

import ssl
import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from attrs import Factory, define, field, frozen

from tests.features.product import LocalProduct, Product
from tests.features.stream import Stream

ADMIN = "the administrator"
_PATIENCE_SECONDS = 10.0
_CONTEXT = ssl.create_default_context()
"""One for all clients: reading the certificates of the system takes its time."""
_THIS_RUN = uuid4().hex[:12]
_SCENARIOS_PER_ADMINISTRATOR = 8
"""A server by URL takes few new accounts from one address, and few requests of one person."""
_scenarios = count()
_keys = count(1)


@frozen
class Answer:
    """An answer of the product; ``json`` is None when it has no body."""

    status: int
    json: Any
    headers: Mapping[str, str]
    content: bytes = b""

    @property
    def error(self) -> Any:
        """The error object, None when it is no refusal."""
        return self.json["error"] if self.status >= httpx.codes.BAD_REQUEST else None


@define
class Person:
    """Somebody in a scenario, as the product knows them."""

    name: str
    subject: str
    claims: dict[str, Any] = Factory(dict)
    token: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    companion: Any = None
    """What the product said of the latest reply."""
    stream: Stream | None = None
    known: dict[str, Any] = Factory(dict)
    """What a step noted for a later one."""


@define
class World:
    """One scenario. Each person is a name; the product sees a different subject in each run."""

    product: Product
    people: dict[str, Person] = Factory(dict)
    answer: Answer | None = None
    """The latest answer that a step asked for."""
    _run: str = Factory(lambda: uuid4().hex[:12])
    _administrator: str = Factory(
        lambda: f"administrator-{_THIS_RUN}-{next(_scenarios) // _SCENARIOS_PER_ADMINISTRATOR}"
    )
    _client: httpx.Client | None = field(default=None, init=False)

    @property
    def local(self) -> LocalProduct:
        """The product in this process; scenarios that need it are tagged."""
        assert isinstance(self.product, LocalProduct)
        return self.product

    @property
    def last(self) -> Answer:
        """The latest answer, of which there must be one."""
        assert self.answer is not None
        return self.answer

    def person(self, name: str) -> Person:
        """Who goes by this name, known to the product or not."""
        if name not in self.people:
            made = Person(name, f"{name.replace(' ', '-').lower()}-{self._run}")
            if name == ADMIN:
                made.subject = self._administrator
                made.claims = {"admin": True}
            self.people[name] = made
        return self.people[name]

    def user_id(self, name: str) -> str:
        """The product's id of this person, who is signed in if need be."""
        person = self.person(name)
        if person.user_id is None:
            person.user_id = self.ask(name, "GET", "/v1/auth/me")["id"]
        return person.user_id

    def send(
        self,
        who: str | None,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Ask the product something as this person, None for nobody; ``content`` is no JSON."""
        response = self._http().request(
            method, path, json=body, content=content, headers=self._headers(who, headers)
        )
        text = response.headers.get("content-type", "").startswith("application/json")
        return Answer(
            response.status_code,
            response.json() if text else None,
            dict(response.headers),
            response.content,
        )

    def ask(self, who: str | None, method: str, path: str, body: object = None) -> Any:
        """The same for what cannot be refused; returns the JSON."""
        answer = self.send(who, method, path, body, headers={"Idempotency-Key": self.new_key()})
        assert answer.status < httpx.codes.BAD_REQUEST, answer.json
        return answer.json

    def open_stream(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Stream | Answer:
        """Begin to read a stream; an ``Answer`` if there is none to read."""
        http = self._http()
        request = http.build_request(method, path, json=body, headers=self._headers(who, headers))
        response = http.send(request, stream=True)
        if response.status_code == httpx.codes.OK:
            return Stream(response)
        response.read()
        return Answer(response.status_code, response.json(), dict(response.headers))

    def pages(self, who: str, path: str, limit: int = 100) -> list[Any]:
        """All items of a list."""
        items: list[Any] = []
        cursor = ""
        while True:
            mark = "&" if "?" in path else "?"
            page = self.ask(who, "GET", f"{path}{mark}limit={limit}{cursor}")
            items += page["data"]
            if page["next_cursor"] is None:
                return items
            cursor = f"&cursor={page['next_cursor']}"

    def balance(self, who: str) -> Any:
        """What this person has to spend."""
        return self.ask(who, "GET", "/v1/wallet/balance")

    def new_key(self) -> str:
        """An idempotency key that nobody has used."""
        return f"{self._run}-{next(_keys)}"

    def sign_in_again(self, *names: str) -> None:
        """Forget tokens, of everybody by default: they may be over."""
        for name in names or self.people:
            self.person(name).token = None

    def begin_again(self) -> None:
        """Connect anew, after the product moved."""
        self._leave()

    def attempts(self) -> Iterator[None]:
        """Try, until a step breaks off or patience is over; something must happen by itself."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            yield
            time.sleep(0.02)
        message = "what was waited for did not happen"
        raise AssertionError(message)

    def close(self) -> None:
        """Leave, and end a product that is ours."""
        self._leave()
        self.product.close()

    def _leave(self) -> None:
        for person in self.people.values():
            if person.stream is not None:
                person.stream.close()
        if self._client is not None:
            self._client.close()
            self._client = None

    def _http(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                base_url=self.product.base_url, timeout=_PATIENCE_SECONDS, verify=_CONTEXT
            )
        return self._client

    def _headers(self, who: str | None, more: Mapping[str, str] | None) -> dict[str, str]:
        headers = dict(more or {})
        if who is not None:
            headers["Authorization"] = f"Bearer {self.token(who)}"
        return headers

    def token(self, who: str) -> str:
        """The person's ID token, a new one if need be."""
        person = self.person(who)
        if person.token is None:
            wish: dict[str, Any] = {"user_id": person.subject, "claims": person.claims}
            issued = self.send(None, "POST", "/v1/auth/dev-token", wish)
            assert issued.status == httpx.codes.OK, issued.json
            person.token = issued.json["id_token"]
        assert person.token is not None
        return person.token
