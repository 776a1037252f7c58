"""Our ids of the stores' messages."""

from domain.errors import NotFound
from domain.market.products import Provider


def event_key(message_id: str) -> tuple[Provider, str]:
    """Provider and the provider's id, out of ours; raises ``NotFound`` for anything else."""
    name, _, event_id = message_id.partition(":")
    if name not in set(Provider) or not event_id:
        message = "There is no such message."
        raise NotFound(message)
    return Provider(name), event_id
