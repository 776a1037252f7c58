"""A window of the browser, and what can be seen in it."""

from pathlib import Path
from typing import Literal

from attrs import Factory, define
from playwright.async_api import Browser, ConsoleMessage, Page

SHOTS = Path(__file__).parents[2] / ".tools" / "browser"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {1280: 800, 390: 844}
"""Widths of a desktop and of a phone, each with its height."""

_NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_IMAGES_ARE_THERE = """() => [...document.querySelectorAll("picture img")].every(
  (image) => image.complete && image.naturalWidth > 0)"""

Theme = Literal["light", "dark"]


@define(slots=False)
class Screen:
    """One window; ``complaints`` are errors of scripts and violations of the page's policy."""

    page: Page
    base_url: str
    complaints: list[str] = Factory(list)

    @classmethod
    async def open(
        cls, browser: Browser, base_url: str, *, width: int = 1280, theme: Theme = "light"
    ) -> "Screen":
        context = await browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": SIZES[width]},
            color_scheme=theme,
            accept_downloads=True,
        )
        screen = cls(await context.new_page(), base_url)
        screen.page.set_default_timeout(20_000)
        screen.page.on("console", screen.hear)
        screen.page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        return screen

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    async def sign_in(self) -> None:
        """As an administrator whom the local issuer makes up."""
        await self.page.goto("/admin")
        await self.page.get_by_role("button", name="Sign in with a development token").click()
        await self.page.get_by_role("heading", name="Overview", level=1).wait_for()

    async def done(self, text: str) -> None:
        """Wait until the page says so."""
        await self.page.get_by_role("status").filter(has_text=text).wait_for()

    async def shoot(self, name: str) -> None:
        """Keep what the whole page looks like at both widths, in both themes.

        Nothing may stick out at the side.
        """
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width, height in SIZES.items():
            await self.page.set_viewport_size({"width": width, "height": height})
            wide = await self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} pixels wide on a screen of {width}"
            for theme in ("light", "dark"):
                await self.page.emulate_media(color_scheme=theme)
                # Each plot has an image of its own for each width and theme.
                await self.page.evaluate(_NEXT_FRAME)
                await self.page.wait_for_function(_IMAGES_ARE_THERE)
                await self.page.screenshot(
                    path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True
                )
        await self.page.set_viewport_size({"width": 1280, "height": SIZES[1280]})
        await self.page.emulate_media(color_scheme="light")
