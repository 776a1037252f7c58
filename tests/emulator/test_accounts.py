"""What Firebase knows of an account now, against what its token said when it was issued.

Runs on the stand-in always, and on the real emulator with ``make emulator``.
"""

import pytest

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from domain.accounts import AgeBand
from domain.errors import Unauthenticated
from tests.emulator.client import AccountsClient


async def test_a_sign_in_is_who_it_says(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada = await accounts.sign_up()
    identity = await provider.verify(ada.id_token)
    assert (identity.subject, identity.email, identity.name) == (ada.subject, ada.email, "Ada")
    assert not identity.is_admin
    assert identity.expires_at > identity.issued_at
    assert await provider.confirm(identity) == identity


async def test_claims_are_those_of_the_last_sign_in(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada = await accounts.sign_up()
    await accounts.set_claims(ada.subject, admin=True, age_band="adult")
    identity = await provider.verify((await accounts.sign_in(ada)).id_token)
    assert (identity.is_admin, identity.age_band) == (True, AgeBand.ADULT)


async def test_confirmed_claims_are_those_of_now(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada = await accounts.sign_up()
    await accounts.set_claims(ada.subject, admin=True, age_band="13_15")
    identity = await provider.verify((await accounts.sign_in(ada)).id_token)
    assert await provider.confirm(identity) == identity

    await accounts.set_claims(ada.subject, age_band="16_17")
    confirmed = await provider.confirm(identity)
    assert (confirmed.is_admin, confirmed.age_band) == (False, AgeBand.FROM_16_TO_17)

    await accounts.set_claims(ada.subject)
    confirmed = await provider.confirm(identity)
    assert (confirmed.is_admin, confirmed.age_band) == (False, AgeBand.UNKNOWN)


async def test_a_confirmed_name_is_that_of_now(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada = await accounts.sign_up()
    identity = await provider.verify(ada.id_token)
    await accounts.update(ada.subject, displayName="Countess of Lovelace")
    assert (await provider.confirm(identity)).name == "Countess of Lovelace"


async def test_a_disabled_account_is_not_confirmed(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada = await accounts.sign_up()
    identity = await provider.verify(ada.id_token)
    await accounts.update(ada.subject, disableUser=True)
    with pytest.raises(Unauthenticated):
        await provider.confirm(identity)
    await accounts.update(ada.subject, disableUser=False)
    await provider.confirm(identity)


async def test_an_account_that_was_deleted_elsewhere_is_not_confirmed(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada = await accounts.sign_up()
    identity = await provider.verify(ada.id_token)
    await accounts.delete(ada.subject)
    with pytest.raises(Unauthenticated):
        await provider.confirm(identity)


async def test_revoking_ends_a_sign_in_of_a_moment_ago_but_not_the_next(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada, bob = await accounts.sign_up(), await accounts.sign_up("Bob")
    identity = await provider.verify(ada.id_token)
    await provider.revoke(ada.subject)
    with pytest.raises(Unauthenticated):
        await provider.confirm(identity)
    # A refreshed token is as old as the sign-in that it comes from.
    refreshed = await provider.verify(await accounts.refresh(ada))
    with pytest.raises(Unauthenticated):
        await provider.confirm(refreshed)

    again = await provider.verify((await accounts.sign_in(ada)).id_token)
    await provider.confirm(again)
    await provider.confirm(await provider.verify(bob.id_token))


async def test_deleting_removes_this_account_only(
    provider: FirebaseIdentityProvider, accounts: AccountsClient
) -> None:
    ada, bob = await accounts.sign_up(), await accounts.sign_up("Bob")
    identity = await provider.verify(ada.id_token)
    await provider.delete(ada.subject)
    assert not await accounts.exists(ada.subject)
    assert await accounts.exists(bob.subject)
    with pytest.raises(Unauthenticated):
        await provider.confirm(identity)
    await provider.delete(ada.subject)


async def test_nobody_can_be_revoked_and_deleted(provider: FirebaseIdentityProvider) -> None:
    await provider.revoke("nobody")
    await provider.delete("nobody")
