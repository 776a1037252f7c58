"""Catalogues of products as operators write them: JSON in the shape of ``products.json``."""

import re
from collections.abc import Iterator

import msgspec

from domain.errors import InvalidRequest
from domain.market.products import Catalogue, Product, ProductKind
from domain.wallet import MAX_CREDITS

_decode = msgspec.json.Decoder(Catalogue).decode
_CURRENCY = re.compile("[A-Z]{3}")


def catalogue_from_json(text: bytes) -> Catalogue:
    """The catalogue; raises ``InvalidRequest`` that says what is wrong with it.

    Ids, and what a store calls a product, are unique; a subscription has a tier and a period, a
    pack has neither; credits and prices are positive, currencies as payments are compared with
    them. A field that nobody knows is most likely a misspelt one, so it is refused.
    """
    try:
        catalogue = _decode(text)
    except msgspec.MsgspecError as error:
        message = f"This is not a catalogue: {error}."
        raise InvalidRequest(message) from error
    read = msgspec.json.decode(msgspec.json.encode(catalogue))
    for field in _strangers(msgspec.json.decode(text), read):
        message = f"This is not a catalogue: nothing is called {field!r} there."
        raise InvalidRequest(message)
    ids = [product.id for product in catalogue.products]
    named = [item for product in catalogue.products for item in product.store_ids.items()]
    if catalogue.version < 1 or len(set(ids)) < len(ids) or len(set(named)) < len(named):
        message = "A catalogue has a version from 1 on; ids and store ids are unique."
        raise InvalidRequest(message)
    for product in catalogue.products:
        _check(product)
    return catalogue


def _strangers(given: object, known: object) -> Iterator[str]:
    """Names of fields in ``given`` that were not read."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, value in given.items():
            if name in known:
                yield from _strangers(value, known[name])
            else:
                yield name
    elif isinstance(given, list) and isinstance(known, list):
        for one, read in zip(given, known, strict=True):
            yield from _strangers(one, read)


def _check(product: Product) -> None:
    if not product.id or not product.name.strip():
        message = "Each product has an id and a name."
        raise InvalidRequest(message)
    if _CURRENCY.fullmatch(product.price.currency) is None:
        message = f"{product.id}: a currency is three capital letters, such as USD."
        raise InvalidRequest(message)
    is_subscription = product.kind is ProductKind.SUBSCRIPTION
    has_terms = product.tier is not None and product.period is not None
    has_none = product.tier is None and product.period is None
    if not (has_terms if is_subscription else has_none):
        message = f"{product.id}: a subscription has a tier and a period, a pack has neither."
        raise InvalidRequest(message)
    if not 1 <= product.credits <= MAX_CREDITS or product.price.amount < 1:
        message = f"{product.id}: credits and price are positive."
        raise InvalidRequest(message)
    offer = product.promotion
    if offer is not None and (
        not 1 <= offer.credits <= MAX_CREDITS
        or offer.valid_days < 1
        or offer.starts_at >= offer.ends_at
        or offer.starts_at.tzinfo is None
        or offer.ends_at.tzinfo is None
    ):
        message = f"{product.id}: a promotion has credits, days, and an end after its start."
        raise InvalidRequest(message)
