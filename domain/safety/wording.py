"""How much the wording of a message sounds like somebody who is in danger.

Rules find what somebody thought of. This judges by all words and pieces of words at once: a linear
model (logistic regression) over which short rows of words, and of letters within words, occur in a
passage, learnt from sentences of people in danger and of others who only sound alike
(``bench/crisis``). Rows are not kept but hashed into a table of weights ("feature hashing",
Weinberger et al., 2009), so the table tells nothing of the sentences.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from zlib import crc32

from attrs import field, frozen

from domain.safety.normalise import END, is_dense, sentences

BUCKETS = 1 << 18
"""Weights in the table."""
LETTER_SHARE = 0.3
"""What a row of letters counts, where a row of words counts 1: there are many more of them."""
PASSAGE = 250
"""Characters that are judged together, about as many as the messages that were learnt from."""
SHORT = 120
"""Characters of a message of which it can be denied that somebody is in danger. In a longer one
everyday words outweigh the few that tell."""
_WORDS = 3
_LETTERS = (2, 5)
_DENSE_LETTERS = (1, 5)
"""Of scripts without spaces, where a few letters are a word."""
_LONGEST_WORD = 60
_BEGINNING, _STOP = "^", "$"


@frozen
class Signs:
    """The rows of words and of letters in a passage, by their place in the table."""

    words: AbstractSet[int]
    letters: AbstractSet[int]


@frozen(eq=False)
class Wording:
    """The table of weights, and from where on it is believed.

    Scores are log-odds: at 0 a passage is as likely to be of somebody in danger as not, among
    sentences of which a third are.
    """

    weights: Sequence[int] = field(repr=False)
    """``BUCKETS`` whole numbers from -127 to 127."""
    step: float
    """What one of a weight counts in the score."""
    bias: float
    sure: float
    """From this score on, somebody is in danger even if no rule is found."""
    doubtful: float
    """Below this score nobody is, even if a rule is found: people review it, nobody is told."""
    languages: Sequence[str] = ()
    """ISO 639-1 codes of what was learnt; nothing is denied in others."""
    undeniable: Sequence[str] = ()
    """The ids of rules for what nothing was learnt of, such as somebody else in danger."""

    def __attrs_post_init__(self) -> None:
        if len(self.weights) != BUCKETS:
            message = f"expected {BUCKETS} weights, found {len(self.weights)}"
            raise ValueError(message)
        if self.doubtful > self.sure:
            message = "doubtful must not be above sure"
            raise ValueError(message)

    def judge(self, view: str) -> tuple[float, str]:
        """The score of the worst passage of a view (``normalise.plain``), and that passage."""
        return max((self._score(passage), passage) for passage in passages_of(view))

    def denies(self, view: str, rule: str) -> bool:
        """Whether nobody is in danger although this rule (``<language>/<id>``) is found.

        That is said of short messages in a language that was learnt, where neither the whole nor
        any of its sentences leaves a doubt.
        """
        language, _, name = rule.partition("/")
        return (
            language in self.languages
            and name not in self.undeniable
            and len(view) <= SHORT
            and self._score(view) < self.doubtful
            and all(self._score(sentence) < self.doubtful for sentence in sentences(view))
        )

    def _score(self, passage: str) -> float:
        signs = signs_of(passage)
        words = sum(map(self.weights.__getitem__, signs.words))
        letters = sum(map(self.weights.__getitem__, signs.letters))
        return self.bias + self.step * (words + LETTER_SHARE * letters)


def signs_of(passage: str) -> Signs:
    """What a passage is judged by: rows of one to three words, of two to five letters."""
    words: set[int] = set()
    letters: set[int] = set()
    for sentence in passage.split(END):
        row = [_BEGINNING, *sentence.split(), _STOP]
        if len(row) == 2:  # noqa: PLR2004 - the two ends of nothing
            continue
        for length in range(1, _WORDS + 1):
            for start in range(len(row) - length + 1):
                words.add(_bucket(" ".join(row[start : start + length])))
        for word in row[1:-1]:
            if is_dense(word):
                words.update(_letters_of(word, *_DENSE_LETTERS))
            else:
                letters.update(_letters_of(word[:_LONGEST_WORD], *_LETTERS))
    return Signs(words, letters)


def passages_of(view: str) -> Iterator[str]:
    """The view in passages of about ``PASSAGE`` characters; each begins within the one before.

    A short view is one passage. What is cut is cut between sentences, or else between words.
    """
    pieces = [] if len(view) <= PASSAGE else _all_pieces_of(view)
    if not pieces:
        yield view
    start = 0
    while start < len(pieces):
        end, size = start, 0
        while end < len(pieces) and (end == start or size + len(pieces[end]) <= PASSAGE):
            size += len(pieces[end])
            end += 1
        yield END.join(pieces[start:end])
        start = end if end == len(pieces) else start + max(1, (end - start) // 2)


def _all_pieces_of(view: str) -> list[str]:
    """None of a view without a word."""
    return [piece for sentence in view.split(END) for piece in _pieces_of(sentence)]


def _pieces_of(sentence: str) -> Iterator[str]:
    """A sentence of at most half a passage, or what it is cut into."""
    most = PASSAGE // 2
    rest = sentence.strip(" .")
    while len(rest) > most:
        cut = rest.rfind(" ", 1, most)
        cut = most if cut < 0 else cut
        yield rest[:cut]
        rest = rest[cut:].strip()
    if rest:
        yield rest


@lru_cache(maxsize=4_000)
def _letters_of(word: str, least: int, most: int) -> tuple[int, ...]:
    padded = f" {word} "
    return tuple(
        {
            _bucket(f"\t{padded[start : start + length]}")
            for length in range(least, most + 1)
            for start in range(len(padded) - length + 1)
        }
    )


def _bucket(row: str) -> int:
    return crc32(row.encode()) % BUCKETS
