"""How prompts are weighed against what was told, changed and forgotten."""

from bench.memory.people import Keywords, Person, Question, Session
from bench.memory.scoring import Score

PARIS, ROME, CAT = "I live in Paris.", "I have a flat in Rome.", "My cat is called Momo."
HOME = Question("Where do I live?", needs=("home_2",), never=("home",))


def _session(day: int, facts: dict[str, str], ends: dict[str, str]) -> Session:
    return Session(
        day=day,
        turns=(),
        id=f"day-{day}",
        facts={name: Keywords.of(words) for name, words in facts.items()},
        ends=ends,
        asks_to_forget=(),
        deletes_memories=(),
        deletes_sessions=(),
    )


def _score(*prompts: list[str]) -> dict[str, float]:
    person = Person(
        name="Ada",
        is_held_out=False,
        sessions=(
            _session(0, {"home": "paris"}, {}),
            _session(1, {"home_2": "rome"}, {"home": "home_2"}),
        ),
        questions=(HOME,),
    )
    score = Score(person, [PARIS, ROME, CAT])
    for lines in prompts:
        score.note(HOME, lines)
    return score.figures()


def test_what_is_over_is_stale_also_where_the_prompt_tells_the_new_fact_as_well() -> None:
    figures = _score([PARIS, ROME], [PARIS, CAT], [ROME], ["I left Paris."])
    assert figures["stale"] == 1 / 2
    assert figures["stale_alone"] == 1 / 4
    assert figures["found"] == 1 / 2


def test_a_prompt_without_a_line_is_neither_stale_nor_finds_anything() -> None:
    figures = _score([])
    assert (figures["stale"], figures["stale_alone"], figures["found"]) == (0, 0, 0)
