"""What a new thing says of an old one where neither has a topic."""

from pathlib import Path

import pytest

from domain.memory.change.aspect_news import topics_in_news
from domain.memory.change.judging import is_changed_by, may_change_something

PAIRS = Path(__file__).parent / "pairs"
"""News (``>``), and what was told before: over with it (``+``) or not (``-``)."""
LEAST_ENDED, MOST_WRONG = 0.6, 0.17
CHANGED = [
    ("I drive a taxi.", "I got myself a job at the library."),
    ("I've been with Brandt Logistics for nine years.", "They made me redundant, I was laid off."),
    ("Home's Cardiff these days.", "We bought a cottage up near Inverness."),
    ("We live in a flat above a bakery.", "We have moved to Malta!"),
    ("My cousin Ada lives in Bern.", "Ada has moved to Ghent."),
    ("Our concert is on the 4th of May.", "The concert was put off until the 9th of June."),
    ("The race is on the 8th.", "It's not on the 8th but on the 15th."),
    ("I have my driving test on the 2nd of March.", "I passed the test!"),
    ("I can't swim, I never learned.", "I took a swimming lesson."),
    ("I hate herring.", "Turns out I like herring now."),
    ("My pals call me Dodo.", "Call me Captain."),
    ("I play the oboe in a trio.", "I've given up the oboe."),
    ("The boat is called Aurora and leaks.", "We sold the boat."),
    ("I'm seeing someone, he's called Tariq.", "Tariq and I split up."),
    ("Clara plays in our band.", "I've given up the band."),
]


@pytest.mark.parametrize(("old", "new"), CHANGED)
def test_news_ends_what_was_so(old: str, new: str) -> None:
    assert may_change_something(new)
    assert is_changed_by(old, None, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("I live in Cork.", "My sister has moved to Malta."),
        ("My cousin Ada lives in Bern.", "My cousin Bea has moved to Ghent."),
        ("I drive a taxi.", "My brother got a job at the library."),
        ("The concert is on the 4th of May.", "My exam has been moved to the 9th of June."),
        ("The concert is on the 4th of May.", "I'm off to Spain on the 9th of June now."),
        ("I hate herring.", "I like plums now."),
        ("I can't swim.", "I can juggle now."),
        ("I play the oboe.", "I've given up smoking."),
        ("My dad's boat is called Aurora.", "We sold the car."),
        ("I'm seeing Tariq.", "The game is over."),
        ("I play chess on Sundays.", "I quite enjoy chess."),
        ("I collect stamps.", "My scrapbook has stamps."),
        ("I work at the bank.", "I met a retired teacher today."),
        ("The wedding is on the 4th of Sept.", "The wedding is on September 4th now, at noon."),
        ("I live in Cork.", "I moved the sofa to the window."),
        ("I live in Cork.", "I love the rain."),
        ("I live on toast, really tho.", "My uncle has one tooth left now tho."),
        ("I basically live on this.", "We have moved to Malta!"),
        ("My pals call me Dodo.", "Please stop calling me Bubba."),
    ],
)
def test_what_has_nothing_to_do_with_it_ends_nothing(old: str, new: str) -> None:
    assert not is_changed_by(old, None, new)


def test_what_has_a_topic_of_its_own_is_left_to_it() -> None:
    assert is_changed_by("Leeds, for good.", "home", "We have moved to Malta!")
    assert not is_changed_by("I live in fear of Rex.", "pet:rex", "We have moved to Malta!")
    assert "home" in topics_in_news("We have moved to Malta!")


@pytest.mark.parametrize("pairs", sorted(PAIRS.glob("*.txt")), ids=lambda path: path.stem)
def test_of_many_pairs_most_that_are_over_end_and_few_others(pairs: Path) -> None:
    """What is not understood goes on; what is not over must hardly ever end."""
    news, ended = "", {"+": [], "-": []}  # type: tuple[str, dict[str, list[bool]]]
    for line in pairs.read_text(encoding="utf-8").splitlines():
        if line[0] == ">":
            news = line[2:]
        else:
            ended[line[0]].append(is_changed_by(line[2:], None, news))
    assert sum(ended["+"]) >= LEAST_ENDED * len(ended["+"])
    assert sum(ended["-"]) <= MOST_WRONG * len(ended["-"])
