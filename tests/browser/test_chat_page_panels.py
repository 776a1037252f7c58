"""What is beside the conversation on the chat page, and how hostile text is shown."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.product import Model, Product
from tests.browser.chat_page_driver import ChatPage, tab

HOSTILE = "<img/src=x/onerror=alert(1)><script>alert(2)</script>**bold**&lt;"


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


def test_a_character_of_a_higher_plan_is_locked_and_says_so(chat: ChatPage) -> None:
    locked = chat.at("characters").get_by_role("button", name=re.compile("Bronagh"))
    expect(locked).to_contain_text("Locked: premium")
    chat.choose("Bronagh")
    chat.say("Hello!")
    expect(chat.trouble).to_contain_text("needs a higher plan")
    expect(chat.at("text")).to_have_value("Hello!")


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
