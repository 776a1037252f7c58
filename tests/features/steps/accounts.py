"""Who people are: signing in, tiers, suspension."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from pytest_bdd import given, parsers, step, then, when

from tests.features.world import ADMIN, World


@given(parsers.parse("{name:w} has signed in"))
def has_signed_in(world: World, name: str) -> None:
    world.user_id(name)


@step(parsers.parse("{name:w} signs in"))
def signs_in(world: World, name: str) -> None:
    person = world.person(name)
    world.answer = world.send(None, "POST", "/v1/auth/login", {"id_token": world.token(name)})
    if world.last.error is None:
        person.known["previous id"] = person.user_id
        person.user_id = world.last.json["user"]["id"]


@when(parsers.parse("{name:w} signs in {times:d} times at once"))
def signs_in_at_once(world: World, name: str, times: int) -> None:
    body = {"id_token": world.token(name)}
    with ThreadPoolExecutor(times) as pool:
        answers = list(
            pool.map(lambda _: world.send(None, "POST", "/v1/auth/login", body), range(times))
        )
    world.person(name).known["sign-ins"] = [one.json for one in answers]


@then(parsers.parse("one new account is made for {name:w}"))
def one_account(world: World, name: str) -> None:
    told = world.person(name).known["sign-ins"]
    assert len({one["user"]["id"] for one in told}) == 1
    assert [one["created"] for one in told].count(True) == 1


@then(parsers.parse("a new account is made for {name:w}"))
def account_made(world: World, name: str) -> None:
    assert world.last.json["created"] is True
    assert world.last.json["user"]["subject"] == world.person(name).subject


@then(parsers.parse("no new account is made for {name:w}"))
def no_account_made(world: World, name: str) -> None:
    assert world.last.json["created"] is False
    assert world.last.json["user"]["subject"] == world.person(name).subject


@then("it is the same account as before")
def same_account(world: World) -> None:
    (person,) = world.people.values()
    assert person.user_id == person.known["previous id"]


@when(parsers.parse("somebody comes with {proof}"))
def comes_with(world: World, proof: str) -> None:
    token = {
        "nothing": "",
        "an invented token": "Bearer abc.def.ghi",
        "an altered token": f"Bearer {world.token('Somebody')[:-6]}AAAAAA",
    }[proof]
    headers = {"Authorization": token} if token else {}
    world.answer = world.send(None, "GET", "/v1/auth/me", headers=headers)


@when(parsers.parse("{minutes:d} minutes pass, and {name:w} still uses her old token"))
def uses_old_token(world: World, minutes: int, name: str) -> None:
    token = world.token(name)
    clock = world.local.clock
    clock.set(clock.now() + timedelta(minutes=minutes))
    world.sign_in_again()
    headers = {"Authorization": f"Bearer {token}"}
    world.answer = world.send(None, "GET", "/v1/auth/me", headers=headers)


@when(parsers.parse("{name:w} signs in again"))
def signs_in_again(world: World, name: str) -> None:
    world.sign_in_again(name)


@when(parsers.parse("{name:w} signs out"))
def signs_out(world: World, name: str) -> None:
    world.ask(name, "POST", "/v1/auth/logout")


@when(parsers.parse("{name:w} looks at her wallet with her old token"))
def looks_at_wallet(world: World, name: str) -> None:
    world.answer = world.send(name, "GET", "/v1/wallet/balance")


# --------------------------------------------------------------------------------------- profiles


@when(parsers.parse('{name:w} calls herself "{called}" and lives in "{country}"'))
def changes_profile(world: World, name: str, called: str, country: str) -> None:
    world.ask(name, "PATCH", "/v1/auth/me", {"display_name": called, "country": country})


@then(parsers.parse('the profile of {name:w} shows "{called}" and "{country}"'))
def profile_shows(world: World, name: str, called: str, country: str) -> None:
    shown = world.ask(name, "GET", "/v1/auth/me")
    assert (shown["display_name"], shown["country"]) == (called, country)


@given(parsers.parse("{name:w} comes from the identity provider as {age_band:w}"))
def known_age(world: World, name: str, age_band: str) -> None:
    world.person(name).claims = {"age_band": age_band}


@step(parsers.parse("{name:w} says that her age is {age_band:w}"))
def declares_age(world: World, name: str, age_band: str) -> None:
    world.answer = world.send(name, "PATCH", "/v1/auth/me", {"age_band": age_band})


@then(parsers.parse("the age of {name:w} is {age_band:w}"))
def has_age(world: World, name: str, age_band: str) -> None:
    assert world.ask(name, "GET", "/v1/auth/me")["age_band"] == age_band


# ----------------------------------------------------------------------------- by administrators


@when(parsers.parse("{name:w} asks for the list of users"))
def lists_users(world: World, name: str) -> None:
    world.answer = world.send(name, "GET", "/v1/admin/users")


@step(parsers.parse("{name:w} is of the tier {tier:w}"))
def is_of_tier(world: World, name: str, tier: str) -> None:
    world.ask(ADMIN, "PATCH", f"/v1/admin/users/{world.user_id(name)}", {"tier": tier})


@step(parsers.parse("{name:w} is suspended"))
def is_suspended(world: World, name: str) -> None:
    body = {"reason": "under review"}
    world.ask(ADMIN, "POST", f"/v1/admin/users/{world.user_id(name)}/suspend", body)


@when(parsers.parse("{name:w} is readmitted"))
def is_readmitted(world: World, name: str) -> None:
    world.ask(ADMIN, "POST", f"/v1/admin/users/{world.user_id(name)}/unsuspend")


@then(parsers.parse('the administrator sees that {name:w} is suspended because of "{reason}"'))
def suspension_shown(world: World, name: str, reason: str) -> None:
    shown = world.ask(ADMIN, "GET", f"/v1/admin/users/{world.user_id(name)}")
    assert shown["suspended_at"] is not None
    assert shown["suspended_reason"] == reason


@when(
    parsers.re(
        r"(?P<name>\w+) tries to "
        r"(?P<do>read her conversations|look at her wallet|export her data|sign in)"
    )
)
def tries(world: World, name: str, do: str) -> None:
    method, path, body = {
        "read her conversations": ("GET", "/v1/chat/sessions", None),
        "look at her wallet": ("GET", "/v1/wallet/balance", None),
        "export her data": ("GET", "/v1/auth/me/export", None),
        "sign in": ("POST", "/v1/auth/login", {"id_token": world.token(name)}),
    }[do]
    world.answer = world.send(name, method, path, body)
