"""The words in which people ask for something to be forgotten.

Each list is one alternation of a pattern; a line may be a pattern itself.
"""


def any_of(*lists: str) -> str:
    """One group of all the lines of these lists."""
    lines = [line.strip() for text in lists for line in text.strip().splitlines()]
    return f"(?:{'|'.join(lines)})"


FORGETTING = """
forget(?:ting)?|un-?(?:learn|know|hear|remember|tell|see|say|read|think|listen)(?:ing)?
dis-?remember|disregard(?:ing)?
"""
"""What is done to hardly anything but what somebody knows."""

DELETING = """
delet(?:e|ing)|eras(?:e|ing)|wip(?:e|ing)|purg(?:e|ing)|expunge|obliterate|blot|redact|excise
efface|eradicate|annul|get(?:ting)? rid of
"""
"""What is done to what is written as well, to photos and files."""

REMOVING = """
remov(?:e|ing)|los(?:e|ing)|drop(?:ping)?|bin(?:ning)?|scrap(?:ping)?|shred(?:ding)?|burn(?:ing)?
torch|bury|strik(?:e|ing)|rub|cross|scratch(?:ing)?|scrub(?:bing)?|tear|rip|cut|throw(?! up| in\\b)
chuck|toss|flush|nuke|zap|clear(?:ing)?(?! up)
dump|ditch|junk|trash|discard(?:ing)?|destroy|dissolve|drown|sink|bleach|sweep|wash|rinse|mislay
misplace|relinquish|surrender|expel|evict|banish|eject|withdraw|undo|void|shelve|dispose of
do away with|part with|let(?:ting)? go of|kill|nix|axe|prune|snip|strip|trim|pluck|pull(?! up)
yank|weed|dig(?! (?:up|out|into))|cancel|overwrite|vaporise|vaporize|incinerate|compost|sponge
scour|hoover|black|white|shake(?! up)|spit|swallow|yeet|86|free yourself of|rid yourself of
unburden yourself of|(?:close|shut) the book on|draw an? (?:veil|line|curtain) (?:over|under)
turn the page on
take(?= [^,;.!?]{0,60}?\\b(?:off|out|away|back|from|to the)\\b)
put(?= [^,;.!?]{0,60}?\\b(?:out|down|away|in|into|behind)\\b)
set(?= [^,;.!?]{0,40}?\\bdown\\b)|leave(?= [^,;.!?]{0,40}?\\bbehind\\b)
hand(?= [^,;.!?]{0,40}?\\b(?:over|back)\\b)|get(?= [^,;.!?]{0,40}?\\bout of\\b)
"""
"""What is done to things: it counts only of what was told, or out of a memory."""

ENDING = """
go|float|drift|melt|wash|blow|dissolve|evaporate|slip|sink|fall|drop|fade|lapse|slide|burn|drown
vanish|disappear|die
"""
"""What something does that is let go."""

ENDED = """
gone|out|unsaid|untold|undone|unknown|unheard|void|forgotten|deleted|erased|removed
wiped(?: out)?|scrapped|binned|shredded|destroyed|purged|nuked|flushed|stricken|struck(?: out)?
burnt|burned|buried|dropped|cleared|expunged|off the record
"""

FORGOT = """
forgot|lost|dropped|let go of|knew nothing|had no idea|unlearned|unheard|struck|binned|erased
deleted|wiped|buried|burned|scrapped|removed
"""
"""As in "I'd be glad if you forgot"."""

KEEPING = """
keep(?:ing)?(?: track of)?|kept|retain(?:ing)?|stor(?:e|ed|ing)|sav(?:e|ing)
hold(?:ing)?(?: on ?to)?|hang(?:ing)? on ?to|carry(?:ing)?|record(?:ing)?|log(?:ging)?
writ(?:e|ing) down
"""

REMEMBERING = """
remember(?:ing|ed)?|recollect(?:ing)?|recall(?:ing)?
"""

KNOWING = """
ha(?:ve|ving)|know(?:ing|n)?|hear(?:d|ing)?
"""

KEPT = """
kept|stored|saved|remembered|recorded|retained|known|written down|on file|on record
"""

MENTIONING = """
mention(?:ing)?|bring(?:ing)? up|talk(?:ing)? (?:about|of)|speak(?:ing)? of|refer(?:ring)? to
"""
"""What is asked for the time being, unless it says that it is for good."""

MIND = """
lists?|memory|memories|memory banks?|notes?|notebook|head|mind|records?|files?|books?|brain
system|database|data|storage|history|profile|thoughts|side|archives?|diary|pocket|circuits|ears?
logs?|picture
"""

SPOKEN = """
told|said|say|mentioned|mention|shared|wrote|written|confided|confessed|talked|spoke|spoken
typed|texted|revealed|let slip|let on|let out|brought up|asked|blabbed|blurted(?: out)?
whispered|admitted|complained|rambled|moaned|sobbed|confessed to|trusted (?:to )?you with|ranted
vented|gave you|poured out|spilled|spilt|dumped on you|unloaded|disclosed
"""

MATTER = """
thing|things|stuff|story|stories|tale|tales|business|bit|bits|part|parts|piece|matter|affair
episode|saga|one|ones|confession|confessions|secret|chat|talk|conversation|rant|remark|remarks
comment|comments|slip|detail|details|topic|subject|admission|outburst|nonsense|word|words
sentence|message|messages|mention|rumour|gossip|tidbit|anecdote|memory|memories
"""
"""As in "the Toronto thing", "that snog story": something that was told."""

PRONOUN = """
it|that|this|them|those|these|him|her|both(?: of (?:them|it|those))?
all of (?:it|that|them|this)|(?:all|every one|both|either) (?:two |three )?of (?:them|it)
them both|that one|that (?:bit|part|piece|thing|lot|stuff)
the (?:lot|whole lot|whole thing|whole of it|bit|thing)|everything|all (?:that|this)
"""

AWAY = rf"""
(?:off|out of|out from|from|off of) (?:of )?(?:your|ur|the|my|our) (?:\w+ )?{any_of(MIND)}
(?:out of|in|inside|from) you\b
(?:from|off|out of) (?:wherever|anywhere|everywhere|every place) you
out of (?:there|wherever|sight)|from there|to the (?:shredder|dump|tip|furnace|incinerator)
(?:in|into|down|to) the (?:bin|trash|rubbish|shredder|fire|flames|oven|furnace)
(?:in|into|down|to) (?:the|an?) (?:bog|toilet|loo|drain|sea|river|memory hole|wastebasket)
over the side|off the (?:record|tape|books|list|page)|on (?:your|ur) (?:side|end)|to the bottom
"""
"""Out of a memory, or to where nobody finds it again."""
