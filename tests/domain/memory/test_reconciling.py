"""What new facts change in what is remembered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count, permutations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.memory.facts import Fact, FactKind
from domain.memory.memories import Embedding, Memory
from domain.memory.reconciling import reconcile, topics_of
from domain.memory.revisions import Near, Revision
from tests.contracts.builders import NOW, make_exchange, make_memory

ids = (f"mem_{number:05}" for number in count())


class Book:
    """Memories kept in a dictionary, revised as a store would."""

    def __init__(self, *memories: Memory) -> None:
        self.memories = {memory.id: memory for memory in memories}
        self.forgotten: list[Memory] = []

    @property
    def current(self) -> list[Memory]:
        return [memory for memory in self.memories.values() if memory.ended_at is None]

    @property
    def texts(self) -> list[str]:
        return sorted(memory.text for memory in self.current)

    def near(self, fact: Fact) -> list[Near]:
        topics = set(topics_of(fact)) - {None}
        mine = [Near(one, None) for one in self.current if one.topic in topics]
        return mine + [Near(one, alike(one.text, fact.text)) for one in self.current]

    def learn(
        self, *facts: Fact, said_at: datetime = NOW, message_id: str | None = None
    ) -> Revision:
        exchange = make_exchange("…", said_at=said_at, user_message_id=message_id or next(ids))
        facts = tuple(evolve(one, source_message_ids=(exchange.user_message_id,)) for one in facts)
        revision = reconcile(
            exchange,
            facts,
            [Embedding("words", (1.0,))] * len(facts),
            [self.near(fact) for fact in facts],
            now=said_at,
            new_id=lambda: next(ids),
        )
        self.apply(revision)
        return revision

    def apply(self, revision: Revision) -> None:
        for addition in revision.additions:
            assert addition.memory.id not in self.memories
            self.memories[addition.memory.id] = addition.memory
        for one in revision.confirmations:
            memory = self.memories[one.memory_id]
            self.memories[one.memory_id] = evolve(
                memory,
                importance=one.importance,
                told_at=one.told_at,
                source_message_ids=(*memory.source_message_ids, *one.source_message_ids),
            )
        for ending in revision.endings:
            self.memories[ending.memory_id] = evolve(
                self.memories[ending.memory_id],
                ended_at=ending.ended_at,
                superseded_by=ending.superseded_by,
            )
        for id_ in revision.forgotten:
            self.forgotten.append(self.memories.pop(id_))


def alike(one: str, other: str) -> float:
    left, right = set(one.lower().split()), set(other.lower().split())
    return len(left & right) / len(left | right)


def fact(text: str, topic: str | None = None, value: str = "", **changes: object) -> Fact:
    plain = Fact(text, FactKind.OTHER, 3, ("msg_1",), NOW, topic=topic, value=value)
    return evolve(plain, **changes)  # type: ignore[arg-type]  # any field


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


PARIS, ROME = fact("I live in Paris.", "home", "paris"), fact("I moved to Rome.", "home", "rome")


def test_a_new_fact_is_added_with_all_that_is_known_of_it() -> None:
    book = Book()
    book.learn(evolve(PARIS, importance=9, kind=FactKind.PLACE))
    [memory] = book.current
    assert (memory.text, memory.kind, memory.topic) == ("I live in Paris.", "place", "home")
    assert (memory.importance, memory.true_at, memory.told_at) == (5, NOW, NOW)
    assert (memory.character_id, memory.session_id) == ("luna", "ses_1")


def test_told_again_it_is_confirmed() -> None:
    book = Book()
    book.learn(PARIS)
    revision = book.learn(
        evolve(PARIS, text="i live in PARIS", importance=5), said_at=later(1), message_id="msg_2"
    )
    [confirmation] = revision.confirmations
    assert confirmation.importance == 5
    assert confirmation.told_at == later(1)
    assert confirmation.source_message_ids == ("msg_2",)
    assert revision == Revision(confirmations=(confirmation,))


def test_the_same_value_in_other_words_is_confirmed() -> None:
    book = Book()
    book.learn(PARIS)
    revision = book.learn(fact("My home is in Paris.", "home", "paris"))
    assert revision.additions == ()
    assert book.texts == ["I live in Paris."]


def test_another_value_takes_the_place_of_the_old_which_becomes_history() -> None:
    book = Book()
    book.learn(PARIS)
    book.learn(ROME, said_at=later(1))
    assert book.texts == ["I moved to Rome."]
    [old] = [one for one in book.memories.values() if one.ended_at]
    assert (old.text, old.superseded_by) == ("I live in Paris.", book.current[0].id)
    assert old.ended_at == NOW  # the new one has been true since then


def test_other_topics_stay() -> None:
    book = Book()
    book.learn(PARIS, fact("I love jazz.", "like:jazz", "jazz"))
    book.learn(ROME)
    assert book.texts == ["I love jazz.", "I moved to Rome."]


def test_a_new_job_ends_the_old_employer() -> None:
    book = Book()
    book.learn(fact("I work at Acme.", "employer", "acme"))
    book.learn(fact("I work as a baker now.", "job", "baker", also_ends=("employer",)))
    assert book.texts == ["I work as a baker now."]


def test_an_end_without_successor() -> None:
    book = Book()
    book.learn(PARIS)
    revision = book.learn(evolve(PARIS, text="I no longer live in Paris.", is_over=True))
    assert [ending.superseded_by for ending in revision.endings] == [None]
    assert book.texts == []


def test_the_end_of_something_else_ends_nothing() -> None:
    book = Book()
    book.learn(ROME)
    book.learn(evolve(PARIS, text="I no longer live in Paris.", is_over=True), said_at=later(1))
    assert book.texts == ["I moved to Rome."]


def test_an_end_and_its_successor_in_one_breath() -> None:
    book = Book()
    book.learn(PARIS)
    revision = book.learn(evolve(PARIS, text="I left Paris.", is_over=True), ROME)
    [ending] = revision.endings
    assert ending.superseded_by == book.current[0].id
    assert book.texts == ["I moved to Rome."]


def test_what_was_given_up_ends_what_was_done_in_other_words() -> None:
    book = Book()
    book.learn(fact("I play the cello."), fact("My sister plays the cello.", kind=FactKind.PERSON))
    book.learn(fact("I stopped playing the cello.", value="cello", is_over=True))
    assert book.texts == ["My sister plays the cello."]


def test_what_news_leaves_alone_goes_on_as_a_memory_of_the_old_message() -> None:
    book = Book()
    book.learn(fact("We live in a flat above a bakery. I collect stamps."), message_id="old")
    book.learn(fact("We have moved to Malta!"), said_at=later(1), message_id="new")
    assert book.texts == ["I collect stamps.", "We have moved to Malta!"]
    rest = next(one for one in book.current if one.text == "I collect stamps.")
    assert rest.source_message_ids == ("old",)
    book.learn(fact("We have moved to Malta!"), said_at=later(1), message_id="new")
    assert book.texts == ["I collect stamps.", "We have moved to Malta!"]


def test_another_day_leaves_what_else_was_told_of_the_event() -> None:
    book = Book()
    before = fact("My recital with Ida is in Bonn, on the 4th of May.", "date:recital")
    book.learn(before, message_id="old")
    book.learn(fact("My recital is on the 9th of June now.", "date:recital"), message_id="new")
    assert book.texts == [
        "My recital is on the 9th of June now.",
        "My recital with Ida is in Bonn.",
    ]


def test_news_that_is_learnt_late_ends_nothing_that_was_told_after_it() -> None:
    book = Book()
    book.learn(fact("We live in a flat above a bakery."), said_at=later(2))
    book.learn(fact("We have moved to Malta!"), said_at=later(1))
    assert "We live in a flat above a bakery." in book.texts


def test_what_is_said_after_all_goes_on() -> None:
    book = Book()
    book.learn(PARIS)
    book.learn(evolve(PARIS, is_over=True), PARIS, said_at=later(1))
    assert book.texts == ["I live in Paris."]


def test_within_one_breath_the_last_word_counts() -> None:
    book = Book()
    book.learn(PARIS, ROME)
    assert book.texts == ["I moved to Rome."]


def test_what_is_to_be_forgotten_is_deleted_by_topic_or_by_its_words() -> None:
    book = Book()
    book.learn(PARIS, fact("My friend Mark lost his job."), fact("I love jazz."))
    book.learn(fact("my home", "home", is_forgetting=True))
    book.learn(fact("Mark", value="mark", is_forgetting=True))
    assert book.texts == ["I love jazz."]
    assert len(book.forgotten) == 2


def test_forgetting_adds_nothing() -> None:
    assert Book().learn(fact("my home", "home", is_forgetting=True)) == Revision()


def test_a_person_is_the_same_by_name_and_by_relation() -> None:
    book = Book()
    book.learn(fact("My sister Clara lives in Porto.", "person:clara:home", "porto"))
    book.learn(fact("My sister moved to Braga.", "person:sister:home", "braga"))
    book.learn(fact("Clara moved to Oslo.", "person:clara:home", "oslo", about="Clara"))
    assert book.texts in (["Clara moved to Oslo."], ["My sister moved to Braga."])
    book.learn(fact("My sister Ida lives in Bergen.", "person:ida:home", "bergen"))
    assert len(book.texts) == 2


def test_whoever_nobody_has_heard_of_is_nobody() -> None:
    book = Book()
    clara = fact("Clara moved to Oslo.", "person:clara:home", "oslo", about="Clara")
    assert book.learn(clara) == Revision()
    book.learn(fact("My sister is called Clara."))
    book.learn(clara)
    assert book.texts == ["Clara moved to Oslo.", "My sister is called Clara."]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    book = Book()
    book.learn(
        fact("My dog is called Max.", "pet:max", "max"), fact("My cat is called Tom.", "pet:tom")
    )
    book.learn(fact("My dog is called Rex.", "pet:rex", "rex", is_correction=True))
    assert book.texts == ["My cat is called Tom.", "My dog is called Rex."]


def test_a_wrong_name_is_put_right_wherever_it_was_told() -> None:
    book = Book()
    book.learn(
        fact("My sister Klara plays the cello.", "person:klara:instrument"), fact("I love jazz.")
    )
    book.learn(fact("It's not Klara, it's Clara.", value="Clara", wrong="Klara"))
    assert book.texts == ["I love jazz.", "My sister Clara plays the cello."]
    assert "person:clara:instrument" in [memory.topic for memory in book.current]


def test_a_wrong_name_is_put_right_also_where_there_is_no_topic() -> None:
    book = Book()
    book.learn(fact("Klara plays the cello."), fact("I love jazz."))
    book.learn(fact("It's not Klara, it's Clara.", value="Clara", wrong="Klara"))
    assert book.texts == ["Clara plays the cello.", "I love jazz."]
    assert {memory.topic for memory in book.current} == {None}


def test_a_correction_without_a_topic_is_of_what_has_none_either() -> None:
    book = Book()
    book.learn(fact("I play the cello in Bonn."), fact("I play the cello.", "play:cello", "cello"))
    book.learn(fact("I play the viola in Bonn.", is_correction=True))
    assert book.texts == ["I play the cello.", "I play the viola in Bonn."]


def test_the_same_thing_of_other_beings_stays() -> None:
    book = Book()
    book.learn(fact("My sister Clara lives in Porto.", "person:clara:home", "porto"))
    book.learn(fact("My dog Clara sleeps in Porto.", "pet:clara:home", "porto dog"))
    book.learn(fact("My sister Clara is a nurse.", "person:clara:job", "nurse"))
    assert len(book.texts) == 3


def test_a_topic_of_no_being_is_the_new_one() -> None:
    old = make_memory(text="I love jazz.", topic="like:jazz")
    book = Book(old)
    book.learn(fact("I love swing now.", "like:swing", "swing", replaces=(old.id,)))
    assert [memory.topic for memory in book.current] == ["like:swing"]


def test_what_the_same_breath_ends_is_not_even_learnt() -> None:
    book = Book()
    revision = book.learn(PARIS, evolve(PARIS, text="I left Paris.", is_over=True))
    assert revision == Revision()


def test_a_second_look_at_a_message_does_not_end_what_it_told() -> None:
    book = Book()
    book.learn(PARIS, message_id="msg_1")
    book.learn(evolve(PARIS, is_over=True), message_id="msg_1")
    assert book.texts == ["I live in Paris."]


def test_names_in_sentences_that_are_alike_do_not_become_one() -> None:
    book = Book()
    book.learn(fact("I have a cat called Tom in the house."))
    book.learn(fact("I have a cat called Tim in the house."))
    assert len(book.current) == 2


def test_a_dislike_is_not_the_same_as_a_like() -> None:
    book = Book()
    book.learn(fact("I like jazz.", "like:jazz", "jazz"))
    book.learn(fact("I do not like jazz.", "like:jazz", "jazz"))
    assert book.texts == ["I do not like jazz."]


def test_what_is_learnt_late_does_not_take_the_place_of_what_came_after() -> None:
    book = Book()
    book.learn(ROME, said_at=later(2))
    book.learn(PARIS, said_at=later(1))
    assert book.texts == ["I moved to Rome."]
    assert len(book.memories) == 1


def test_a_second_look_at_a_message_does_not_undo_what_a_person_has_put_right() -> None:
    book = Book()
    book.learn(PARIS, message_id="msg_1")
    [memory] = book.current
    book.memories[memory.id] = evolve(memory, text="I live in Prague.")
    book.learn(PARIS, message_id="msg_1")
    assert book.texts == ["I live in Prague."]
    book.learn(evolve(PARIS, replaces=(memory.id,)), message_id="msg_1")
    assert book.texts == ["I live in Paris."]


def test_an_end_that_is_learnt_late_ends_nothing_that_was_told_after_it() -> None:
    book = Book()
    book.learn(PARIS, said_at=later(2))
    book.learn(evolve(PARIS, is_over=True), said_at=later(1))
    assert book.texts == ["I live in Paris."]


def test_what_the_extractor_knows_to_be_replaced_or_repeated_is() -> None:
    old, same = make_memory(text="I am a waiter."), make_memory(text="I adore cellos.")
    book = Book(old, same)
    book.learn(
        fact("I take pictures for a living.", replaces=(old.id,)),
        fact("Cellos are wonderful.", repeats=same.id),
    )
    assert book.texts == ["I adore cellos.", "I take pictures for a living."]


# ------------------------------------------------------------------- whatever is told

_topics = st.sampled_from(["home", "job", "like:jazz", "person:clara:home", None])
_values = st.sampled_from(["paris", "rome", "oslo"])


@st.composite
def _facts(draw: st.DrawFn) -> Fact:
    topic, value = draw(_topics), draw(_values)
    about = (topic or draw(st.sampled_from(["bees", "boats"]))).replace(":", " ")
    return fact(
        f"The {about} is {value}.",
        topic,
        value,
        is_over=topic is not None and draw(st.integers(0, 5)) == 0,
        importance=draw(st.integers(-1, 7)),
    )


_breaths = st.lists(st.lists(_facts(), max_size=4), max_size=6)


def _live(breaths: Sequence[Sequence[Fact]]) -> Book:
    book = Book()
    for hour, facts in enumerate(breaths):
        book.learn(*facts, said_at=later(hour), message_id=f"msg_{hour}")
    return book


@given(_breaths)
def test_learning_the_same_exchange_again_changes_nothing(breaths: list[list[Fact]]) -> None:
    book = _live(breaths)
    if not breaths:
        return
    last = len(breaths) - 1
    again = book.learn(*breaths[-1], said_at=later(last), message_id=f"msg_{last}")
    assert again.additions == ()
    assert again.endings == ()
    assert again.forgotten == ()


@given(_breaths)
def test_there_is_at_most_one_current_memory_of_a_topic(breaths: list[list[Fact]]) -> None:
    topics = [memory.topic for memory in _live(breaths).current if memory.topic]
    assert len(topics) == len(set(topics))


def _is_over_later(facts: Sequence[Fact], number: int) -> bool:
    one, behind = facts[number], facts[number + 1 :]
    return any(two.is_over and (two.topic, two.value) == (one.topic, one.value) for two in behind)


@given(_breaths)
def test_nothing_is_lost_but_what_is_to_be_forgotten(breaths: list[list[Fact]]) -> None:
    book = _live(breaths)
    kept = {memory.text for memory in book.memories.values()}
    for facts in breaths:
        last = {
            one.topic or one.text: one
            for number, one in enumerate(facts)
            if not one.is_over and not _is_over_later(facts, number)
        }
        assert {one.text for one in last.values()} <= kept
    assert book.forgotten == []


@given(st.lists(_facts(), max_size=4, unique_by=lambda one: one.topic or one.text))
def test_the_order_of_facts_that_have_nothing_to_do_with_each_other_is_no_matter(
    facts: list[Fact],
) -> None:
    orders = [_live([order]).texts for order in permutations(facts)]
    assert all(texts == orders[0] for texts in orders)
