"""The chat page in a browser, against a running server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.product import Model, Product, Stack, running_model, running_stack
from tests.browser.chat_page_driver import ChatPage, running_browser, spend_all

HOSTILE = "<img/src=x/onerror=alert(1)><script>alert(2)</script>**bold**&lt;"
_people = count(1)


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    with running_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with running_model() as model:
        yield model


@pytest.fixture(scope="module")
def product_stack(
    postgres_server: str, postgres_template: str, valkey_server: str, model: Model
) -> Iterator[Stack]:
    with running_stack(postgres_server, postgres_template, valkey_server, model) as stack:
        yield stack


@pytest.fixture(scope="module")
def server(product_stack: Stack) -> Product:
    return product_stack.serve(TURN_IDLE_SECONDS="120")


@contextmanager
def tab(chrome: Browser, url: str, width: int = 1280) -> Iterator[ChatPage]:
    context = chrome.new_context(viewport={"width": width, "height": 800})
    chat = ChatPage(context.new_page(), url)
    yield chat
    context.close()
    assert chat.faults == []


@pytest.fixture
def name() -> str:
    return f"visitor-{next(_people)}"


@pytest.fixture
def chat(chrome: Browser, server: Product, name: str, model: Model) -> Iterator[ChatPage]:
    """The page of somebody new, with Mira, who has greeted."""
    model.reset()
    with tab(chrome, server.url) as chat:
        chat.sign_in(name)
        yield chat
        model.release()


def words(amount: int) -> str:
    return " ".join(f"w{n}" for n in range(amount))


def sends(chat: ChatPage) -> int:
    return chat.calls.count("POST /v1/chat/completions")


def test_a_reply_is_seen_while_it_is_written_and_says_what_it_cost(
    chat: ChatPage, model: Model
) -> None:
    chat.say("Hello! @@stall after=5")
    expect(chat.reply).to_have_text("Hello there, it is good")
    expect(chat.page.locator(".writing")).to_be_visible()
    expect(chat.at("said")).to_have_attribute("aria-busy", "true")
    expect(chat.at("send")).to_be_hidden()
    model.release()
    chat.wait_for_reply()
    expect(chat.reply).to_have_text("Hello there, it is good to see you.")
    expect(chat.at("said")).to_have_attribute("aria-busy", "false")
    expect(chat.page.locator(".notice.ai_disclosure")).to_contain_text("AI")
    expect(chat.figure("Balance")).to_have_text("99")
    expect(chat.at("receipt")).to_contain_text("1 daily")
    expect(chat.page.locator(".assistant .receipt summary")).to_have_text("1 credit")
    expect(chat.at("text")).to_be_focused()
    expect(chat.at("text")).to_have_value("")


def test_enter_sends_and_shift_enter_begins_a_line(chat: ChatPage) -> None:
    chat.at("text").press_sequentially("one")
    chat.at("text").press("Shift+Enter")
    chat.at("text").press_sequentially("two")
    assert sends(chat) == 0
    chat.send()
    chat.wait_for_reply()
    expect(chat.page.locator(".user .text")).to_have_text("one\ntwo", use_inner_text=True)


def test_a_reload_in_mid_stream_goes_on_without_gap_or_repeat(chat: ChatPage) -> None:
    chat.say("Count. @@tokens count=60 delay=0.05")
    expect(chat.reply).to_contain_text("w10")
    chat.page.reload()
    expect(chat.reply).to_contain_text("w20")
    chat.page.reload()
    chat.wait_for_reply()
    expect(chat.reply).to_have_text(words(60))
    expect(chat.page.locator(".user")).to_have_count(1)
    expect(chat.messages).to_have_count(3)
    expect(chat.page.locator(".notice")).to_have_count(1)
    assert sends(chat) == 1
    resumed = [one for one in chat.calls if "/v1/chat/turns/" in one]
    assert len(resumed) == 2
    assert all(re.search(r"behind \d+-\d+$", one) for one in resumed)


def test_a_reload_before_the_first_word_sends_nothing_twice(chat: ChatPage, model: Model) -> None:
    chat.say("@@stall")
    expect(chat.at("progress")).to_have_text("Mira is thinking …")
    expect(chat.page.locator(".user")).to_have_count(1)
    while not model.seen()["count"]:
        chat.page.wait_for_timeout(20)
    chat.page.reload()
    expect(chat.at("progress")).to_have_text("Mira is thinking …")
    model.release()
    chat.wait_for_reply()
    expect(chat.page.locator(".user")).to_have_count(1)
    expect(chat.messages).to_have_count(3)
    chat.page.reload()
    expect(chat.messages).to_have_count(3)


def test_a_lost_network_is_found_again(
    chrome: Browser, server: Product, product_stack: Stack, name: str
) -> None:
    network = product_stack.proxy(server.url)
    with tab(chrome, network.url) as chat:
        chat.sign_in(name)
        chat.say("Count. @@tokens count=40 delay=0.05")
        expect(chat.reply).to_contain_text("w9")
        network.switch("reset")
        expect(chat.at("progress")).to_contain_text("The connection is lost.")
        network.switch("pass")
        chat.wait_for_reply()
        expect(chat.reply).to_have_text(words(40))
        assert sends(chat) == 1


def test_a_reply_can_be_stopped(chat: ChatPage) -> None:
    chat.say("Go on. @@tokens count=400 delay=0.05")
    expect(chat.reply).to_contain_text("w3")
    chat.at("stop").click()
    expect(chat.at("progress")).to_have_text("Stopped.")
    expect(chat.page.locator(".assistant .mark")).to_have_text("Stopped.")
    expect(chat.reply).not_to_contain_text("w300")
    expect(chat.at("text")).to_be_focused()
    chat.page.reload()
    expect(chat.page.locator(".assistant .mark")).to_have_text("Stopped.")


def test_another_reply_takes_the_place_of_the_last(chat: ChatPage, model: Model) -> None:
    chat.said("Hello!")
    model.script({"behaviour": "answer", "text": "Something else."})
    chat.page.get_by_role("button", name="Regenerate").last.click()
    expect(chat.reply).to_have_text("Something else.")
    chat.wait_for_reply()
    expect(chat.messages).to_have_count(3)
    chat.page.reload()
    expect(chat.reply).to_have_text("Something else.")
    expect(chat.messages).to_have_count(3)


def test_messages_are_reported_and_deleted(chat: ChatPage) -> None:
    chat.said("Hello!")
    chat.page.get_by_role("button", name="Report").last.click()
    chat.answer_dialog("Report", "It is rude.")
    expect(chat.at("progress")).to_have_text("The message was reported.")
    chat.page.locator(".user").get_by_role("button", name="Delete").click()
    chat.answer_dialog("Delete")
    expect(chat.messages).to_have_count(1)
    expect(chat.page.locator(".user")).to_have_count(0)


def test_markup_from_people_and_models_stays_text(chat: ChatPage, model: Model) -> None:
    model.script({"behaviour": "answer", "text": HOSTILE})
    chat.said(HOSTILE)
    expect(chat.reply).to_have_text(HOSTILE)
    expect(chat.page.locator(".user .text")).to_have_text(HOSTILE)
    chat.at("memory").fill(HOSTILE)
    chat.at("memory").press("Enter")
    expect(chat.memories.first).to_have_text(HOSTILE)
    chat.at("rename-session").click()
    chat.answer_dialog("Rename", HOSTILE)
    expect(chat.at("talk-title")).to_have_text(HOSTILE)
    chat.page.reload()
    expect(chat.reply).to_have_text(HOSTILE)
    expect(chat.memories.first).to_have_text(HOSTILE)
    assert chat.page.locator("img[src=x], main script, main b").count() == 0


def test_what_is_remembered_is_seen_put_right_and_forgotten(chat: ChatPage) -> None:
    chat.said("I live in Lisbon.")
    expect(chat.memories).to_contain_text(["Lisbon"])
    chat.at("memory").fill("Has a cat named Tinto.")
    chat.at("memory").press("Enter")
    expect(chat.memories).to_have_count(2)
    chat.page.get_by_role("button", name=re.compile("Correct: Has a cat")).click()
    chat.answer_dialog("Save", "Has a dog named Tinto.")
    expect(chat.memories.first).to_have_text("Has a dog named Tinto.")
    chat.page.get_by_role("button", name=re.compile("Forget: Has a dog")).click()
    expect(chat.memories).to_have_count(1)
    chat.choose("Lennart")
    expect(chat.at("memories")).to_contain_text("Lennart remembers nothing about you yet.")
    chat.choose("Mira")
    chat.at("forget-all").click()
    chat.answer_dialog("Forget everything")
    expect(chat.at("memories")).to_contain_text("Mira remembers nothing about you yet.")


def test_conversations_are_begun_named_changed_and_deleted(chat: ChatPage) -> None:
    sessions = chat.page.locator("#sessions .choice")
    chat.said("Hello!")
    expect(sessions).to_have_count(1)
    chat.at("new-session").click()
    expect(chat.messages).to_have_count(1)
    chat.said("Something new.")
    expect(sessions).to_have_count(2)
    chat.at("rename-session").click()
    chat.answer_dialog("Rename", "The second")
    expect(sessions.first).to_contain_text("The second")
    sessions.last.click()
    expect(chat.page.locator(".user .text")).to_have_text("Hello!")
    chat.at("delete-session").click()
    chat.answer_dialog("Delete")
    expect(sessions).to_have_count(1)
    sessions.first.click()
    expect(chat.page.locator(".user .text")).to_have_text("Something new.")


def test_without_credits_it_says_where_to_get_some(chat: ChatPage, name: str) -> None:
    spend_all(chat.url, name)
    chat.say("One more?")
    expect(chat.trouble).to_contain_text("not enough credits")
    expect(chat.trouble.get_by_role("link")).to_have_attribute("href", "/sandbox")
    expect(chat.at("text")).to_have_value("One more?")
    chat.trouble.get_by_role("link").click()
    expect(chat.page.locator("#who")).to_contain_text("Signed in")
    chat.page.get_by_role("button", name=re.compile("^Buy ")).first.click()
    expect(chat.page.locator("#purchases h3")).to_have_count(1)
    chat.page.go_back()
    expect(chat.at("text")).to_have_value("One more?")
    chat.send()
    chat.wait_for_reply()


def test_a_character_of_a_higher_plan_is_locked_and_says_so(chat: ChatPage) -> None:
    locked = chat.at("characters").get_by_role("button", name=re.compile("Bronagh"))
    expect(locked).to_contain_text("Locked: premium")
    chat.choose("Bronagh")
    chat.say("Hello!")
    expect(chat.trouble).to_contain_text("needs a higher plan")
    expect(chat.at("text")).to_have_value("Hello!")


def test_a_model_that_fails_is_told_of_and_can_be_asked_again(chat: ChatPage, model: Model) -> None:
    model.script({"behaviour": "server_error"})
    chat.say("Hello!")
    expect(chat.trouble).to_contain_text("Nothing was charged")
    model.script()
    chat.page.get_by_role("button", name="Answer this").last.click()
    chat.wait_for_reply()
    expect(chat.trouble).to_be_hidden()
    expect(chat.page.locator(".user")).to_have_count(1)
    expect(chat.reply).to_have_text("Hello there, it is good to see you.")


def test_in_a_crisis_help_comes_first_and_is_free(chat: ChatPage) -> None:
    chat.said("I want to kill myself.")
    expect(chat.page.locator(".notice.crisis_referral")).to_contain_text("988")
    expect(chat.figure("Balance")).to_have_text("100")


def test_too_much_at_once_is_counted_down(chrome: Browser, product_stack: Stack, name: str) -> None:
    server = product_stack.serve(RATE_LIMIT_PER_USER="14/minute")
    with tab(chrome, server.url) as chat:
        chat.sign_in(name)
        for _ in range(14):
            chat.say("Hello!")
            done = chat.page.locator("#countdown").or_(chat.page.get_by_text("reply is complete"))
            expect(done.first).to_be_visible()
            if chat.trouble.is_visible():
                break
        expect(chat.trouble).to_contain_text("too much at once")
        expect(chat.page.locator("#countdown")).to_have_text(re.compile(r"\d+ seconds?"))
        expect(chat.at("text")).to_have_value("Hello!")
    product_stack.retire(server)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut_off_and_all_is_within_reach_of_a_keyboard(
    chrome: Browser, server: Product, name: str, width: int
) -> None:
    with tab(chrome, server.url, width) as chat:
        chat.page.goto(server.url)
        chat.at("name").fill(name)
        chat.at("name").press("Enter")
        expect(chat.at("text")).to_be_focused()
        chat.at("text").press_sequentially("Hello " + "x" * 200)
        chat.send()
        chat.wait_for_reply()
        assert chat.page.locator("html").evaluate("page => page.scrollWidth") == width
        for part in ("people", "about"):
            switch = chat.at(f"show-{part}")
            if switch.is_visible():
                switch.press("Enter")
                expect(switch).to_have_attribute("aria-expanded", "true")
            expect(chat.at(part)).to_be_visible()
            assert chat.page.locator("html").evaluate("page => page.scrollWidth") == width


def test_who_signs_out_leaves_nothing_behind(chat: ChatPage) -> None:
    chat.said("Hello!")
    chat.at("sign-out").click()
    expect(chat.at("sign-in")).to_be_visible()
    expect(chat.at("talk")).to_be_hidden()
    chat.page.reload()
    expect(chat.at("sign-in")).to_be_visible()
