"""A summary out of the sentences themselves."""

from adapters.local.summarizer import ExtractiveSummarizer
from domain.tokens import estimate_tokens

CHAT = [("Ann", "Well, that is how it goes."), ("Mira", "It does, does it not?")] * 15


async def test_what_tells_most_is_kept_in_its_order() -> None:
    said = [*CHAT, ("Ann", "My grandmother Rosa kept bees in Toledo."), ("Mira", "Tell me more!")]
    said += [*CHAT, ("Ann", "We moved to Segovia in 1999.")]
    text = await ExtractiveSummarizer().summarize("", said, max_tokens=45)
    first, *_, last = text.split("\n")
    assert first == "Ann: My grandmother Rosa kept bees in Toledo."
    assert last == "Ann: We moved to Segovia in 1999."


async def test_what_mattered_before_is_kept_through_many_rounds() -> None:
    summary = await ExtractiveSummarizer().summarize(
        "", [("Ann", "My grandmother Rosa kept bees in Toledo."), *CHAT], max_tokens=120
    )
    for number in range(8):
        chat = [("Ann", f"Well, so it goes for the {number}th time."), *CHAT]
        summary = await ExtractiveSummarizer().summarize(summary, chat, max_tokens=120)
        assert "Toledo" in summary
        assert estimate_tokens(summary) <= 120


async def test_nothing_is_said_twice_and_nothing_is_invented() -> None:
    text = await ExtractiveSummarizer().summarize("", CHAT, max_tokens=400)
    assert len(set(text.split("\n"))) == len(text.split("\n"))
    for line in text.split("\n"):
        speaker, _, said = line.partition(": ")
        assert (speaker, said) in CHAT


async def test_of_nothing_there_is_nothing_to_tell() -> None:
    assert await ExtractiveSummarizer().summarize("", [], max_tokens=100) == ""
