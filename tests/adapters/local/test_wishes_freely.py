"""Wishes to forget in freer words: verbs of throwing away, denials, other languages."""

import pytest

from adapters.local.fact_rules.forgetting.hearing import wish_in
from tests.adapters.local.test_fact_extractor import facts_in

_WISHES = [
    ("Could you lose that eviction business?", "eviction"),
    ("chuck the whole overdraft story pls", "overdraft"),
    ("That business with my cousin's loan, would you burn it?", "loan"),
    ("The bankruptcy, strike it off your list.", "bankruptcy"),
    ("So about the tribunal: bin it.", "tribunal"),
    ("Shred what I confessed about the exam, please.", "exam"),
    ("Kindly unhear my outburst about the vicar.", "vicar"),
    ("What I whispered to you about Leo, let it sink to the bottom.", "leo"),
    ("What I let slip about the merger, rub it out.", "merger"),
    ("I would be grateful if you struck my confession about the dice from the record.", "dice"),
    ("My relapse. Unlearn it, please.", "relapse"),
    ("There's something I want you to unlearn. My overdose.", "overdose"),
    ("My secret about the pawnshop: gone, please.", "pawnshop"),
    ("That thing with the pawnshop has to disappear.", "pawnshop"),
    ("The bit about the lottery? Into the shredder with it.", "lottery"),
    ("The scar on my back, you never heard of it.", "scar"),
    ("As to the lottery, you have no knowledge of it.", "lottery"),
    ("Could you scour the gambling out of your memory?", "gambling"),
    ("Please keep no trace of my vasectomy.", "vasectomy"),
    ("I'd rather you had not heard about the asylum. Do me a favour and bury it.", "asylum"),
    ("Can I take back what I said about the choir?", "choir"),
    ("Let my diagnosis slip your mind, please.", "diagnosis"),
    ("I told you about the abortion. Kindly undo that.", "abortion"),
    ("Lo de mi embarazo, olvídalo.", "embarazo"),
    ("¿Podrías borrar lo que te conté de mi tía?", "tía"),
    ("Oublie ce que je t'ai raconté sur mon divorce.", "divorce"),
    ("Das mit der Kündigung vergiss bitte wieder.", "kündigung"),
    ("Könntest du bitte meine Operation vergessen?", "operation"),
    ("Puoi cancellare la storia del debito?", "debito"),
    ("Por favor, apaga aquilo da clínica.", "clínica"),
]
_NO_WISHES = [
    "I burnt the letters he wrote me.",
    "He told me to bury it in the garden.",
    "She said, burn the letter, and I did.",
    "I want to lose five kilos by June.",
    "Take the bins out on Thursday.",
    "Let it go, my sister always says.",
    "We had to drop the whole business when the bank said no.",
    "Strike that, I'll have the soup.",
    "He never heard of my sister.",
    "You never heard of The Smiths?",
    "You never know with my brother.",
    "The car has to go to the garage.",
    "My old sofa must go.",
    "My keys are gone again.",
    "Could you help me with what I told you about the exam?",
    "Please keep what I told you about Ida between us.",
    "Can you explain what I said to Paul?",
    "Let's bury the hatchet, I told her.",
    "I threw the photos of my ex out of the window.",
    "Olvidé las llaves en casa.",
    "Laisse tomber, je prendrai le bus.",
    "Vergiss es, ich komme nicht mit.",
    "Voglio dimenticare quella storia.",
    "Morgen kannst du das Konzert vergessen.",
    "Forget about winning, I just want to finish.",
    "Forget the marathon, my knees say.",
]


@pytest.mark.parametrize(("text", "what"), _WISHES)
async def test_a_wish_in_freer_words_is_heard(text: str, what: str) -> None:
    wished = [fact.text.lower() for fact in await facts_in(text) if fact.is_forgetting]
    assert len(wished) == 1
    assert what in wished[0]


@pytest.mark.parametrize("text", _NO_WISHES)
async def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert not any(fact.is_forgetting for fact in await facts_in(text))


def test_what_is_meant_may_follow() -> None:
    wished = wish_in("There's one thing I want gone from your head.", "", "My arrest.")
    assert wished == "My arrest"


@pytest.mark.parametrize("text", ["Lose it.", "Kindly unhear it.", "Would you burn them?"])
async def test_where_nothing_is_named_nothing_is_forgotten(text: str) -> None:
    assert await facts_in(text) == []


@pytest.mark.parametrize(
    ("wish", "matters"),
    [
        ("Can you forget that bit about mum and the taxman?", ["mum and the taxman"]),
        ("Please forget what I told you about Tom and the loan.", ["Tom and the loan"]),
        ("Please forget about my brother and my sister.", ["my brother", "my sister"]),
        ("Forget my job and my salary, please.", ["my job", "my salary"]),
    ],
)
async def test_somebody_and_something_are_one_matter(wish: str, matters: list[str]) -> None:
    assert [one.text for one in await facts_in(wish)] == matters


@pytest.mark.parametrize(
    "request_",
    [
        "Can you pull up what I told you about my job?",
        "Could you dig up what I told you about Tom?",
        "Please fetch what I said about my visa.",
        "Could you go over what I told you about my mum?",
        "Can you clear up what I said about the visa?",
        "Please return to what I told you about Rome.",
        "Would you check what I told you about my dates?",
    ],
)
async def test_who_wants_to_hear_it_again_wants_nothing_forgotten(request_: str) -> None:
    assert not [one for one in await facts_in(request_) if one.is_forgetting]
