"""Judging a message by all its words at once."""

from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.safety.normalise import END, plain
from domain.safety.wording import BUCKETS, LETTER_SHARE, PASSAGE, Wording, passages_of, signs_of
from entrypoints.safety.rules import load_wording

DANGER = "i want to be gone"


def made(*told: str, weight: int = 10, **changes: Any) -> Wording:
    """A table in which the rows of words of these sentences weigh, and nothing else does."""
    weights = array("b", bytes(BUCKETS))
    for sentence in told:
        for sign in signs_of(sentence).words:
            weights[sign] = weight
    settings: dict[str, Any] = {"step": 0.1, "bias": -5.0, "sure": 1.0, "doubtful": -4.0, **changes}
    return Wording(weights, **settings)


class TestSigns:
    def test_rows_of_one_to_three_words_and_both_ends_are_signs(self) -> None:
        # ^ a b $: four alone, three pairs, two of three
        assert len(signs_of("a b").words) == 4 + 3 + 2

    def test_rows_of_two_to_five_letters_are_signs(self) -> None:
        # " cat ": four of two, three of three, two of four, one of five
        assert len(signs_of("cat").letters) == 4 + 3 + 2 + 1

    def test_what_is_there_twice_is_one_sign(self) -> None:
        assert signs_of("so . so") == signs_of("so")

    def test_the_order_of_words_tells(self) -> None:
        assert signs_of("not i").words != signs_of("i not").words

    def test_no_row_reaches_over_the_end_of_a_sentence(self) -> None:
        apart = signs_of(f"a{END}b").words
        assert apart == signs_of("a").words | signs_of("b").words

    def test_letters_of_a_script_without_spaces_count_as_words(self) -> None:
        signs = signs_of("死にたい")
        assert signs.letters == frozenset()
        assert len(signs.words) > 10

    def test_nothing_has_no_signs(self) -> None:
        assert signs_of(" . ") == signs_of("")
        assert not signs_of("").words


class TestJudging:
    def test_the_score_adds_up_what_is_there(self) -> None:
        wording = made(DANGER)
        signs = len(signs_of(DANGER).words)
        assert wording.judge(f" {DANGER} ")[0] == pytest.approx(-5.0 + 0.1 * 10 * signs)

    def test_rows_of_letters_count_their_share(self) -> None:
        weights = array("b", bytes(BUCKETS))
        for sign in signs_of("gone").letters:
            weights[sign] = 10
        wording = Wording(weights, step=0.1, bias=0.0, sure=1.0, doubtful=0.0)
        letters = len(signs_of("gone").letters)
        assert wording.judge(" gone ")[0] == pytest.approx(LETTER_SHARE * letters)

    def test_a_sentence_is_heard_in_the_middle_of_a_long_message(self) -> None:
        wording = made(DANGER)
        before = END.join(["we had soup and then we went home by bus"] * 40)
        score, passage = wording.judge(plain(f"{before}. {DANGER}. {before}"))
        assert score == pytest.approx(wording.judge(f" {DANGER} ")[0])
        assert DANGER in passage

    def test_only_what_is_short_learnt_and_without_doubt_is_denied(self) -> None:
        wording = made(DANGER, weight=-10, bias=0.0, languages=["en"], undeniable=["other"])
        assert wording.denies(f" {DANGER} ", "en/dying")
        assert not wording.denies(f" {DANGER} ", "en/other")
        assert not wording.denies(f" {DANGER} ", "nl/dying")
        assert not wording.denies(f" {DANGER} . well ", "en/dying")
        assert not wording.denies(f" {DANGER}{' and' * 40} ", "en/dying")

    def test_a_table_of_another_size_is_refused(self) -> None:
        with pytest.raises(ValueError, match="weights"):
            Wording([1, 2], step=1.0, bias=0.0, sure=1.0, doubtful=0.0)

    def test_limits_that_cross_are_refused(self) -> None:
        with pytest.raises(ValueError, match="doubtful"):
            made(sure=0.0, doubtful=1.0)


class TestPassages:
    def test_a_short_view_is_one(self) -> None:
        view = " a . b "
        assert list(passages_of(view)) == [view]

    @given(st.text(alphabet="ab. 死", max_size=3_000))
    def test_they_hold_every_word_and_are_not_long(self, text: str) -> None:
        view = plain(text)
        passages = list(passages_of(view))
        assert all(len(passage) <= PASSAGE + PASSAGE // 2 for passage in passages)
        letters = set("".join(passages)) - {" ", "."}
        assert letters == set(view) - {" ", "."}

    @pytest.mark.parametrize("text", ["", "? " * 300, ". " * 300])
    def test_a_text_without_words_is_one(self, text: str) -> None:
        view = plain(text)
        assert list(passages_of(view)) == [view]
        assert made().judge(view)[0] == made().bias

    def test_their_number_grows_with_the_length_only(self) -> None:
        few, many = (len(list(passages_of(plain("we went home. " * n)))) for n in (100, 1_000))
        assert many <= 11 * few


class TestLearntTable:
    def test_it_is_as_the_product_needs_it(self) -> None:
        wording = load_wording()
        assert len(wording.weights) == BUCKETS
        assert max(wording.weights) == 127 or min(wording.weights) == -127

    @given(st.text(max_size=400) | st.text(alphabet=".!? \n*-a", min_size=250, max_size=900))
    def test_whatever_is_written_gets_a_score(self, text: str) -> None:
        score, _ = load_wording().judge(plain(text))
        assert -1_000 < score < 1_000
