"""What opens something is never remembered."""

import pytest

from domain.memory.secrets import is_secret


@pytest.mark.parametrize(
    "text",
    [
        "My password is hunter2.",
        "our new wifi passcode is Gerald 1987",
        "My sister in Kent has a PIN: 4711.",
        "I use hunter2 as my password everywhere.",
        "My visa is 4111 1111 1111 1111.",
        "I paid with 5500-0000-0000-0004 yesterday.",
        "378282246310005 is what I pay with.",
    ],
)
def test_what_opens_something_is_a_secret(text: str) -> None:
    assert is_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password again.",
        "I collect pins.",
        "My order is number 4111 1111 1111 1112.",
        "My phone number is +86 138 0013 8000.",
        "My number is 0170 1234567.",
        "I was born in 1984 and moved in 2001, 2009 and 2015.",
    ],
)
def test_what_only_looks_like_it_is_none(text: str) -> None:
    assert not is_secret(text)
