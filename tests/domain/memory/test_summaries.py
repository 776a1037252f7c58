"""When a conversation is too long to be read whole."""

from hypothesis import given
from hypothesis import strategies as st

from domain.chat import Message, Role
from domain.memory.summaries import MOST_MESSAGES, needs_summary, to_summarize
from tests.contracts.builders import make_message, make_session, make_user

SESSION = make_session(make_user())


def talk(*sizes: int) -> list[Message]:
    """A message and a reply in turn, of so many letters."""
    roles = (Role.USER, Role.ASSISTANT)
    return [
        make_message(SESSION, number + 2, role=roles[number % 2], content="x" * size)
        for number, size in enumerate(sizes)
    ]


def test_a_short_conversation_is_read_whole() -> None:
    messages = talk(*[50] * MOST_MESSAGES)
    assert not needs_summary(messages, context_tokens=6_000)
    assert to_summarize(messages, context_tokens=6_000) == ()


def test_a_long_one_keeps_its_latest_messages() -> None:
    messages = talk(*[50] * (MOST_MESSAGES + 2))
    old = to_summarize(messages, context_tokens=6_000)
    assert len(messages) - len(old) == 12


def test_a_few_very_long_messages_are_too_much_as_well() -> None:
    messages = talk(*[4_000] * 10)
    assert needs_summary(messages, context_tokens=6_000)
    assert len(messages) - len(to_summarize(messages, context_tokens=6_000)) == 4


@given(st.lists(st.integers(1, 5_000), max_size=60), st.integers(500, 20_000))
def test_it_never_ends_between_a_message_and_its_reply(sizes: list[int], context: int) -> None:
    messages = talk(*sizes)
    old = to_summarize(messages, context_tokens=context)
    assert list(old) == messages[: len(old)]
    assert len(old) < len(messages) or not messages
    if old:
        assert messages[len(old)].role is Role.USER
