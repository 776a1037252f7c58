"""How much of a prompt's budget a text takes."""

PER_MESSAGE = 6
"""Tokens that a chat template spends on the role and the ends of each message."""
_BYTES_PER_TOKEN = 3


def estimate_tokens(text: str) -> int:
    """About how many tokens a text is, rather too many than too few.

    Byte-pair encodings take about four bytes of English and two to three of other scripts for a
    token; a third of the UTF-8 bytes is on the safe side for all but random characters.
    """
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)
