"""Who asks: what stands before a verb where somebody wants the companion to do something.

All of it is for plain text in lower case, without contractions.
"""

from adapters.local.fact_rules.forgetting.vocabulary import MIND, any_of

START = (
    r"(?:^|[,;:.!?…)–—-]\s*|\b(?:and|so|but|then|now|btw|also|just|ok|okay|oh|well|yo|best"
    r"|abort|listen|look|hey|girl|man|dude|honey|darling|dear|love|or) )"
)
"""Where a sentence may begin to ask, without any word for it."""
SOFTLY = (
    r"(?:(?:please|pls|plz|just|kindly|now|also|maybe|perhaps|possibly|simply|quickly|quietly"
    r"|then|not mind|go ahead and|try to|do me an?(?: \w+)? favou?r(?: and)?|be an? \w+ and"
    r"|as a favou?r|for me|contrive(?: to)?|manage(?: to)?|completely|totally|actually"
    r"|you (?:can|may|could|might|have to|need to)|be so (?:kind|good) (?:as to|and)"
    r"|ignore and|trust),? )*+"
)
"""Possessive, as a thousand of them must not be tried in all ways."""
_GLAD = (
    r"(?:like it|love it|feel better|appreciate it|be (?:so |very |really |much )?(?:grateful"
    r"|obliged|happy|happier|relieved|glad|thankful|great|lovely|better|best|kind|nice|lighter"
    r"|safer|easier)|sleep better|help|rather|prefer(?: it)?|wish|mean a lot|do me [\w ]{4,20}?)"
)
GLADLY = (
    r"(?:"
    rf"\b(?:i|id|we|it|that|you)(?: would| had|'d| do| should)?(?: so| much| really)? {_GLAD}"
    r"(?: \w+ \w+)??(?: if| when| that)?"
    r"|\bwould (?:it|that) be (?:okay|ok|alright|all right|possible|too much) if)"
)
"""What would please, and as what follows it is no report."""
REQUEST = (
    r"\b(?:(?:can|could|would|will|might|may) (?:you|ya|u|we)|i (?:do )?(?:beg|ask|urge|implore"
    r"|need|want|command|instruct|would ask|would like|would love|would prefer|have to ask)"
    r" (?:you|that you)(?: to| can| could| will)?|i (?:am begging|am asking|beg|ask)(?: you)? to"
    r"|i trust(?: that)? you (?:can|will)|let us|let me ask you to"
    r"|(?:i must |then |so |and |^)?you(?:'ll| will| should| must| ought to"
    r"| had better)|(?:would|do) you mind|(?:do|be) (?:me )?an?(?: \w+)? (?:favou?r|kindness|solid)"
    r"(?:,? and|[,:])?|be an? \w+ and|(?:be|make) sure (?:to|you|that you)|please|pls|plz|kindly"
    r"|(?:is it|would it be|would that be) (?:possible|okay|ok|alright|all right|too much)"
    r"(?: for you)?(?: to| if you(?: could| would)?)|is there (?:any|a|some) way (?:for )?you"
    r" (?:could|can|to)|any chance (?:that )?you could"
    r"|if you(?: could| would| can| do not mind,?| would not mind)"
    rf"|{GLADLY} you(?: would| could| can)?|have you)"
)
ASKED = rf"(?:{START}{SOFTLY}|{REQUEST},? {SOFTLY})"
SURELY_ASKED = rf"{REQUEST},? {SOFTLY}"
NOT = r"(?:not|never|not to|no longer|never again|not ever)"
YOURS = rf"(?:your|ur) (?:\w+ )?{any_of(MIND)}"
WANTED = (
    r"\b(?:i|id|we)(?: would|'d| do)?(?: much| really)? ?(?:like|love|prefer|want|need|rather|wish)"
    r"(?: that)?"
)
