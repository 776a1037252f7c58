"""What is never remembered, whoever finds it: passwords and numbers of payment cards."""

import re

_SECRET = re.compile(
    r"(?:(?:my|our|the|his|her|their) (?:[\w'-]+ ){0,3}?)?(?:password|passcode|passphrase|pin"
    r"|pin code|pin number|door code|cvv|cvc|seed phrase|card number|account number|iban"
    r"|social security number|ssn)(?: \w+){0,4}? (?:is|are|was|were|has changed to)\b|(?:.*\b)?"
    r"(?:password|passcode|passphrase|pin|cvv|iban)\s*[:=]"
    r"|.*\bas (?:my|our|the) (?:[\w'-]+ ){0,2}?(?:password|passcode|passphrase|pin)\b",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\d+])(?:\d[ -]?){12,18}\d(?!\d)")
"""As long as a payment card's number, without the sign that telephone numbers begin with."""


def is_secret(text: str) -> bool:
    """Whether a sentence tells a password, or has the number of a card: a right check digit."""
    is_card = any(_is_checked(found[0]) for found in _CARD.finditer(text))
    return is_card or _SECRET.match(text) is not None


def _is_checked(number: str) -> bool:
    """Whether the last digit is the one that Luhn's formula (ISO/IEC 7812) gives."""
    digits = [int(one) for one in number if one.isdigit()][::-1]
    doubled = (sum(divmod(2 * one, 10)) for one in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
