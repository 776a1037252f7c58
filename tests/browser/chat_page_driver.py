"""Chromium on the chat page, as a person in front of it sees it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from attrs import Factory, define
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.browser.screen import FLAGS

PATIENCE = 15_000
"""Milliseconds that only bound a failure."""


@contextmanager
def running_browser(program: str) -> Iterator[Browser]:
    """A headless Chromium with a profile of its own, which goes with it."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, headless=True, args=FLAGS, timeout=4 * PATIENCE
        )
        try:
            yield browser
        finally:
            browser.close()


@define(slots=False)
class ChatPage:
    """The page in one tab."""

    page: Page
    url: str
    calls: list[str] = Factory(list)
    """Method and path of each request so far, with the ``Last-Event-ID`` that it named."""
    faults: list[str] = Factory(list)
    """What the browser complained of, refusals of the server aside."""

    def __attrs_post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("request", lambda request: self._on_request(request.method, request))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def _on_request(self, method: str, request: Any) -> None:
        seen = request.headers.get("last-event-id")
        path = request.url.removeprefix(self.url)
        self.calls.append(f"{method} {path}" + (f" behind {seen}" if seen else ""))

    def sign_in(self, name: str, character: str = "Mira") -> None:
        """Come in and begin with the character, where nothing was said yet."""
        self.page.goto(self.url)
        self.at("name").fill(name)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.messages.first).to_be_visible()
        self.choose(character)

    def choose(self, character: str) -> None:
        self.at("characters").get_by_role("button", name=re.compile(character)).click()
        expect(self.at("talk-title")).to_have_text(character)
        expect(self.messages.first).to_contain_text(character)

    def say(self, text: str) -> None:
        self.at("text").fill(text)
        self.send()

    def send(self) -> None:
        """Send what is written, once the conversation is there to be continued."""
        expect(self.at("send")).to_be_enabled()
        self.at("text").press("Enter")

    def said(self, text: str) -> None:
        """Say it and wait until the reply is complete."""
        self.say(text)
        self.wait_for_reply()

    def wait_for_reply(self) -> None:
        expect(self.at("progress")).to_have_text("The reply is complete.")

    def at(self, name: str) -> Locator:
        return self.page.locator(f"#{name}")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#said > .message")

    @property
    def reply(self) -> Locator:
        """What the last of the character's messages says."""
        return self.page.locator("#said > .assistant .text").last

    @property
    def trouble(self) -> Locator:
        return self.at("trouble")

    @property
    def memories(self) -> Locator:
        return self.page.locator("#memories .text")

    def figure(self, name: str) -> Locator:
        """A figure of the wallet."""
        return self.page.locator("#wallet > div", has_text=name).locator("dd")

    def answer_dialog(self, action: str, text: str | None = None) -> None:
        if text is not None:
            self.at("dialog-text").fill(text)
        self.at("dialog").get_by_role("button", name=action).click()
        expect(self.at("dialog")).to_be_hidden()


def bearer(url: str, name: str) -> dict[str, str]:
    """Headers with which this person calls the product beside the page."""
    issued = httpx.post(f"{url}/v1/auth/dev-token", json={"user_id": name}).json()
    return {"Authorization": f"Bearer {issued['id_token']}"}


def spend_all(url: str, name: str) -> None:
    """Leave of the day's credits too few for another reply."""
    # Output costs 8 credits for 1,000 tokens, and 9 is what is held for a short reply.
    body = {
        "model": "mira",
        "messages": [{"role": "user", "content": "@@answer prompt=0 cached=0 completion=1125"}],
        "max_tokens": 100,
    }
    headers = bearer(url, name)
    answer = None
    while answer is None or answer.is_success:
        answer = httpx.post(f"{url}/v1/chat/completions", json=body, headers=headers, timeout=30)
    assert answer.status_code == httpx.codes.PAYMENT_REQUIRED, answer.text


@contextmanager
def tab(chrome: Browser, url: str, width: int = 1280) -> Iterator[ChatPage]:
    """A window of its own; complaints of the browser fail the test."""
    context = chrome.new_context(viewport={"width": width, "height": 800})
    chat = ChatPage(context.new_page(), url)
    yield chat
    context.close()
    assert chat.faults == []
