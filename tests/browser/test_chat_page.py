"""Chatting on the chat page, against a running server: streams, reloads, what goes wrong."""

import re

from playwright.sync_api import Browser, expect

from tests.acceptance.product import Model, Product, Stack
from tests.browser.chat_page_driver import ChatPage, spend_all, tab


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


def test_what_may_not_be_said_is_told_in_words(chat: ChatPage, model: Model) -> None:
    model.script({"behaviour": "content_refused"})
    chat.say("Hello!")
    expect(chat.trouble).to_contain_text("This cannot be said here")
    expect(chat.trouble.get_by_role("link")).to_have_attribute("href", "/safety")


def test_a_token_that_has_run_out_is_renewed_unseen(chat: ChatPage) -> None:
    chat.page.evaluate("() => sessionStorage.setItem('companion-token', 'of.yester.day')")
    chat.said("Hello!")
    expect(chat.trouble).to_be_hidden()
    chat.page.reload()
    expect(chat.page.locator(".user .text")).to_have_text("Hello!")


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
