"""Each task of an operator, in a browser, with what it looks like."""

import json

import pytest
from playwright.async_api import Browser, expect

from tests.browser.screen import Screen
from tests.http.api import Api
from tests.http.console_facts import flagged, owed, parked, reported

CARD = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {"name": "Zoe", "description": "{{char}} keeps bees.", "first_mes": "Hello."},
}
DROP = """(zone, text) => {
  const file = new File([text], "card.json", { type: "application/json" });
  const data = new DataTransfer();
  data.items.add(file);
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const facts = { dataTransfer: data, bubbles: true, cancelable: true };
    zone.dispatchEvent(new DragEvent(kind, facts));
  }
}"""


@pytest.fixture
async def console(screen: Screen, api: Api) -> Screen:
    await api("GET", "/v1/auth/me", by="ann")
    await screen.sign_in()
    return screen


async def test_signing_in_with_a_token_and_out_again(screen: Screen, api: Api) -> None:
    page = screen.page
    await page.goto("/admin/jobs")
    await screen.shoot("sign-in")
    await page.get_by_label("ID token").fill(await api.token("ann"))
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("not an administrator")
    await page.get_by_label("ID token").fill(await api.token("root", admin=True))
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    [cookie] = [one for one in await page.context.cookies() if one["name"] == "companion_console"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert await page.evaluate("document.cookie") == ""
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.goto("/admin/users")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    # The refused sign-in is an answer that the browser itself reports.
    screen.complaints = [one for one in screen.complaints if "403" not in one]


async def test_the_overview_with_its_plots(console: Screen, api: Api) -> None:
    await flagged(api)
    await parked(api)
    await api.grant(500)
    await api.say()
    for job in ("aggregate-analytics", "check-invariants"):
        ran = await api("POST", f"/v1/admin/jobs/{job}/run", by="root")
        assert ran.json["error"] is None
    page = console.page
    await page.goto("/admin")
    await expect(page.get_by_text("All hold")).to_be_visible()
    plots = page.locator("picture img")
    assert await plots.count() >= 1
    for number in range(await plots.count()):
        await plots.nth(number).scroll_into_view_if_needed()
        await expect(plots.nth(number)).to_have_js_property("complete", True)  # noqa: FBT003
        assert await plots.nth(number).evaluate("image => image.naturalWidth") > 0
    await page.get_by_text("The figures").first.click()
    await expect(page.get_by_role("table").first).to_be_visible()
    await page.get_by_text("The figures").first.click()
    await console.shoot("overview")
    await page.get_by_role("link", name="1", exact=True).first.click()
    await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


async def test_finding_a_user_and_granting_credits(console: Screen, api: Api) -> None:
    for number in range(3):
        await api("GET", "/v1/auth/me", by=f"person-{number}")
    await api.say()
    page = console.page
    await page.goto("/admin/users")
    await console.shoot("users")
    # Found while it is being typed.
    await page.get_by_label("Id").press_sequentially("ann")
    await expect(page.locator("#found tbody tr")).to_have_count(1)
    await page.get_by_role("rowheader").get_by_role("link").click()
    await expect(page.get_by_role("heading", name="ann")).to_be_visible()
    await page.get_by_label("Credits", exact=True).fill("250")
    await page.get_by_label("Bucket", exact=True).select_option("promo")
    await page.locator("#grant-reason").fill("sorry for the outage")
    await page.get_by_role("button", name="Grant").click()
    await console.done("The credits were granted.")
    await expect(page.get_by_role("cell", name="grant: sorry for the outage")).to_be_visible()
    await console.shoot("user")
    balance = (await api("GET", "/v1/wallet/balance", by="ann")).json
    assert {"bucket": "promo", "credits": 250, "expires_at": None} in balance["buckets"]


async def test_suspending_and_readmitting_a_user(console: Screen, api: Api) -> None:
    page = console.page
    await page.goto(f"/admin/users/{await api.user_id('ann')}")
    page.once("dialog", lambda dialog: dialog.dismiss())
    await page.locator("#suspend-reason").fill("spam")
    await page.get_by_role("button", name="Suspend").click()
    assert (await api("GET", "/v1/auth/me", by="ann")).status == 200
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Suspend").click()
    await console.done("The account is suspended.")
    assert (await api("GET", "/v1/auth/me", by="ann")).status == 403
    await console.shoot("suspended")
    await page.get_by_role("button", name="Open the account again").click()
    await console.done("The account is open again.")
    assert (await api("GET", "/v1/auth/me", by="ann")).status == 200


async def test_editing_a_card_with_a_preview(console: Screen, api: Api) -> None:
    page = console.page
    await page.goto("/admin/characters")
    await page.get_by_role("link", name="Mira").click()
    await page.get_by_label("Tagline").fill("Keeps bees now")
    await page.get_by_label("First message").fill("Sit down, {{user}}.")
    await page.get_by_role("button", name="Preview").click()
    preview = page.locator("#preview")
    await expect(preview).to_contain_text("Sit down, you.")
    await expect(preview).to_contain_text("Keeps bees now")
    assert page.url.endswith("/admin/characters/mira")
    await console.shoot("character")
    before = (await api("GET", "/v1/config/characters/mira", by=None)).json
    await page.get_by_role("button", name="Publish as version").click()
    await console.done("The character was published.")
    after = (await api("GET", "/v1/config/characters/mira", by=None)).json
    assert (after["version"], after["tagline"]) == (before["version"] + 1, "Keeps bees now")
    await page.get_by_role("button", name=f"Publish version {before['version']} again").click()
    await console.done("The character was published.")
    again = (await api("GET", "/v1/config/characters/mira", by=None)).json
    assert again["tagline"] == before["tagline"]


async def test_importing_a_card_by_dropping_it_and_exporting_it(console: Screen, api: Api) -> None:
    page = console.page
    await page.goto("/admin/characters")
    await console.shoot("characters")
    await page.locator("[data-drop]").evaluate(DROP, json.dumps(CARD))
    await console.done("The card was imported.")
    await expect(page.get_by_role("heading", name="Zoe", level=1)).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="JSON", exact=True).first.click()
    path = await (await download.value).path()
    assert json.loads(path.read_bytes())["data"]["name"] == "Zoe"
    assert (await api("GET", "/v1/config/characters/zoe", by=None)).status == 200


async def test_importing_a_chosen_file(console: Screen) -> None:
    page = console.page
    await page.goto("/admin/characters")
    file = {"name": "c.json", "mimeType": "application/json", "buffer": json.dumps(CARD).encode()}
    await page.get_by_label("Card file").set_input_files(file)  # type: ignore[arg-type]  # a FilePayload, spelt out
    await page.locator("#id").fill("bees")
    await page.get_by_role("button", name="Import").click()
    await console.done("The card was imported.")
    assert page.url.partition("?")[0].endswith("/admin/characters/bees")


async def test_deciding_on_flags_and_reports(console: Screen, api: Api) -> None:
    await flagged(api)
    await reported(api, "It was rude to me.")
    page = console.page
    await page.goto("/admin/moderation?status=open")
    await console.shoot("moderation")
    await page.get_by_label("Note").fill("about a game")
    await page.get_by_role("button", name="Dismiss").click()
    await console.done("The decision was kept.")
    await expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    await page.goto("/admin/reports?status=open")
    await console.shoot("reports")
    await page.get_by_role("button", name="Escalate").click()
    await console.done("The decision was kept.")
    await page.get_by_role("link", name="Reviewed").click()
    await expect(page.get_by_text("escalated", exact=True)).to_be_visible()


async def test_replaying_and_assigning_a_dead_letter(console: Screen, api: Api) -> None:
    event = await parked(api)
    await owed(api)
    page = console.page
    await page.goto("/admin/inbox?state=parked")
    await console.shoot("inbox")
    await page.get_by_role("link", name="charge.refunded").click()
    await expect(page.get_by_text('{"amount": 5}')).to_be_visible()
    await console.shoot("event")
    await page.get_by_role("button", name="Replay").click()
    await console.done("The message was applied again.")
    await page.get_by_label("Whose it is").fill("ann")
    await page.get_by_role("button", name="Assign and apply").click()
    await console.done("The message was assigned and applied.")
    told = (await api("GET", f"/v1/admin/market/events/{event}", by="root")).json["event"]
    assert told["user_id"] == await api.user_id("ann")
    await page.goto("/admin/errands")
    await expect(page.get_by_text("Google says no")).to_be_visible()
    await console.shoot("errands")


async def test_running_a_job_and_looking_at_the_rest(console: Screen, api: Api) -> None:
    page = console.page
    await flagged(api)
    await page.goto("/admin/jobs")
    await page.get_by_role("button", name="Run sweep-holds now").click()
    await console.done("The job has run.")
    await expect(page.locator("#runs")).to_contain_text("released 0 holds")
    await console.shoot("jobs")
    await page.get_by_role("link", name="Invariants").click()
    await expect(page.get_by_text("All hold")).to_be_visible()
    await console.shoot("invariants")
    await page.get_by_role("link", name="Safety").click()
    await console.shoot("safety")
    await page.get_by_role("link", name="Audit").click()
    await expect(page.get_by_role("heading", name="job.run")).to_be_visible()
    await page.get_by_text("Before and after").click()
    await expect(page.get_by_text("released 0 holds")).to_be_visible()
    await console.shoot("audit")


async def test_by_keyboard_alone(console: Screen) -> None:
    page = console.page
    await page.goto("/admin/users")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Id")).to_be_focused()
    await page.keyboard.type("ann")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/users?search=ann")
    await expect(page.locator("#found tbody tr")).to_have_count(1)


async def test_without_scripts_all_of_it_works(browser: Browser, base_url: str, api: Api) -> None:
    await api("GET", "/v1/auth/me", by="ann")
    context = await browser.new_context(base_url=base_url, java_script_enabled=False)
    screen = Screen(await context.new_page(), base_url)
    await screen.sign_in()
    page = screen.page
    await page.goto("/admin/characters/mira")
    await page.get_by_label("Tagline").fill("Keeps bees now")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator("#preview")).to_contain_text("Keeps bees now")
    await page.get_by_role("button", name="Publish as version").click()
    await screen.done("The character was published.")
    await page.goto("/admin/jobs")
    await page.get_by_role("button", name="Run sweep-holds now").click()
    await screen.done("The job has run.")


async def test_a_sign_in_that_ended_leads_to_the_form(console: Screen, api: Api) -> None:
    await console.page.goto("/admin/users")
    await api.identities.revoke("admin")
    await console.page.get_by_label("Id").press_sequentially("ann")
    await expect(console.page.get_by_role("heading", name="Sign in")).to_be_visible()
    console.complaints = [one for one in console.complaints if "401" not in one]
