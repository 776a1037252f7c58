"""Disguises up to their edges: what is read as something else, and what stays as it was written."""

import pytest

from domain.safety.normalise import plain, sentences


def words(text: str) -> str:
    return plain(text).strip(" .")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # Figures are letters inside of a word, and nowhere else ...
        ("k1ll 40 men", "kill 40 men"),
        ("k1ll me with 40mg", "kill me with 40mg"),
        ("on the 3rd-floor, at 8", "on the 3rd floor at 8"),
        ("k1ll me n0w!", "kill me now"),
        # ... unless three words of a phrase are written so.
        ("i d0nt w4nt 70 l1ve", "i dont want to live"),
        ("i d0nt w4nt 70 live", "i dont want 70 live"),
    ],
)
def test_figures_are_letters_where_they_stand_for_some(written: str, read: str) -> None:
    assert words(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("let me die!please", "let me die . please"),
        ("let me die!!!i cant", "let me die . i cant"),
        ("die!help me", "die . help me"),
        ("no!go", "no . go"),
        ("let me die!because", "let me die . because"),
        ("let me die!then go", "let me die . then go"),
        ("kill!ng", "killing"),
        ("feel!ngs", "feelings"),
        ("be!ieve", "beiieve"),
        ("su!cide", "suicide"),
        ("suic!dal", "suicidal"),
    ],
)
def test_a_mark_of_exclamation_is_a_letter_or_an_end_without_a_space(
    written: str, read: str
) -> None:
    assert words(written) == read


@pytest.mark.parametrize(("written", "read"), [("b*ll", "b ll"), ("k*ll", "kill"), ("**ll", "ll")])
def test_a_star_stands_for_a_letter_of_a_word_that_people_hide(written: str, read: str) -> None:
    assert words(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("kill m e", "kill me"),
        ("m y s e l f", "myself"),
        ("a q w e b", "aqweb"),
        ("q w e", "qwe"),
        ("k. i. l. l", "kill"),
        ("w.a.n.t.t.o.d.i.e now", "want to die now"),
        ("b.o.b s.u.e", "bob sue"),
        ("u.s o.r", "us or"),
        ("n o s u i c i d a r m e", "no suicidarme"),
        ("g o t o t h e e n d", "go to the end"),
    ],
)
def test_letters_apart_are_the_fewest_words_that_they_spell(written: str, read: str) -> None:
    assert words(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("diiie", "die"), ("killl", "kill"), ("misss", "miss"), ("nooow", "now"), ("buttt", "but")],
)
def test_a_letter_held_down_is_one_or_two(written: str, read: str) -> None:
    assert words(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # A word of strangers alone is a Latin word in a Latin sentence, and only there.
        ("не wants to kill me", "he wants to kill me"),
        ("он ok", "он ok"),
        ("он ok 8 800 555 35 35", "он ok 8 800 555 35 35"),
        # A word of both is Latin everywhere, as is one with letters that Russian has not.
        ("я хочу сделать kіll", "я хочу сделать kill"),  # noqa: RUF001 - one letter is Ukrainian
        ("я хочу ѕех", "я хочу sex"),  # noqa: RUF001 - its first letter is Macedonian
    ],
)
def test_letters_that_look_latin_are_so_where_latin_is_written(written: str, read: str) -> None:
    assert words(written) == read


@pytest.mark.parametrize("text", ["kill—myself", "kill… myself", "kill «myself»", "kill_myself"])
def test_other_marks_stand_between_words(text: str) -> None:
    assert words(text) == "kill myself"


def test_marks_without_words_between_them_are_no_sentence() -> None:
    assert sentences(plain("!!! Let me go. Stop it!? Now please")) == [
        " let me go ",
        " stop it ",
        " now please ",
    ]


def test_an_accent_behind_something_unseen_is_one() -> None:
    assert words("cafe\u200b\u0301") == words("café")
