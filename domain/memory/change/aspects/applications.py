"""What somebody has applied for or looks for: got, or not got."""

from domain.memory.change.aspects.aspect import aspect_of

_JOB = r"(?:job|jobs|work|position|role|post|gig|internship|apprenticeship|place)"
_GOT = (
    r"(?:got|landed|found|accepted|was offered|were offered|been offered|start|starting|started"
    r"|begin|have) (?:me |myself )?(?:an? |the |my |that )?(?:new |part-time |full-time |summer "
    r"|\w+ )?"
)

APPLICATIONS = (
    aspect_of(
        "",
        r"\b(?:looking for|searching for|hunting for|need|want|applying for|applied for|applied to"
        rf"|between|don't have|do not have|doesn't have|haven't got|without|no) (?:an? |any |new "
        rf"|another )*(?:\w+ )?{_JOB}\b|\b(?:job|flat|house|apartment)[- ](?:hunting|search)"
        r"|\b(?:unemployed|jobless|out of work|on the dole|out of a job)\b|\bapplied (?:for|to"
        r"|at)\b|\b(?:job )?interview (?:at|with|for)\b|\bwaiting to hear (?:from|back)\b",
        rf"(?<!get )\b{_GOT}(?:job|position|role|post|gig|internship|apprenticeship)\b(?!"
        rf" (?:interview"
        r"|offer from|done|advert|fair))|\b(?:found|back at|back in|back to) work\b(?! (?:on|late"
        r"|early|of))|\b(?:got|been|was|were|getting) hired\b|\bhired (?:me|him|her)\b"
        r"|\bemployed again\b|\b(?:didn't|did not|never) get (?:the|that|it)\b|\b(?:turned"
        r"|turning) (?:me|him|her) down\b|\b(?:they|company) (?:said no|rejected"
        r"|went with someone)\b|\bgot (?:turned down|rejected)\b|\bi (?:just )?start(?:ed)? (?:my"
        r"|a) new (?:job|position|role)\b",
    ),
    aspect_of(
        "",
        r"\b(?:applied|applying|application|waiting|hoping|dream|audition\w*"
        r"|auditioned|waitlisted|tried out|trying out|wish list)\b",
        r"\b(?:got|get|getting|gotten|been|was|were) (?:in(?:to)?|accepted|rejected|turned down"
        r"|admitted|refused|selected|picked|chosen|denied)\b|\b(?:accepted|rejected|admitted|took"
        r"|turned) (?:me|him|her|us)\b|\b(?:didn't|did not|never) (?:get (?:in|the|a)|make it"
        r"|make the)\b|\bmade the (?:team|cut|squad|cast)\b|\bgot the (?:part|role|place|spot"
        r"|scholarship|grant|visa)\b|\b(?:starting|start|going) (?:at|to) \w+ in the fall\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:waiting|awaiting|wait for|applied)\b",
        r"\b(?:got|have|received|picked up) (?:my|the|our|his|her) (?:\w+ )?(?:results?|visa|letter"
        r"|answer|reply|green card|papers|diagnosis|passport|loan|grade|grades|scores?|mortgage)\b"
        r"|\b(?:results?|visa|letter|answer|reply|green card|papers|passport|loan|scores?|grades"
        r"|mortgage) (?:finally )?(?:came|is here|are here|are in|arrived|(?:got"
        r"|was|were) (?:approved|denied|rejected|granted|negative|fine|clear))\b|\b(?:turned"
        r"|turning) (?:me|us|him|her) down for\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:want|wants|dream|dreams|hope|hopes|plan|going|wanted|like) (?:of |is )?(?:to )?(?:be"
        r"|being|become|becoming)\b",
        r"\bnow (?:i|he|she) wants? to (?:be|become)\b|\bwants? to (?:be|become) .*\b(?:now|instead"
        r"|these days)\b|\b(?:rather|decided to|going to) (?:be|become) .*\b(?:instead|now"
        r"|after all)\b",
        is_wish=True,
    ),
    aspect_of(
        "",
        r"\b(?:learning to drive|driving (?:lessons?|test)|(?:can't|cannot|don't|don't know how to)"
        r" drive(?=$|[.!,])|(?:no|don't have (?:a|my)|without a|get my) (?:driver'?s |driving )?"
        r"licen[cs]e)\b",
        r"\b(?:passed|got) (?:my|the|his|her) (?:driving|driver'?s|road) (?:test|exam|licen[cs]e)"
        r"|\b(?:got|have) (?:my|a|his|her) (?:driver'?s |driving )?licen[cs]e\b(?! back)",
    ),
    aspect_of(
        "",
        r"\b(?:parental|maternity|paternity|sick|medical) leave\b|\bon leave\b|\bon strike\b"
        r"|\bon furlough\b",
        r"\b(?:leave|strike) (?:is|was|'s|has) (?:over|ended|up)\b|\bback (?:at|to) (?:work"
        r"|the office)\b|\b(?:work|working) again\b",
    ),
)
"""Jobs, places at schools, answers that are waited for, and the licence to drive."""
