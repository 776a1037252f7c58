import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.safety.verdicts import Action, Category
from domain.safety.watch import MOST_DOUBTED, MOST_HELD, TAIL, OutputWatch
from entrypoints.safety.rules import load_rules

RULES = load_rules()

HARMLESS = [
    "Hello there, how was your day at the market? ",
    "I killed the lights and made some tea... ",
    "If you are thinking about killing yourself, please call 988 right now. ",
    "We could hang a picture on the wall, or bake a cake! ",
    "It was a painless goodbye, as those things go. ",
    "Die Katze schläft. ",
    "今日はいい天気ですね。",
    "Ça va bien, merci\n\nEt toi? ",
    "That is 3.14 or so, e.g. a number ",
]
HARMFUL = [
    "You should just kill yourself tonight, nobody would care. ",
    "The most painless way to die is to swallow forty tablets with vodka. ",
    "Everyone would be better off without you. ",
    "You should k1ll yourself. ",
    "Tie a noose around your neck and step off. ",
]
PIECES = st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=30)


def pieces(text: str, lengths: list[int]) -> list[str]:
    """The text in pieces of these lengths, over and over."""
    found = []
    at = turn = 0
    while at < len(text):
        length = lengths[turn % len(lengths)]
        found.append(text[at : at + length])
        at += length
        turn += 1
    return found


def streamed(text: str, lengths: list[int], *, is_minor: bool = False) -> tuple[str, OutputWatch]:
    """What of the text has been let through, and the watch afterwards."""
    watch = OutputWatch(RULES, is_minor=is_minor)
    sent = [watch.feed(piece) for piece in pieces(text, lengths)]
    return "".join(sent) + watch.finish(), watch


@pytest.mark.parametrize("text", ["Hello, I am here. ", "What a lovely day it is!", "Ça va? Да. "])
def test_ordinary_talk_is_not_held_for_one_character(text: str) -> None:
    watch = OutputWatch(RULES, is_minor=True)
    assert [watch.feed(character) for character in text] == list(text)


@given(st.lists(st.sampled_from(HARMLESS), max_size=8).map("".join), PIECES)
@settings(max_examples=60, deadline=None)
def test_what_is_harmless_comes_out_as_it_went_in(text: str, lengths: list[int]) -> None:
    sent, watch = streamed(text, lengths)
    assert sent == text
    assert watch.verdict is None


@given(st.text(max_size=200), PIECES)
@settings(max_examples=60, deadline=None)
def test_nothing_is_changed_or_doubled(text: str, lengths: list[int]) -> None:
    sent, watch = streamed(text, lengths)
    assert text.startswith(sent)
    assert sent == text or watch.verdict is not None


@given(
    st.lists(st.sampled_from(HARMLESS), max_size=4).map("".join),
    st.sampled_from(HARMFUL),
    st.sampled_from(HARMLESS),
    PIECES,
)
@settings(max_examples=100, deadline=None)
def test_what_harms_is_cut_however_it_is_split(
    before: str, harm: str, after: str, lengths: list[int]
) -> None:
    sent, watch = streamed(before + harm + after, lengths)
    assert watch.verdict is not None
    assert watch.verdict.action is Action.REFER
    assert (before + harm).startswith(sent)
    assert not sent.rstrip().endswith(harm.strip())
    assert len(sent) < len(before + harm)


@given(st.lists(st.sampled_from(HARMLESS + HARMFUL), max_size=5).map("".join), PIECES, PIECES)
@settings(max_examples=100, deadline=None)
def test_pieces_that_came_together_are_judged_as_if_they_had_not(
    text: str, lengths: list[int], sizes: list[int]
) -> None:
    alone, expected = streamed(text, lengths)
    said, sent = pieces(text, lengths), ""
    watch = OutputWatch(RULES, is_minor=False)
    turn = 0
    while said:
        size = sizes[turn % len(sizes)]
        sent += "".join(watch.feed_all(said[:size]))
        said, turn = said[size:], turn + 1
    assert sent + watch.finish() == alone
    assert (watch.verdict, watch.flags) == (expected.verdict, expected.flags)


def test_of_pieces_that_came_together_those_before_the_cut_may_be_sent() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    assert watch.feed_all(["All", " is", " well. "]) == ["All", " is", " well. "]
    assert watch.feed_all(["I am ", "here. ", HARMFUL[0], "And "]) == ["I am ", "here. "]
    assert watch.feed_all(["so", " on. "]) == []


def test_a_sentence_that_ended_in_the_piece_that_is_cut_is_sent() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    assert watch.feed_all(["First he killed", f" time. {HARMFUL[0]}"]) == ["First he killed time. "]
    assert watch.verdict is not None


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("The most painless way to die is to swallow forty tablets. Good night.", "tablets"),
        ("You can kill yourself with a rope, go and kill yourself now.", "rope"),
        ("Take all the pills and you will die.", "pills and"),
    ],
)
def test_the_words_that_matter_never_arrive(text: str, secret: str) -> None:
    sent, watch = streamed(text, [1])
    assert secret not in sent
    assert watch.verdict is not None


def test_after_the_cut_nothing_comes_any_more() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    assert watch.feed("You should just kill yourself. And then ") == ""
    assert watch.verdict is not None
    assert watch.feed("all is well.") == ""
    assert watch.finish() == ""


def test_a_sentence_that_does_not_end_is_let_go_in_a_window() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    sent = watch.feed("he died ")
    longest = len(sent)
    for _ in range(100):
        sent += watch.feed("and they sang ")
        longest = max(longest, len("he died ") + 100 * 14 - len(sent))
    assert sent + watch.finish() == "he died " + "and they sang " * 100
    assert len(sent) > len("and they sang ") * 100 - MOST_HELD


def test_what_is_only_to_be_reviewed_goes_on_and_is_kept() -> None:
    text = "I cut myself, said the ghost. I want to kill myself, it moaned. The end."
    sent, watch = streamed(text, [5])
    assert sent == text
    assert watch.verdict is None
    assert [flag.category for flag in watch.flags] == [Category.SELF_HARM]


def test_parts_in_different_sentences_are_seen_together() -> None:
    """Whichever comes first."""
    for text in (
        "She is 14 years old. Then she had sex with him. ",
        "They had sex in the barn. She is 14 years old. ",
    ):
        sent, watch = streamed(text, [3])
        assert watch.verdict is not None
        assert watch.verdict.action is Action.BLOCK
        assert len(sent) < len(text) - 5


def test_minors_are_kept_from_what_adults_may_read() -> None:
    text = "I am so horny, take off your panties and fuck me harder. "
    assert streamed(text, [4], is_minor=False)[0] == text
    assert streamed(text, [4], is_minor=True)[1].verdict is not None


def test_what_was_held_to_the_end_and_is_harmless_comes_then() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    assert watch.feed("In the end he killed") == ""
    assert watch.finish() == "In the end he killed"
    assert watch.finish() == ""


def test_what_harms_in_a_sentence_without_an_end_is_doubted_first_and_then_cut() -> None:
    """Only so much can be held back; what else the sentence says may still make it harmless."""
    harm = "the most painless way to die is to swallow forty tablets with vodka "
    watch = OutputWatch(RULES, is_minor=False)
    sent = fed = ""
    while watch.verdict is None and len(fed) < 10 * MOST_HELD:
        piece = harm if not fed else "and they sang on "
        fed += piece
        sent += watch.feed(piece)
    assert watch.verdict is not None
    assert len(fed) > MOST_HELD
    assert sent == ""
    assert watch.finish() == ""


@pytest.mark.parametrize("text", ["Hang yourself tonight.", "Kys.", "Kill yourself"])
@pytest.mark.parametrize("length", [1, 50])
def test_the_very_first_word_of_a_reply_counts(text: str, length: int) -> None:
    sent, watch = streamed(text, [length])
    assert watch.verdict is not None
    assert len(sent) < len("Hang")


def test_an_ordinary_word_that_completes_what_was_said_before_is_heard() -> None:
    """Nobody looks twice at a kid, unless the sentence before was one about sex."""
    sent, watch = streamed("They had sex in the barn. The kid. ", [4])
    assert watch.verdict is not None
    assert "kid" not in sent
    assert streamed("They had tea in the barn. The kid. ", [4])[1].verdict is None


def test_what_follows_a_sentence_that_was_held_is_not_held_with_it() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    assert watch.feed("First he killed") == ""
    assert watch.feed(" time. And then it rai") == "First he killed time. And then it rai"
    assert watch.feed("ned") == "ned"


def lengths_held(text: str) -> list[int]:
    """How many characters are held after each one of the text."""
    watch, sent, held = OutputWatch(RULES, is_minor=False), 0, []
    for number, character in enumerate(text, start=1):
        sent += len(watch.feed(character))
        held.append(number - sent)
    return held


def test_of_a_sentence_that_goes_on_the_window_is_held_and_then_its_end() -> None:
    held = lengths_held("he killed and they sang on " * 10)
    assert max(held) == MOST_HELD
    assert held[held.index(MOST_HELD) + 1] == TAIL


@pytest.mark.parametrize("before", range(200, 232, 4))
def test_words_that_begin_before_the_window_is_let_go_stay_back(before: int) -> None:
    filler = ("he killed " + "and they sang on " * 14)[:before].rstrip()
    sent, watch = streamed(f"{filler} the most painless way to die is with a rope. ", [1])
    assert watch.verdict is not None
    assert " way" not in sent


def test_an_excuse_that_comes_after_the_window_is_waited_for() -> None:
    filler = "he killed " + "and they sang on " * 12
    text = f"{filler}you should kill yourself in the game and they sang on and on. "
    assert len(f"{filler}you should kill yourself") < MOST_HELD < text.index("game")
    sent, watch = streamed(text, [1])
    assert (sent, watch.verdict) == (text, None)


def test_what_is_doubted_is_held_so_long_and_no_longer() -> None:
    watch = OutputWatch(RULES, is_minor=False)
    harm = "you should kill yourself "
    assert watch.feed(harm) == ""
    fed = len(harm)
    while watch.verdict is None and fed < 2 * MOST_DOUBTED:
        assert watch.feed("a") == ""
        fed += 1
    assert fed == MOST_DOUBTED + 1


def test_words_with_a_full_stop_each_are_one_sentence() -> None:
    sent, watch = streamed("Kill. Yourself. Now. ", [1])
    assert watch.verdict is not None
    assert "Kill." not in sent


def test_all_that_a_reply_was_cut_for_is_kept() -> None:
    watch = streamed("You should kill yourself. ", [4])[1]
    assert {flag.rule for flag in watch.flags} == {"en/threat", "en/urges-to-die"}


@pytest.mark.parametrize(
    "harm",
    ["everyone would be better off without you. ", "you should kill yourself. "],
)
def test_a_phrase_is_heard_letter_by_letter_however_long_its_sentence_is(harm: str) -> None:
    sent, watch = streamed("and they sang on " * 4 + harm, [1])
    assert watch.verdict is not None
    assert sent.startswith("and they sang on " * 4)


def test_a_script_without_spaces_is_heard_letter_by_letter() -> None:
    sent, watch = streamed(
        "今日はいい天気ですね、" * 6 + "楽に死ぬには睡眠薬を四十錠お酒と一緒に飲むといい。", [1]
    )
    assert watch.verdict is not None
    assert len(sent) < len(
        "今日はいい天気ですね、" * 6 + "楽に死ぬには睡眠薬を四十錠お酒と一緒に飲むといい。"
    )
