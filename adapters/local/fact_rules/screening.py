"""What tells nothing lasting: questions, commands, fancies, moods; and what is left of the rest."""

import re

from domain.memory.secrets import is_secret

_ASKING = re.compile(
    r"(?:what|who|whom|whose|where|when|why|how|which)(?:'s| (?:is|are|was|were|do|does|did|can"
    r"|could|would|should|will|shall|has|have|had|about|if|am|much|many|long|old|far|come|kind|type"
    r"|sort)\b)(?! i (?:was|am|live|grew))"
    r"|(?:do|does|did|can|could|would|will|are|is|was|were|have|has|had|should|may|might|shall|am)"
    r" (?:you|i|we|it|he|she|they|there|that|this|my|your|not)\b",
    re.IGNORECASE,
)
_FANCY = re.compile(
    r"(?:if|suppose|supposing|imagine|pretend|what if|let us (?:say|pretend|imagine)|in a perfect"
    r" world|in my dreams?|in (?:the|my|this|a|our) (?:movie|film|book|game|novel|story|show"
    r"|series|dream|song)"
    r"|once upon a time|i (?:wish|dreamt|dreamed|had a dream|dreamed that|would (?!like|love"
    r"|prefer|never|rather)|could have|might|may(?! \d)|should|would have|was going to be)"
    r"|i am (?:pretending|role-?playing|playing the role)|as a (?:knight|wizard|vampire|pirate)"
    r"|maybe|perhaps|unless|(?:the|my) (?:character|protagonist|hero|novel's)|in this (?:scenario"
    r"|story|game)|(?:he|she|they|people|everyone|somebody|someone) (?:says?|said|told|thinks?"
    r"|claims?)|(?:the )?lyrics?|quote|as .{2,20} (?:said|says))\b"
    r"|.*\b(?:if i (?:had|were|was|could|ever)|were i to|as if i|as though i|i wish)\b",
    re.IGNORECASE,
)
_HARMLESS_IF = re.compile(
    r"(?:if you (?:must|want to|really want to|are wondering|did not) know|if i remember correctly"
    r"|if it helps|if you are wondering|in case you (?:wonder|forgot|are wondering))\s*,?\s*",
    re.IGNORECASE,
)
_NO_NEWS = re.compile(
    r"(?:i|we) (?:am going to|will|would better|had better|have to|should|am off to)"
    r" (?:go(?: and| to)? )(?:eat|sleep|bed|lie down|shower|cry|nap|make|cook|grab|get|have|find)"
    r" (?!married)[\w' ]{2,24}$"
    r"|(?:i|we) (?:(?:kind of|sort of|kinda|really|just|secretly|do|also|still|totally) )*"
    r"(?:love|like|hate|enjoy) (?:it|this|that)$"
    r"|(?:i|we) (?:have )?(?:just )?(?:deleted|erased|removed|cleared"
    r"|wiped) .*\b(?:i (?:had )?told you"
    r"|we (?:had )?talked|(?:the|our|that|this|whole) (?:whole )?(?:chat|conversation))\b",
    re.IGNORECASE,
)
"""What somebody is about to do, likes of the moment, or deleted here."""
JOKE = re.compile(
    r"\b(?:just kidding|only kidding|i(?:'m| am) kidding|just joking|i(?:'m| am) (?:just )?joking"
    r"|jk|j/k|kidding|that was a joke|not really)\b",
    re.IGNORECASE,
)
OPINION = re.compile(
    r" (?:is|are|was|were|has been) (?!(?:afraid|scared|terrified|allergic|from|in|on|at|learning"
    r"|studying|working|called|named|very good at|good at|\d|half|blind|deaf|\w+ years)\b)",
    re.IGNORECASE,
)
"""What is said of somebody's being, where it is only found so."""
_COMMAND = re.compile(
    r"(?:please|kindly|tell|show|give|explain|write|help|let me|imagine|pretend|describe|make|sing"
    r"|list|translate|summari[sz]e|say|ask|stop|go|come|wait|look|think|guess|try|play|read|send|do"
    r" not|don't|never mind|be|act|continue|repeat|answer|suggest|recommend|find|define|compare"
    r"|generate|create|keep (?:going|it|on)|forget|remember|let us|talk|speak|calm|hold|listen|take"
    r"|bring|have (?:a|fun)|enjoy|check|open|close|count|solve|compute|calculate|draw|rewrite|teach"
    r"|remind|call)\b",
    re.IGNORECASE,
)
PASSING = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|right now|at the moment|last night"
    r"|just now|yesterday|earlier|in a (?:minute|moment|bit|second|while)|so far|for now|already"
    r" told|again today|a minute ago|an hour ago|these last few|soon|later|next)\b",
    re.IGNORECASE,
)
PASSING_MOOD = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|right now|at the moment|last night"
    r"|just now|a minute ago|an hour ago|in a (?:minute|moment|bit|second))\b",
    re.IGNORECASE,
)
"""What makes even a well-formed statement one of the moment."""
_HABIT = re.compile(
    r"\b(?:every|each|always|usually|often|never|daily|weekly|on (?:\w+days|weekends)|since|for"
    r" (?:\w+ )?years|in my (?:spare|free) time|regularly|most (?:days|mornings|evenings|nights)"
    r"|twice|once a|whenever|in the (?:mornings?|evenings?))\b",
    re.IGNORECASE,
)
_NO_HABIT_VERB = re.compile(
    r"(?:i|we)(?: (?:also|just|still|really|even|always|never|do|often|usually|only|sometimes|"
    r"actually|honestly|totally|literally))*"
    r" (?:think|guess|know|mean|feel|hope|wish|suppose|believe (?!in)|want|need|see|read"
    r" somewhere|read that|understand"
    r"|agree|disagree|wonder|imagine|remember|forget|doubt|bet|swear|promise|have to|can|could"
    r"|should|must|might|may|would|will|shall|did|do|am|are|was|were|say|tell|ask|thank|appreciate"
    r"|trust|miss (?:you|it|that|this|talking)|look|sound|seem|get|give|notice|expect|assume|admit"
    r"|mind|care|deserve|love (?:it|that|this|you|how|your|talking|when)|like (?:it|that|this|you"
    r"|how|your|talking|when|the (?:idea|sound|way))|hate (?:it|that|this|when|how)|enjoy (?:it"
    r"|that|this|our|talking)|prefer (?:it|that|this)|have (?:no|a (?:question|headache|cold"
    r"|feeling"
    r"|meeting|lot|problem|idea|few|minute|moment|stomach|sore|fever|hangover|point|good|bad|great"
    r"|nice|long|hard|busy|rough|weird|crazy|deadline|call|favou?r|request|bit|thought|hunch|test"
    r"|date|plan|fun)|an (?:idea|question|early|hour|errand|appointment)|some (?:news|time"
    r"|questions"
    r"|work|free|things|stuff)|something|nothing|plans|been|to|had|just|never|always|seen|heard"
    r"|done|not|time|so|the (?:feeling|time|impression)|my (?:moments|days|doubts)|questions"
    r"|trouble|fun|\w+ed|\w+en|gone|got)|\w+ed|\w*(?:went|came|saw|ate|drank|slept|woke|bought|made"
    r"|took|got|had|said|told|felt|thought|knew|found|left|ran|sat|stood|spent|lost|won|wrote"
    r"|heard|met|read that|put|cut|hurt|let|forgot|drove|flew|fell|broke|gave|began|caught|brought"
    r"|sent|paid|kept|held|led|became))\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"(?:i|we) have (?:been |known |had |lived |worked |played |studied |owned |\w+ed )?.*"
    r"\b(?:since|for (?:\w+ )?(?:years|months|decades|a year|a decade)|my whole life|all my"
    r" life)\b",
    re.IGNORECASE,
)
_PAST_WORTH = re.compile(
    r"(?:i|we)(?: \w+)? (?:grew up|used to|learned|learnt|studied|lived|worked|served|was (?:raised"
    r"|brought up|born|bullied|adopted|an? |the |in the)|were (?:raised|born)|met|played|spent"
    r" (?:my"
    r"|a year|\w+ years)|had (?:a|an|two|three) |wrote|inherited|have (?:been to|visited|lived"
    r"|worked|written|run|climbed|won|had|never|always)|have seen .* times|once|trained|ran|sang"
    r"|won|built|raised|survived|lost)\b",
    re.IGNORECASE,
)
_PAST_MARK = re.compile(
    r"\b(?:once|when i was|as a (?:child|kid|teenager|boy|girl)|years? ago|in (?:19|20)\d\d|my"
    r" whole"
    r" life|childhood|back in|used to|grew up|never|for (?:\w+ )?years|born|university|army|school"
    r"|always)\b",
    re.IGNORECASE,
)
_MY_PASSING = re.compile(
    r"(?:my|our) (?:day|head|mood|phone|coffee|tea|brain|eyes?|heart|mind|point|question|bad|fault"
    r"|turn|pleasure|god|goodness|answer|guess|opinion|weekend|morning|evening|night|week|battery"
    r"|internet|wifi|connection|apologies|mistake|thoughts?|feelings?|dinner|lunch|breakfast|sleep"
    r"|throat|stomach|feet|legs?|train|bus|flight|meeting|word|last message|previous message"
    r"|message|prompt|conversation|chat|stuff|way|hands|tummy|laptop|computer|screen|alarm|first"
    r" question|next question|other question|request|advice|idea|thing|problem|issue|life|world"
    r"|sense|curiosity|patience|brain|energy|nose|back hurts|best|name)\b",
    re.IGNORECASE,
)
_MY_LASTING = re.compile(
    r"(?:my|our) (?!(?:[\w'-]+ ){1,5}?(?:is|are) (?:so|being|such|really|very|too|pretty|quite"
    r"|driving|killing|coming|here|late|ready|tired|sick|cold|hot|asleep|sleeping|annoying|annoyed"
    r"|angry|mad|great|good|fine|ok|okay|bad|awful|nice|cute|funny|amazing|perfect|the best|busy"
    r"|calling|waiting|making|doing|visiting|over|back|done|gone|fun|hungry|loud|right|wrong|weird"
    r"|crazy|not)\b)(?:[\w'-]+,? ){1,6}?"
    r"(?:is|are|has|have|can|cannot|had|was an?|were|used to|never|always|lives?|works?|"
    r"(?!is|was|this|his|has|does|always|sometimes|guess|yes|us|plus|less|across|perhaps|towards)"
    r"[a-z]{2,}s)\b .{2,}",
    re.IGNORECASE,
)
_I_AM_A = re.compile(
    r"(?:i|we) am (?:an?|the) (?!(?:bit|little|lot|mess|tad|wreck|idiot|genius|fool|fan|joke|loser"
    r"|human|person(?!\w)(?: who)?$|few|while|couple|failure|disaster|zombie|moron|terrible|bad"
    r"|good|great|happy|sad|horrible|big boy|big girl|man$|woman$|girl$|boy$|one|only one|same|type"
    r"|kind of|sort of)\b).{3,}",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4
_FEW_WORDS = 3


_WHENEVER = re.compile(
    r"(?:if|when|whenever) (?:there (?:is|are)|i|we|it|somebody|someone|anyone|anybody|you|they|he"
    r"|she|the \w+|my \w+|an? \w+) (?!.*\b(?:would|could|had|were|was|won|did|might|should)\b)",
    re.IGNORECASE,
)


def tells_a_habit(plain: str) -> bool:
    """Whether its "if" is a "whenever": "if there is cheese on it, I do not eat it"."""
    return _WHENEVER.match(plain) is not None


def is_left_out(plain: str) -> bool:
    """Whether the clause is a question, nothing that is so, or a secret."""
    return is_secret(plain) or any(
        one.match(plain) is not None for one in (_ASKING, _FANCY, _NO_NEWS)
    )


def is_command(plain: str) -> bool:
    """Whether the companion is told to do something."""
    return _COMMAND.match(plain) is not None


def without_harmless_if(text: str) -> str:
    """Without an "if you must know" at the beginning, which is none."""
    return _HARMLESS_IF.sub("", text, count=1)


_NONE = re.compile(
    r"no (?!way|idea|problem|worries|thanks|thank|doubt|wonder|chance|need|clue|rush|hurry"
    r"|biggie|joke"
    r"|kidding|offence|offense|pressure|matter|more (?:of (?:that|this)|questions|talk|excuses"
    r"|than))"
    r"(?:more \w|(?:[\w'-]+ ){1,4}?(?:for me|any ?more|since|until|allowed)\b|(?:kids|children"
    r"|siblings"
    r"|brothers|sisters|pets|partner|husband|wife|boyfriend|girlfriend)\b)",
    re.IGNORECASE,
)


def tells_a_lack(plain: str) -> bool:
    """What there is not, or no longer: "no sugar for me", "no more night shifts"."""
    return _NONE.match(plain) is not None


def importance_of_rest(plain: str) -> int:
    """How much a statement matters that no table knows: 0 when it tells nothing lasting."""
    words = len(plain.split())
    first = plain.split(" ", 1)[0].lower() if plain else ""
    if words < _FEW_WORDS or PASSING.search(plain):
        return 0
    if first in {"my", "our"}:
        lasting = _MY_PASSING.match(plain) is None and _MY_LASTING.match(plain) is not None
        return 2 if lasting and words >= _FEWEST_WORDS else 0
    if first not in {"i", "we"}:
        return 0
    return _importance_of_mine(plain, words)


def _importance_of_mine(plain: str, words: int) -> int:
    if _I_AM_A.match(plain):
        return 2
    if _PAST_WORTH.match(plain) and _PAST_MARK.search(plain) and words >= _FEWEST_WORDS:
        return 2
    if _SINCE.match(plain):
        return 2
    if _NO_HABIT_VERB.match(plain):
        return 0
    if _HABIT.search(plain):
        return 2
    return 2 if words >= _FEWEST_WORDS else 1
