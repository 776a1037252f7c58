"""What is a wish to forget, in words of all kinds, and what only sounds like one."""

# ruff: noqa: ISC004 - a message is cut into lines wherever it is long

import pytest

from tests.adapters.local.test_fact_extractor import facts_in

_WISHES = [
    (
        "The biopsy came back clear. I would be obliged if you would forget the whole business "
        "now, the PSA and the rest.",
        "psa",
    ),
    ("Kindly forget the entire affair, the divorce and all that.", "divorce"),
    ("Please forget the whole sorry episode: the arrest.", "arrest"),
    ("My loan was refused. Please forget the whole business.", "loan"),
    ("do me a favor and forget about that back pain business it's handled", "back pain"),
    ("Listen forget about the biopsy okay", "biopsy"),
    ("Girl forget about the biopsy okay, I don't want to talk about it", "biopsy"),
    ("be a darling and forget about the loan", "loan"),
    ("as a favour, delete what I said about Ida", "ida"),
    (
        "I've been meaning to ask you something. What I told you about the miscarriage, could "
        "you please forget it? I've talked it through with Ben and I don't want it to be "
        "somewhere else too.",
        "miscarriage",
    ),
    ("What I told you about the miscarriage, could you please forget it?", "miscarriage"),
    ("what i told you about the miscarriage could you please forget it", "miscarriage"),
    ("That thing about my ex. Please forget it.", "ex"),
    ("I told you about my abortion last week. Could you forget that, please?", "abortion"),
    ("About the affair: delete that, please.", "affair"),
    ("The affair I told you about, can you delete it?", "affair"),
    ("The debt, please forget about it. It's embarrassing.", "debt"),
    ("I'd rather you didn't keep what I said about the lawsuit.", "lawsuit"),
    ("I'd rather you didn't remember anything about my stepfather", "stepfather"),
    ("I would rather you did not hold on to the story about my brother's arrest.", "arrest"),
    ("id rather you didnt keep the stuff about my pills", "pills"),
    ("Please don't bring up the accident again.", "accident"),
    ("please dont bring up my divorce again, it hurts", "divorce"),
    ("Can we pretend I never told you about the affair?", "affair"),
    ("can we just pretend i never told you about my ex", "ex"),
    ("Let's pretend I never said anything about the layoffs.", "layoffs"),
    ("Let's act as if the interview never happened.", "interview"),
    ("I wish I hadn't told you about the bankruptcy, get rid of it.", "bankruptcy"),
    ("I wish I hadn't told you about my weight. Get rid of that please.", "weight"),
    ("I shouldn't have told you about Marcus. Please delete it.", "marcus"),
    ("Take the eczema off your list.", "eczema"),
    ("take my divorce off your list pls", "divorce"),
    ("Don't store what I said about my boss.", "boss"),
    ("so dont store what i said about my boss ok", "boss"),
    ("That thing about the tattoo: gone please.", "tattoo"),
    ("that thing about the tattoo, gone please", "tattoo"),
    ("I'd like the abortion to be out of your memory.", "abortion"),
    ("I would like what I told you about rehab to be deleted.", "rehab"),
    ("I want everything about Tom gone.", "tom"),
    ("You don't need to know about the surgery, delete that.", "surgery"),
    ("you dont need to know about my salary delete that", "salary"),
    ("Let's leave the gambling out of your notes.", "gambling"),
    ("Let's leave my mother out of your memory, all right?", "mother"),
    ("Scratch what I said about the job offer.", "job offer"),
    ("scratch what i said about the job offer", "job offer"),
    ("Stop remembering the funeral.", "funeral"),
    ("Can you stop bringing up my weight?", "weight"),
    (
        "What I said yesterday about the panic attacks was private, please don't keep it.",
        "panic attacks",
    ),
    (
        "what i said yesterday about the panic attacks was private please dont keep it",
        "panic attacks",
    ),
    (
        "Listen, I know this is a strange request, but I've been thinking about it all week and "
        "I would be so grateful if you could forget what I told you about my father's drinking, "
        "because it isn't my story to tell.",
        "drinking",
    ),
    ("Do you mind forgetting about the whole thing with Greg? He apologised.", "greg"),
    ("Could you possibly erase everything I've said about my depression?", "depression"),
    ("I don't want you to hold on to what I told you about the eviction.", "eviction"),
    ("I don't want the rehab story in your memory.", "rehab"),
    ("I don't want what I told you about Lena stored anywhere.", "lena"),
    ("It would be great if you could forget I ever mentioned Kevin.", "kevin"),
    ("forget i ever mentioned kevin", "kevin"),
    ("Please forget that I told you about the HIV test.", "hiv"),
    ("Is it possible for you to forget what I said about my sister's baby?", "baby"),
    ("If you could forget the bit about my criminal record, that'd be great.", "criminal record"),
    ("Everything I told you about the cult should be deleted.", "cult"),
    ("What I told you about the cult needs to be forgotten.", "cult"),
    ("About my miscarriage. I don't want that kept.", "miscarriage"),
    ("I told you I was seeing somebody about my anxiety. Please don't keep that.", "anxiety"),
    ("My anorexia is private, so please don't keep that.", "anorexia"),
    (
        "I told you something about my inheritance the other day. I've changed my mind, please "
        "wipe it.",
        "inheritance",
    ),
    ("ok so remember when i told you about the stalker can you delete that", "stalker"),
    ("hey can u pls forget the thing about jake lol", "jake"),
    ("pls delete what i said about my bf cheating", "cheating"),
    ("i was wondering if you could forget about my ivf", "ivf"),
    ("Please strike my surgery from your records.", "surgery"),
    ("Kindly remove the part about my HIV status from your memory.", "hiv"),
    ("No need to hold on to what I said about the eviction, just let go of it.", "eviction"),
    ("Would it be okay if you didn't keep what I told you about the bullying?", "bullying"),
    ("You may delete what I told you about Hector now.", "hector"),
    ("I'm asking you to forget what I told you about the fire.", "fire"),
    ("For privacy reasons, please don't save anything about my son.", "son"),
    (
        "My therapist says I overshare, so please erase what I told you about my childhood.",
        "childhood",
    ),
    ("I had an abortion at nineteen, please forget that.", "abortion"),
    ("Please forget my miscarriage.", "miscarriage"),
    ("Delete the bit on my record about the arrest, would you?", "arrest"),
    ("Remove everything about Paul.", "paul"),
    ("I never want to hear about the accident again, delete it.", "accident"),
    ("I feel weird that you know about the abortion. Can you forget it?", "abortion"),
    ("Would you be so kind as to forget what I told you about my voices?", "voices"),
    ("I'd appreciate it if you'd drop what I told you about my landlord.", "landlord"),
    ("Wipe what I said about my mum.", "mum"),
    (
        "i know its silly but can you forget what i told you about my teeth i dont want it stored",
        "teeth",
    ),
    ("Forget what I told you about my job, I got it wrong.", "job"),
    (
        "Thanks for listening last night. I've slept on it, and I'd feel better if you forgot "
        "the part about my brother-in-law.",
        "brother-in-law",
    ),
    ("Could you please not remember what I told you about Yusuf?", "yusuf"),
    ("Never mention my ex-wife to me again.", "ex-wife"),
    ("Please never mention Carl again.", "carl"),
    ("Ok I need you to forget about the tax thing.", "tax"),
    ("My credit card debt: I don't want that to be on file.", "debt"),
    ("If you don't mind, forget the story about the police.", "police"),
    ("There's one thing I'd like you to forget: my arrest.", "arrest"),
    ("Is there any way you could un-know what I told you about Nils?", "nils"),
    ("The conversation we had about my cancer scare, I'd love for it to be gone.", "cancer"),
    ("I overshared about my marriage. Please delete all of that.", "marriage"),
    ("You know what I said about Petra? Forget it, please.", "petra"),
    ("You know what I said about Petra? Forget it.", "petra"),
    ("can you make what i told you about my pregnancy disappear", "pregnancy"),
    ("Please drop the subject of my father for good.", "father"),
    ("I take back what I said about my sister's husband; erase it.", "husband"),
    ("All that stuff about my eating disorder? Wipe it.", "eating disorder"),
    ("I would be happier if the thing about the affair weren't in your memory.", "affair"),
    ("Not that I don't trust you, but please forget about my pills.", "pills"),
    ("Ignore and forget what I said about Dieter.", "dieter"),
    ("What you know about my abortion has to go.", "abortion"),
    ("I'd be relieved if you forgot about the overdose.", "overdose"),
]
_NO_WISHES = [
    "I'll never forget my grandmother's kitchen.",
    "I can't forget what he said about my weight.",
    "Don't forget the dentist on Monday.",
    "I forgot my keys.",
    "Forget it, let's talk about football.",
    "forget it lets talk about the game",
    "My boss was in one of her moods. Forget it, the weather is lovely.",
    "My bike has a flat tyre. Forget the whole thing, my brother is fine.",
    "I wish I could forget my ex.",
    "My grandma forgets things.",
    "She asked me to forget it.",
    "She asked me to forget what she told me about Ben.",
    "Don't you forget about me.",
    "please don't forget what I told you about my allergy",
    "I always forget what I told you about Ben.",
    "You forgot what I told you about Ben!",
    "Did you forget what I told you about Ben?",
    "Never forget where you came from.",
    "I want to forget the whole summer.",
    "I'm trying to forget about the accident.",
    "How do I forget my ex?",
    "Help me forget about the exam.",
    "I need to delete some photos from my phone.",
    "My mom told me to delete his number.",
    "I had to drop woodworking.",
    "I dropped out of college.",
    "He never forgets my birthday.",
    "I keep forgetting to water the plants.",
    "Oh never mind, I found it.",
    "Never mind that, how are you?",
    "I left the dog out of the house.",
    "I took Tom off my list.",
    "I removed the wallpaper in the hall.",
    "I want the stain gone.",
    "I'd like the kitchen to be done by May.",
    "I can't get this song out of my head.",
    "Take the kids off my hands!",
    "Don't keep me waiting.",
    "I don't remember what I told you about Ben.",
    "I don't want to keep the car.",
    "I don't want kids.",
    "I don't want a dog in the house.",
    "Please remember what I told you about my son.",
    "Keep in mind that I'm allergic to nuts.",
    "We can't forget the sunscreen.",
    "I won't let you forget this.",
    "What did I tell you about Ben?",
    "I told you about Ben.",
    "He said to forget about the money.",
    "Everybody wants me to forget about Karl.",
    "I put the book back on the shelf.",
    "My dad has dementia, he forgets everything about my mother.",
    "I deleted my Facebook account.",
    "I scratched my car.",
    "I stopped remembering names.",
    "Let's leave it at that.",
    "Let's drop by Anna's on Sunday.",
    "I should forget about becoming an actor.",
    "Could you remember that I hate mushrooms?",
    "Can you ever forget your first love?",
    "Can you forget things?",
    "I almost forgot to tell you about the wedding.",
    "I'd rather you didn't call me sweetie.",
    "You don't have to answer.",
    "My boss wants me to erase the whiteboard every night.",
    "I wrote about my divorce in my diary and threw it away.",
    "If I forget about the milk again she'll kill me.",
    "I wish I hadn't told my mom about Ben.",
    "I'm glad I told you about Ben.",
    "I had a miscarriage two years ago. We never talk about it.",
    "I'd like you to remember my birthday.",
    "We should drop the price of the roses.",
    "I don't want that to happen again.",
    "Could you delete the last line of my essay?",
    "Can you remove the typos from this text?",
    "Let's forget about work for a while.",
]


@pytest.mark.parametrize(("text", "what"), _WISHES)
async def test_a_wish_to_forget_is_understood_and_nothing_of_it_kept(text: str, what: str) -> None:
    [fact] = await facts_in(text)
    assert fact.is_forgetting
    assert what in fact.text.lower()
    assert len(fact.text.split()) < 9


@pytest.mark.parametrize("text", _NO_WISHES)
async def test_what_sounds_like_a_wish_forgets_nothing(text: str) -> None:
    assert not any(fact.is_forgetting for fact in await facts_in(text))


async def test_what_was_said_right_before_is_forgotten_where_only_it_is_named() -> None:
    facts = await facts_in("I owe my aunt two hundred euros. Please forget that I said that.")
    assert [fact.is_forgetting for fact in facts] == [True]
    assert "two hundred euros" in facts[0].text


async def test_it_may_be_what_the_last_message_said() -> None:
    before = (("user", "I had a miscarriage two years ago."), ("assistant", "I'm so sorry."))
    [fact] = await facts_in("Could you please forget that?", *before)
    assert fact.is_forgetting
    assert "miscarriage" in fact.text


async def test_the_reason_of_a_wish_is_not_kept_but_what_is_other_news_is() -> None:
    facts = await facts_in(
        "I live in Graz. I wish I hadn't told you about the debt. Please delete it. It stresses"
        " me out that it is in your notes."
    )
    assert [(fact.topic, fact.is_forgetting) for fact in facts] == [("home", False), (None, True)]
    assert "debt" in facts[1].text


async def test_to_pretend_that_nothing_was_said_is_no_play() -> None:
    before = (("user", "Let's pretend I never told you about Ben."), ("assistant", "Gladly."))
    [fact] = await facts_in("I live in Graz.", *before)
    assert fact.topic == "home"


async def test_two_things_are_forgotten_each_for_itself() -> None:
    facts = await facts_in("Please forget about the biopsy and the scan, it's over.")
    assert [fact.value for fact in facts] == ["biopsy", "scan"]
    assert all(fact.is_forgetting for fact in facts)
