"""What happens on a day: appointments, exams, anniversaries, trips."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
import re

from adapters.local.fact_rules.rule import Rule, compiled
from domain.memory.facts import FactKind

MATTERS = re.compile(
    r"exam|test|interview|surgery|operation|wedding|funeral|anniversary|graduation|birthday|due"
    r" date"
    r"|baby|marathon|race|concert|recital|audition|court|hearing|flight|trip|vacation|holiday|move"
    r"|defen[cs]e|deadline|appointment|scan|result|launch|opening|ceremony|tournament|match|finals?"
    r"|visa|check-?up|dentist|doctor|therapy|reunion|party|premiere|show|performance|competition"
    r"|presentation|first day|last day|conference|retreat|baptism|christening|prom|driving",
    re.IGNORECASE,
)
_ON = (
    r"(?:is|are|will be|starts?|begins?|takes? place|falls|ends|arrives?|opens|comes? out|leaves?)"
)
_MOVED = (
    r"(?:(?:is|are|was|were|has been|have been|got|been) (?:now |just |actually |been"
    r" )*(?:scheduled"
    r"|rescheduled|moved|postponed|brought forward|planned|booked|set|due|pushed|delayed|changed))"
)

APPOINTMENTS: tuple[Rule, ...] = tuple(
    Rule(compiled(pattern), FactKind.DATE, 4, topic, "", needs_date=True)
    for pattern, topic in (
        (rf"(?:my|our|the) (?!birthday|{{QUALITY}}(?:{{REL}}|{{PARTNER}})\b)(?P<e>[\w'"
         rf" -]{{2,40}}?) (?:{_MOVED}|{_ON}) .*", "date:{e}"),
        (r"{IHAVE} (?:have |got )?(?:an?|my|our|the|another|this) (?P<e>[\w' -]{2,40}?)(?: with"
         r" [\w' ]+?| at [\w' ]+?| in {NAME})?(?=$| (?:on|in|at|next|this|tomorrow|today|coming"
         r"|scheduled"
         r"|booked|tonight|\w+day|the day)\b).*", "date:{e}"),
        (r"(?:today|tomorrow|\w+day|the \w+ of \w+|.{3,20}) (?:is|will be|was) (?:my|our)"
         r" (?!birthday)"
         r"(?P<e>[\w' -]{2,40}?)(?=$|,)", "date:{e}"),
        (r"it (?:is|will be) (?:my|our) (?!birthday)(?P<e>[\w' -]{2,40}?)(?=$|,| (?:on|in|tomorrow"
         r"|next|today|this)\b).*", "date:{e}"),
        (r"(?:they|i|he|she)(?: have| has| had)?(?: \w+)? (?:moved|changed|postponed|rescheduled"
         r"|pushed"
         r"|shifted|delayed) (?:the|my) (?P<e>[\w' -]{2,40}?)(?=$|,| (?:back|forward|btw|to|from"
         r"|by|until"
         r"|again|now)\b).*", "date:{e}"),
        (r"my {QUALITY}{REL},? (?P<n>{NAME}) is (?:getting married|marrying)\b.*",
         "date:{n} wedding"),
        (r"(?P<n>{NAME})'s wedding (?:is|was moved|will be)\b.*", "date:{n} wedding"),
        (r"{I} (?:got|was) married (?:on|in) .*", "date:wedding"),
        (r"{I} (?:am|are) (?:seeing|meeting|visiting) (?:the |my |our )(?P<e>dentist|doctor|lawyer"
         r"|therapist|midwife|surgeon|landlord|boss)\b.*", "date:{e}"),
    )
)  # fmt: skip
TRIFLE = re.compile(
    r"\b(?:call|meeting|shift|class|lunch|dinner|coffee|nap|chat|work|day|delivery|laundry)\b",
    re.IGNORECASE,
)
"""What is forgotten the day after."""
