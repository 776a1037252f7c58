"""How keys are found."""

import pytest

from tests.domain.lorebook.tellings import book_of, entry, is_called, told


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("cat", "My cat!"),
        ("cat", "CATS"),
        ("Cat", "the cat's tail"),
        ("cat", "the cat\u2019s tail"),
        ("bus", "two buses"),
        ("dance hall", "in the Dance Hall, late"),
        ("dance hall", "of dance halls"),
        ("O'Brien", "met O\u2019Brien"),
        ("C++", "in C++17"),
        (".net", "use .NET!"),
        ("42", "it is 42."),
        ("café", "a cafe\u0301"),
        ("STRASSE", "die Straße"),
        ("Ærø", "to ærø"),
        ("cat", "cat_food"),
        ("cat", "a bobcat and a cat"),
        ("dance hall", "a sundance hall and a dance hall"),
        ("rex", "Rexは犬です"),
        ("第9", "交响第9章"),
    ],
)
def test_a_latin_key_is_found_as_a_word_whatever_its_case_and_ending(key: str, text: str) -> None:
    assert is_called(text, key)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("cat", "concatenate"),
        ("cat", "category"),
        ("cat", "bobcat"),
        ("cat", "dog"),
        ("dance hall", "dance\nin a hall"),
        ("dance hall", "a sundance hall"),
        ("dance hall", "a dance hallway"),
        ("c++", "abc++"),
        ("#cat", "#category"),
        ("42", "420"),
        ("é", "café"),
    ],
)
def test_a_latin_key_is_not_found_within_other_words(key: str, text: str) -> None:
    assert not is_called(text, key)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("龙", "小龙女"),
        ("ドラゴン", "赤いドラゴンは"),
        ("용", "용이 왔다"),
        ("дракон", "видел драконов"),
        ("كتاب", "والكتاب"),
        ("มังกร", "เห็นมังกรตัวใหญ่"),
        ("🐉", "a 🐉!"),
    ],
)
def test_a_key_of_another_script_is_found_anywhere(key: str, text: str) -> None:
    assert is_called(text, key)


@pytest.mark.parametrize(
    ("whole", "key", "text", "found"),
    [
        (True, "cat", "a cat", True),
        (True, "cat", "cats", False),
        (True, "cat", "concatenate", False),
        (True, "dance hall", "dance halls", False),
        (True, "кот", "мой кот.", True),
        (True, "кот", "который", False),
        (True, "龙", "小龙女", True),
        (False, "cat", "concatenate", True),
        (False, "dance hall", "sundance hallway", True),
        (None, "cat", "cats", True),
        ("yes", "cat", "concatenate", False),
    ],
)
def test_a_card_can_ask_for_whole_words_or_for_parts(
    whole: object, key: str, text: str, *, found: bool
) -> None:
    assert is_called(text, key, extensions={"match_whole_words": whole}) is found


@pytest.mark.parametrize("where", ["entry", "extensions"])
def test_case_matters_when_the_card_says_so(where: str) -> None:
    more: dict[str, object] = {"case_sensitive": True}
    if where == "extensions":
        more = {"extensions": more}
    assert is_called("Rose came", "Rose", **more)
    assert is_called("two Roses", "Rose", **more)
    assert not is_called("a rose", "Rose", **more)
    assert is_called("a rose", "Rose", case_sensitive=False)


def test_any_of_several_keys_is_enough() -> None:
    assert is_called("a boat", "ferry", "boat")
    assert not is_called("a car", "ferry", "boat")


@pytest.mark.parametrize("key", ["", "  ", "\n"])
def test_an_empty_key_is_never_found(key: str) -> None:
    assert not is_called("anything at all", key)


def test_spaces_around_a_key_do_not_count() -> None:
    assert is_called("a boat", " boat ")


def test_names_in_keys_are_replaced() -> None:
    assert is_called("hello luna", "{{char}}")
    assert is_called("i am Ann", "{{user}}")
    assert is_called("ann's boat", "{{user}}'s boat")
    assert not is_called("hello bob", "{{char}}")
    assert not is_called("anything", "{{// nothing}}")
    assert is_called("hello luna", "boat", "{{char}}", extensions={"selectiveLogic": 0})
    assert is_called("Lunas Boot", "/{{CHAR}}s? (boot|schiff)/i")
    assert is_called("hello luna", "^hello {{char}}$", use_regex=True)
    assert not is_called("hello bob", "/hello {{char}}/")


def test_a_name_in_an_expression_is_only_a_name() -> None:
    book = book_of(entry("lore", "/{{user}}/"))
    assert told(book, "dear (A.B", user="(A.B") == ["lore"]
    assert told(book, "dear AxB", user="A.B") == []
    assert is_called("a{{", "/a{{2}/")


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("/drag(on|ake)s?/", "dragons", True),
        ("/DRAGON/", "dragon", False),
        ("/DRAGON/i", "dragon", True),
        (r"/\bdragon\b/gi", "dragonfly", False),
        (r"/and\/or/", "and/or", True),
        ("/^second/m", "first\nsecond", True),
        ("/(/", "( (", False),
        ("/dragon/q", "dragon", False),
        ("/usr/bin", "in /usr/bin", True),
        ("/a/b/", "x /a/b/ y", True),
    ],
)
def test_a_key_between_slashes_is_a_regular_expression(key: str, text: str, *, found: bool) -> None:
    assert is_called(text, key) is found


def test_beside_an_invalid_expression_between_slashes_plain_keys_still_count() -> None:
    assert is_called("a dragon", "/(/", "dragon")


@pytest.mark.parametrize(
    ("keys", "text", "found"),
    [
        (["drag(on|ake)"], "DRAGON", True),
        (["/drag(on|ake)/i"], "DRAGON", True),
        (["/drag(on|ake)/"], "DRAGON", False),
        (["ago"], "dragon", True),
        (["(", "dragon"], "dragon", False),
        (["dragon", "("], "dragon", False),
        (["x", "dragon"], "dragon", True),
        ([], "dragon", False),
    ],
)
def test_with_use_regex_all_keys_are_expressions_and_all_must_be_valid(
    keys: list[str], text: str, *, found: bool
) -> None:
    assert is_called(text, *keys, use_regex=True) is found


def test_with_use_regex_case_can_matter() -> None:
    assert not is_called("DRAGON", "dragon", use_regex=True, case_sensitive=True)


def test_with_use_regex_neither_constant_nor_secondary_keys_nor_exclusions_count() -> None:
    assert not is_called("nothing", "dragon", use_regex=True, constant=True)
    assert is_called(
        "dragon", "dragon", use_regex=True, selective=True, secondary_keys=["never said"]
    )
    excluding = "@@exclude_keys dragon\nlore"
    assert is_called("dragon", "dragon", use_regex=True, content=excluding)


def test_sillytavern_says_use_regex_of_everything_and_means_slashes() -> None:
    theirs = {"use_regex": True, "extensions": {"selectiveLogic": 0, "display_index": 3}}
    assert is_called("C++ (17)", "C++", **theirs)
    assert is_called("DRAGON", "/dragon/i", **theirs)
    assert is_called("nothing", "dragon", constant=True, **theirs)
    assert not is_called(
        "dragon", "dragon", selective=True, secondary_keys=["never said"], **theirs
    )


def test_an_expression_that_takes_too_long_never_matches() -> None:
    assert not is_called("a" * 60, "/(a+)+$/")
