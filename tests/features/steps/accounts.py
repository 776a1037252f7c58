"""Who people are: signing in, tiers, suspension, leaving."""

from pytest_bdd import given, parsers, when

from tests.features.world import ADMIN, World


@given(parsers.parse("{name:w} has signed in"))
def has_signed_in(world: World, name: str) -> None:
    world.user_id(name)


@given(parsers.parse("{name:w} is of the tier {tier:w}"))
@when(parsers.parse("{name:w} is of the tier {tier:w}"))
def is_of_tier(world: World, name: str, tier: str) -> None:
    world.ask(ADMIN, "PATCH", f"/v1/admin/users/{world.user_id(name)}", {"tier": tier})


@given(parsers.parse("{name:w} is suspended"))
@when(parsers.parse("{name:w} is suspended"))
def is_suspended(world: World, name: str) -> None:
    body = {"reason": "under review"}
    world.ask(ADMIN, "POST", f"/v1/admin/users/{world.user_id(name)}/suspend", body)


@when(parsers.parse("{name:w} is readmitted"))
def is_readmitted(world: World, name: str) -> None:
    world.ask(ADMIN, "POST", f"/v1/admin/users/{world.user_id(name)}/unsuspend")
