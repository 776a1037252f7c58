"""What the rules make of what people say."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.local.fact_extractor import RuleFactExtractor
from adapters.local.fact_rules.reading import Reading
from domain.memory.facts import Fact
from tests.contracts.builders import NOW, make_exchange


async def facts_in(text: str, *earlier: tuple[str, str]) -> Sequence[Fact]:
    return await RuleFactExtractor().extract(make_exchange(text, earlier=earlier))


async def told_in(text: str, *earlier: tuple[str, str]) -> list[tuple[str, str | None]]:
    """Texts and topics of what is so."""
    facts = await facts_in(text, *earlier)
    return [(one.text, one.topic) for one in facts if not (one.is_over or one.is_forgetting)]


@pytest.mark.parametrize(
    ("text", "topic", "value"),
    [
        ("My name is Priya.", "name", "priya"),
        ("Hi, I'm Marco!", "name", "marco"),
        ("my name's sam", "name", "sam"),
        ("Call me Ro.", "nickname", "ro"),
        ("I'm 34.", "age", "34"),
        ("I just turned forty.", "age", "forty"),
        ("My birthday is on March 9.", "birthday", ""),
        ("I was born on the 4th of July 1990.", "birthday", ""),
        ("I'm from Brazil.", "origin", "brazil"),
        ("I live in Lisbon.", "home", "lisbon"),
        ("We just moved to Rome!", "home", "rome"),
        ("My home is in Oslo now.", "home", "oslo"),
        ("I've been living in Graz since May.", "home", "graz"),
        ("I work as a nurse.", "job", "nurse"),
        ("I'm a software engineer.", "job", "software engineer"),
        ("I work at Acme.", "employer", "acme"),
        ("I'm studying biology.", "studies", "biology"),
        ("I have a dog called Biscuit.", "pet:biscuit", "biscuit"),
        ("Our cat is named Miso.", "pet:miso", "miso"),
        ("My wife is called Anna.", "partner", "anna"),
        ("I'm engaged to Tom.", "partner", "tom"),
        ("My sister's name is Clara.", "person:sister:name", "clara"),
        ("My mother lives in Porto.", "person:mother:home", "porto"),
        ("My brother Paul moved to Oslo.", "person:paul:home", "oslo"),
        ("I love jazz.", "like:jazz", "jazz"),
        ("I hate jazz!", "like:jazz", "jazz"),
        ("I don't like jazz any more.", "like:jazz", "jazz"),
        ("My favourite colour is green.", "favourite:colour", "green"),
        ("I'm allergic to peanuts.", "allergy:peanut", "peanuts"),
        ("I'm vegetarian.", "diet", "vegetarian"),
        ("I don't smoke.", "smoking", ""),
        ("I speak Portuguese.", "language:portuguese", "portuguese"),
        ("My boat is called Aurora.", "name of boat", "aurora"),
        ("My exam is on the 4th of May.", "date:exam", ""),
        ("I was diagnosed with asthma.", "health:asthma", "asthma"),
        ("Me llamo Carlos.", "name", "carlos"),
        ("J'habite à Lyon.", "home", "lyon"),
        ("Ich arbeite als Lehrer.", "job", "lehrer"),
        ("Ho un cane che si chiama Rex.", "pet:rex", "rex"),
        ("Minha irmã se chama Ana.", "person:irmã:name", "ana"),
        ("Mi cumpleaños es el 3 de mayo.", "birthday", ""),
        ("Ich liebe Schokolade.", "like:schokolade", "schokolade"),
    ],
)
async def test_what_has_one_value_at_a_time_has_a_topic(text: str, topic: str, value: str) -> None:
    [fact] = await facts_in(text)
    assert (fact.topic, fact.value) == (topic, value)


@pytest.mark.parametrize(
    "text",
    [
        "My sister Clara plays the cello in Lisbon.",
        "My brother Paul repairs old clocks.",
        "My neighbour keeps seven bees in a shoebox.",
        "Our house has a blue door.",
        "I grew up on a farm with nine goats.",
        "I collect vintage postcards.",
        "I want to run a marathon one day.",
        "I broke my leg skiing.",
        "I passed my driving test!",
        "Let's talk every Sunday.",
        "Please remember nothing but this: my car is a red Fiat.",
    ],
)
async def test_a_fact_is_told_in_the_persons_own_words(text: str) -> None:
    [fact] = await facts_in(text)
    assert fact.text in text or fact.text.lower() in text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Which instrument does my sister Clara play?",
        "Do I have a dog?",
        "Please explain thermodynamics quickly.",
        "Tell me about my sister Clara.",
        "That's funny.",
        "I agree.",
        "I'm fine thanks",
        "I think so.",
        "I'm tired today.",
        "I'm going to bed.",
        "I had pizza for lunch.",
        "My head hurts.",
        "I love you.",
        "I like talking to you.",
        "If I had a dog, I'd call him Rex.",
        "I wish I lived in Paris.",
        "Imagine I live in a castle.",
        'She said "I live in Paris and I love it".',
        "*I draw my sword and live in a castle*",
        "Let's pretend I live in Paris.",
        "I live on Mars. Just kidding!",
        "Paris is the capital of France.",
        "It's raining again.",
        "Maybe I'll get a dog.",
        "Forget it.",
        "My password is hunter2.",
        "Our new wifi password is Gerald the cat 1987.",
        "My sister in Kent has a PIN: 4711.",
        "I use hunter2 as my password everywhere.",
        "I paid with 4111 1111 1111 1111 at my sister's shop yesterday.",
        "My visa is 4111-1111-1111-1111.",
        "Tengo hambre.",
    ],
)
async def test_what_tells_nothing_lasting_is_left_out(text: str) -> None:
    assert await facts_in(text) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "My email is sam.lee@mail.example.org and my card is 4111 1111 1111 1111",
            ["My email is sam.lee@mail.example.org."],
        ),
        ("My email is sam@example.co.uk. I live in Rome.",
         ["I live in Rome.", "My email is sam@example.co.uk."]),
        ("You can reach me at bob@example.io, I live in Rome.", ["I live in Rome."]),
        ("My website is zebra-shop.com, I sell honey there.",
         ["My website is zebra-shop.com, I sell honey there."]),
        ("I live in Rome.I have two dogs.", ["I have two dogs.", "I live in Rome."]),
        ("My phone number is +86 138 0013 8000.", ["My phone number is +86 138 0013 8000."]),
        ("I collect coins since 1234567890123456.", ["I collect coins since 1234567890123456."]),
    ],
)  # fmt: skip
async def test_a_dot_in_an_address_ends_no_sentence_and_a_card_is_not_kept(
    said: str, kept: list[str]
) -> None:
    assert sorted(fact.text for fact in await facts_in(said)) == kept


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "My name is Priya and I live in Lisbon.",
            [("My name is Priya.", "name"), ("I live in Lisbon.", "home")],
        ),
        (
            "I live in Paris and work as a nurse.",
            [("I live in Paris.", "home"), ("I work as a nurse.", "job")],
        ),
        (
            "I have a dog called Biscuit and a cat named Miso.",
            [
                ("I have a dog called Biscuit.", "pet:biscuit"),
                ("I have a cat named Miso.", "pet:miso"),
            ],
        ),
        (
            "I've got two cats, Miso and Luna.",
            [("I have a cat called Miso.", "pet:miso"), ("I have a cat called Luna.", "pet:luna")],
        ),
        (
            "I love hiking and jazz.",
            [("I love hiking.", "like:hiking"), ("I love jazz.", "like:jazz")],
        ),
        ("My name is Priya, what's yours?", [("My name is Priya.", "name")]),
        ("Did I tell you that I live in Oslo?", [("I live in Oslo.", "home")]),
        (
            "My sister is called Clara. She lives in Porto.",
            [
                ("My sister is called Clara.", "person:sister:name"),
                ("My sister Clara lives in Porto.", "person:clara:home"),
            ],
        ),
        (
            "Me llamo Carlos y vivo en Madrid.",
            [("Me llamo Carlos.", "name"), ("Vivo en Madrid.", "home")],
        ),
        ("Oh, by the way, I live in Rome!", [("I live in Rome!", "home")]),
    ],
)
async def test_a_message_is_cut_so_that_each_fact_can_end_alone(
    text: str, facts: list[tuple[str, str]]
) -> None:
    assert sorted(await told_in(text)) == sorted(facts)


@pytest.mark.parametrize(
    ("text", "topic", "value"),
    [
        ("I don't work at Acme any more.", "employer", "acme"),
        ("I no longer live in Paris.", "home", "paris"),
        ("My dog Biscuit died.", "pet:biscuit", "biscuit"),
        ("We had to put Biscuit down.", "pet:biscuit", "biscuit"),
        ("I broke up with Tom.", "partner", "tom"),
        ("My girlfriend left me.", "partner", ""),
        ("I quit my job.", "job", ""),
        ("I was fired.", "employer", ""),
        ("My sister doesn't live in Madrid any more.", "person:sister:home", "madrid"),
        ("I gave up on learning Japanese.", None, "japanese"),
        ("The Iceland trip is cancelled.", None, "iceland trip"),
        ("Ya no vivo en Madrid.", "home", ""),
    ],
)
async def test_an_end_is_told_as_an_end(text: str, topic: str | None, value: str) -> None:
    ends = [fact for fact in await facts_in(text) if fact.is_over]
    assert (topic, value) in [(end.topic, end.value) for end in ends]


async def test_news_that_ends_more_than_its_own_topic_says_so() -> None:
    [fact] = await facts_in("I got a new job at Globex!")
    assert fact.topic == "employer"
    assert fact.also_ends == ("job",)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Forget what I told you about Mark.", "mark"),
        ("Please forget everything about Mark!", "mark"),
        ("Can you delete the Mark thing?", "mark"),
        ("You can forget that I live in Paris.", "paris"),
        ("Kindly put out of your mind whatever I told you concerning Victor.", "victor"),
        ("No, strike that about Edith, I'd rather you did not keep it.", "edith"),
        ("I don't want you to remember that thing about Tom.", "tom"),
        ("please don't keep what I told you about the divorce", "divorce"),
        ("I'd rather you didn't keep anything about Lena, alright?", "lena"),
        ("You can wipe that about my mother from your memory.", "mother"),
    ],
)
async def test_what_is_to_be_forgotten(text: str, what: str) -> None:
    [fact] = await facts_in(text)
    assert fact.is_forgetting
    assert fact.value == what


async def test_what_the_same_message_takes_back_is_not_learnt() -> None:
    facts = await facts_in("My friend Owen repairs boats. Actually, forget that about Owen.")
    assert [fact.is_forgetting for fact in facts] == [True]


async def test_a_correction_puts_the_earlier_sentence_right() -> None:
    before = (("user", "My sister is called Klara."), ("assistant", "What a fine name."))
    [fact] = await facts_in("Actually it's Clara, not Klara.", *before)
    assert fact.text == "My sister is called Clara."
    assert fact.topic == "person:sister:name"
    assert fact.is_correction


async def test_a_few_words_answer_the_question_before_them() -> None:
    asked = ("assistant", "Nice to meet you! What's your name?")
    assert await told_in("Priya", asked) == [("My name is Priya.", "name")]
    assert await told_in("No idea", asked) == []
    assert await told_in("Priya") == []


async def test_what_was_said_before_is_only_read() -> None:
    before = (("user", "My dog is called Rex."), ("assistant", "Good boy."))
    assert await told_in("He loves carrots.", *before) == [("Rex loves carrots.", None)]
    assert await facts_in("Thanks!", *before) == []


async def test_somebody_named_for_the_first_time_has_to_be_known() -> None:
    [fact] = await facts_in("Clara moved to Berlin.")
    assert fact.about == "Clara"
    [introduced, _] = await facts_in("My sister is called Clara. Clara moved to Berlin.")
    assert introduced.about == ""


@pytest.mark.parametrize(
    ("text", "told", "day"),
    [
        ("My exam is tomorrow.", "My exam is tomorrow (2026-03-11).", "2026-03-11"),
        (
            "I have a job interview next Tuesday!",
            "I have a job interview next Tuesday (2026-03-17)!",
            "2026-03-17",
        ),
        ("We adopted Rex, a puppy, yesterday.", None, "2026-03-09"),
        ("I moved to Rome two years ago.", "I moved to Rome two years ago (2024).", "2024-01-01"),
        ("My wedding is on 12 May.", "My wedding is on 12 May.", "2026-05-12"),
        (
            "I'm having surgery in three weeks.",
            "I'm having surgery in three weeks (2026-03-31).",
            "2026-03-31",
        ),
    ],
)
async def test_days_are_counted_from_when_it_was_said(
    text: str, told: str | None, day: str
) -> None:
    fact = (await facts_in(text))[0]
    assert told is None or fact.text == told
    assert fact.true_at == datetime.fromisoformat(day).replace(tzinfo=UTC)


async def test_a_birthday_is_true_from_when_it_is_told() -> None:
    [fact] = await facts_in("My birthday is on March 9.")
    assert fact.true_at == NOW


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    for found in Reading(NOW).read(text):
        assert found.text


WORDS = [
    "I",
    "my",
    "sister",
    "Clara",
    "live",
    "in",
    "work",
    "as",
    "and",
    ",",
    ".",
    "?",
    "!",
    "not",
    "have a",
    "dog",
    "called",
    "Rex",
    "no longer",
    "if",
    "never",
    "forget",
    "about",
    "remember",
    "that",
    "we",
    "moved",
    "to Rome",
    "tomorrow",
    "12",
    "May",
    "0",
    "99999",
    "the",
    "'s",
    "it's",
    "actually",
    "he",
    "is",
    "'m",
    "years",
    "ago",
    "next",
    "month",
    "last",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_no_order_of_words_is_too_strange(words: list[str]) -> None:
    Reading(NOW, [("user", "My dog is called Rex."), ("assistant", "Where do you live?")]).read(
        " ".join(words)
    )


@pytest.mark.parametrize(
    "text",
    [
        "I really " * 450,
        ", and I " * 500,
        "my sister Clara " * 250,
        "I have two cats, " + "Miso, " * 600,
        "(" * 4_000,
        "not " * 1_000,
        "forget that " * 330,
        "A" * 4_000,
        "I moved " + "back " * 780,
    ],
)
def test_no_message_takes_long(text: str) -> None:
    """Half a second for what takes milliseconds: a pattern that runs away takes minutes."""
    begin = datetime.now(UTC)
    Reading(NOW).read(text)
    assert datetime.now(UTC) - begin < timedelta(seconds=5)


async def test_a_name_that_was_wrong_long_ago_is_named_with_the_right_one() -> None:
    for text in ("It's not Klara, it's Clara.", "It's Clara, not Klara."):
        [fact] = await facts_in(text)
        assert (fact.wrong, fact.value) == ("Klara", "Clara")


async def test_the_wrong_name_is_not_told_along_with_the_right_one() -> None:
    [fact] = await facts_in("My sister's name is Katrin, not Catrine.")
    assert (fact.text, fact.is_correction) == ("My sister's name is Katrin.", True)


async def test_what_is_said_in_a_game_is_not_meant() -> None:
    game = (("user", "Let's play a game. You are a detective."), ("assistant", "Confess!"))
    assert await facts_in("I live in Paris with a husband called Jean!", *game) == []
    assert await facts_in("I'm done, that was fun. I live in Leeds.", *game) != []


async def test_people_who_leave_out_their_i_are_understood() -> None:
    assert ("Moved to rome last week (week of 2026-03-02).", "home") in await told_in(
        "moved to rome last week"
    )
    assert [topic for _, topic in await told_in("gran died")] == [None]


async def test_what_was_just_named_says_what_them_means() -> None:
    [(text, _)] = await told_in("There was a moth in the bath. I'm terrified of them.")
    assert text == "There was a moth in the bath. I'm terrified of them."
