"""The console's door: who comes in, what is believed, and what a page may run."""

import re
import sys

import pytest

from entrypoints.config import Settings
from entrypoints.http.app import HttpApp
from entrypoints.http.routing import Access
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, api_with
from tests.http.console import Console, fields_of

PAGES = [
    "/admin",
    "/admin/audit",
    "/admin/characters",
    "/admin/characters/mira",
    "/admin/errands",
    "/admin/inbox",
    "/admin/invariants",
    "/admin/jobs",
    "/admin/moderation",
    "/admin/reports",
    "/admin/safety",
    "/admin/users",
    "/admin/users/root",
]


@pytest.fixture
async def console(api: Api) -> Console:
    made = Console(api)
    assert (await made.sign_in()).headers["location"] == "/admin"
    return made


def console_paths(api: Api, method: str) -> list[str]:
    assert isinstance(api.app, HttpApp)
    return [
        re.sub("<[a-z_]+>", "x", route.path)
        for route in api.app.routes
        if route.access is Access.CONSOLE and route.method == method
    ]


async def test_whoever_is_not_signed_in_is_led_there(api: Api) -> None:
    paths = console_paths(api, "GET")
    assert len(paths) > 10
    for path in paths:
        reply = await Console(api).get(path)
        assert reply.status == 303, path
        assert reply.headers["location"].startswith("/admin/sign-in"), path
        assert b"<" not in reply.body


async def test_nothing_is_done_for_whoever_is_not_signed_in(api: Api) -> None:
    paths = console_paths(api, "POST")
    assert len(paths) > 12
    for path in paths:
        reply = await Console(api).post(path, {"csrf": "x"})
        assert reply.status == 401, path
    audit = await api("GET", "/v1/admin/audit", by="root")
    assert audit.json["data"] == []


async def test_a_header_does_not_open_the_console(api: Api) -> None:
    headers = {"Authorization": f"Bearer {await api.token('root', admin=True)}"}
    assert (await Console(api).get("/admin/users", headers)).status == 303


async def test_the_cookie_does_not_open_the_api(console: Console) -> None:
    assert (await console.get("/v1/admin/users")).status == 401


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_is_there_and_runs_only_its_own(console: Console, path: str) -> None:
    reply = await console.get(path)
    assert reply.status == 200
    text = reply.body.decode()
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|<iframe|\sstyle=|\son\w+=|javascript:", text)
    for script in re.findall(r"<script[^>]*>[^<]*", text):
        assert re.fullmatch(r'<script src="/admin/assets/[\w.]+" defer>', script)
    assert re.findall(r'(?:src|srcset|href)="(?:https?:)?//', text) == []
    assert text.count("<h1>") == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label for="([^"]+)"', text))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
        found = re.search(r'\sid="([^"]+)"', tag)
        assert 'type="hidden"' in tag or (found and found[1] in labelled), tag
    assert 'lang="en"' in text
    assert 'href="#content"' in text


@pytest.mark.parametrize("name", ["console.css", "console.js", "icon.svg", "htmx.min.js"])
async def test_what_pages_load_is_here(api: Api, name: str) -> None:
    reply = await Console(api).get(f"/admin/assets/{name}")
    assert reply.status == 200
    assert len(reply.body) > 100
    assert reply.headers["cache-control"].startswith("public")


async def test_nothing_else_is_given_away(console: Console) -> None:
    for name in ("console.py", "..%2frendering.py", "htmx.js", "_page.html"):
        assert (await console.get(f"/admin/assets/{name}")).status == 404


async def test_plots_are_images_for_both_themes(console: Console) -> None:
    overview = (await console.get("/admin")).body.decode()
    plots = set(re.findall(r'"(/admin/plots/[^"]+)"', overview))
    assert len(plots) >= 2
    for path in plots:
        reply = await console.get(path.replace("&amp;", "&"))
        assert (reply.status, reply.headers["content-type"]) == (200, "image/svg+xml")
        assert reply.body.startswith(b"<svg")
        assert b"<script" not in reply.body
        assert b"@import" not in reply.body
    assert (await console.get("/admin/plots/nothing.svg")).status == 404
    assert (await console.get("/admin/plots/safety.svg?theme=pink")).status == 422


async def test_somebody_else_is_told_so_and_gets_no_cookie(api: Api) -> None:
    console = Console(api)
    reply = await console.sign_in("ann", admin=False)
    assert reply.status == 403
    assert b"not an administrator" in reply.body
    assert set(console.cookies) == {"companion_console_form"}


async def test_with_somebody_elses_token_in_the_cookie_every_page_is_forbidden(api: Api) -> None:
    console = Console(api, {"companion_console": await api.token("ann")})
    for path in console_paths(api, "GET"):
        reply = await console.get(path)
        assert reply.status == 403, path
        assert b"This is for administrators." in reply.body


@pytest.mark.parametrize("token", ["", "x.y.z", "tëst", "a" * 5_000])
async def test_what_is_no_token_is_refused(api: Api, token: str) -> None:
    reply = await Console(api).press("/admin/sign-in", "/admin/sign-in", token=token)
    assert reply.status == 401
    assert b'role="alert"' in reply.body


async def test_the_claim_is_looked_at_each_time(api: Api, console: Console) -> None:
    await api.identities.issue("root", {"admin": False})
    assert (await console.get("/admin/users")).status == 403


@pytest.mark.parametrize("what", ["disable", "delete", "revoke"])
async def test_a_sign_in_that_ended_is_over_at_once(api: Api, console: Console, what: str) -> None:
    await getattr(api.identities, what)("root")
    reply = await console.get("/admin/users")
    assert reply.headers["location"] == "/admin/sign-in?next=%2Fadmin%2Fusers"


async def test_a_suspended_administrator_stays_outside(api: Api, console: Console) -> None:
    await api("POST", "/v1/admin/users/root/suspend", by="other-root")
    await api.token("second", admin=True)
    await api("POST", "/v1/admin/users/root/suspend", by="second")
    assert (await console.get("/admin/users")).status == 403


async def test_the_console_closes_while_the_shared_counter_is_away(
    api: Api, console: Console
) -> None:
    api.limiter.is_shared = False
    assert (await console.get("/admin")).status == 503


async def test_signing_in_leads_back_but_nowhere_else(api: Api) -> None:
    for wanted, to in (
        ("/admin/users/usr_1", "/admin/users/usr_1"),
        ("//evil.example/admin", "/admin"),
        ("https://evil.example/admin", "/admin"),
        ("/admin/../v1", "/admin"),
        ("/admin\\evil", "/admin"),
        ("/sandbox", "/admin"),
        ("/admin/sign-in", "/admin"),
    ):
        console = Console(api)
        token = await api.token("root", admin=True)
        reply = await console.press("/admin/sign-in", "/admin/sign-in", token=token, next=wanted)
        assert reply.headers["location"] == to


async def test_signing_out_forgets_the_token(console: Console) -> None:
    reply = await console.press("/admin", "/admin/sign-out")
    assert reply.headers["location"] == "/admin/sign-in"
    assert "companion_console" not in console.cookies
    assert (await console.get("/admin")).status == 303


async def test_a_form_without_its_secret_is_refused(api: Api, console: Console) -> None:
    await api("GET", "/v1/auth/me", by="ann")
    for path in console_paths(api, "POST"):
        for fields in ({}, {"csrf": ""}, {"csrf": "x" * 64}):
            assert (await console.post(path, fields)).status == 403, path
    assert (await api("GET", "/v1/auth/me", by="ann")).status == 200
    assert (await api("GET", "/v1/admin/audit", by="root")).json["data"] == []


async def test_a_form_of_another_sign_in_is_refused(api: Api, console: Console) -> None:
    other = Console(api)
    await other.sign_in("second")
    fields = fields_of(await other.get("/admin/jobs"), "/admin/jobs/sweep-holds/run")
    assert (await console.post("/admin/jobs/sweep-holds/run", fields)).status == 403


async def test_a_form_from_another_site_is_refused(console: Console) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        reply = await console.press(
            "/admin/jobs", "/admin/jobs/sweep-holds/run", headers={"Sec-Fetch-Site": site}
        )
        assert reply.status == status, site


async def test_the_form_of_the_sign_in_has_a_secret_too(api: Api) -> None:
    token = await api.token("root", admin=True)
    console = Console(api)
    page = fields_of(await console.get("/admin/sign-in"), "/admin/sign-in")
    assert (await Console(api).post("/admin/sign-in", {**page, "token": token})).status == 403
    assert (await console.post("/admin/sign-in", {"token": token})).status == 403
    assert (await console.post("/admin/sign-in", {"csrf": "", "token": token})).status == 403


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
async def test_what_is_no_form_is_refused(console: Console, kind: str) -> None:
    reply = await console.post("/admin/jobs/sweep-holds/run", {}, headers={"Content-Type": kind})
    assert reply.status == 400


async def test_in_development_a_button_is_enough(api: Api) -> None:
    console = Console(api)
    reply = await console.press("/admin/sign-in", "/admin/sign-in/development", user_id="boss")
    assert reply.headers["location"] == "/admin"
    assert "boss" in (await console.get("/admin")).body.decode()


async def test_elsewhere_there_is_no_such_button_and_cookies_are_secure() -> None:
    async with api_with(Settings(), HttpSettings()) as api:
        console = Console(api)
        page = await console.get("/admin/sign-in")
        assert b"/admin/sign-in/development" not in page.body
        assert "; Secure" in page.headers["set-cookie"]
        reply = await console.post("/admin/sign-in/development", {"csrf": "x"})
        assert reply.status == 404


async def test_what_is_not_there_is_a_page_too(console: Console) -> None:
    for path in ("/admin/nothing", "/admin/users/nobody", "/admin/characters/nobody"):
        reply = await console.get(path)
        assert reply.status == 404
        assert reply.headers["content-type"] == "text/html; charset=utf-8"


async def test_an_enhanced_part_leads_the_whole_page_to_the_sign_in(api: Api) -> None:
    reply = await Console(api).get("/admin/invariants", {"HX-Request": "true"})
    assert (reply.status, reply.headers["hx-redirect"]) == (401, "/admin/sign-in")


async def test_what_people_write_is_text(api: Api, console: Console) -> None:
    name = "<script>alert(1)</script>"
    await api("GET", "/v1/auth/me", by="ann")
    await api("PATCH", "/v1/auth/me", by="ann", body={"display_name": name})
    page = (await console.get("/admin/users/ann")).body.decode()
    assert name not in page
    assert "&lt;script&gt;alert(1)" in page


def test_other_routes_need_neither_templates_nor_plots() -> None:
    """Loaded when asked for: what all processes import would make each of them start later."""
    import subprocess  # noqa: PLC0415 - only here

    code = (
        "import sys, entrypoints.http.app; "
        "print(sorted({'pygal', 'entrypoints.console.rendering'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
