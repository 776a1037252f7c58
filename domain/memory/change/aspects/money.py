"""What somebody owes."""

from domain.memory.change.aspects.aspect import aspect_of

MONEY = (
    aspect_of(
        "",
        r"\b(?:owe|owes|debt|debts|loan|loans|mortgage)\b",
        r"\b(?:paid (?:it|them|everything|the \w+|my \w+|off|back)(?: all)?(?: off| back)?"
        r"|debt-? ?free|cleared my debts?|last instalment)\b",
    ),
)
