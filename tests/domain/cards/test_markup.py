"""Markup that acts is found however it is dressed; markup that does not is left alone."""

import pytest

from domain.cards.markup import active_markup

ACTIVE = (
    "<script>alert(1)</script>",
    "<SCRIPT src=//x>",
    "text <ScRiPt\n>",
    "</script >",
    "<script/x>",
    "<iframe src='https://example.org'>",
    "<object data=x>",
    "<embed src=x>",
    "<applet code=x>",
    "<frameset>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror = "alert(1)">',
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<body\nonpageshow=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href='x' oncustomthing='f()'>",
    '<img src="a>b" onerror=alert(1)>',
    "<a href=javascript:alert(1)>",
    "<a href='JaVaScRiPt:alert(1)'>",
    "<a href=' javascript:alert(1)'>",
    "<a href='java\tscript:alert(1)'>",
    "<a href='java&#115;cript:alert(1)'>",
    "<a href='javascript&colon;alert(1)'>",
    "<a href='jav&#x0A;ascript:alert(1)'>",
    "[click](javascript:alert(1))",
    "[click]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "javascript:alert(document.cookie)",
    "vbscript:msgbox(1)",
    "<a href='data:text/html,<b>x</b>'>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "data: text/html,x",
    "style='background:url(javascript:alert(1))'",
    "<scr{{// nothing}}ipt>alert(1)",
    "<scr{{comment: x}}ipt>",
    "<scr\u200bipt>",
    "<{{char}}>alert(1)</{{char}}>",
    "<BOT>".replace("BOT", "{{CHAR}}"),
)
HARMLESS = (
    "",
    "<i>A quiet one.</i><br>Made for evenings.<br/>",
    "# Title\n\n**bold** [site](https://example.org/?on=1) ![x](https://example.org/a.png)",
    "<div style='color: red'><img src='https://example.org/a.png' alt='x'></div>",
    "She writes JavaScript: it pays the rent.",
    "Languages (JavaScript: ten years)",
    "<scripture> and <objective> are tags of a prompt",
    "<START>\n{{user}}: Hi\n{{char}}: Hello",
    "a < b and c > d, once = twice, x on=y",
    "5 < 7; only = a word",
    "She keeps on = going",
    "<br> The lamp is on = lit.",
    "&lt;script&gt; as a text",
    "data: text/plain, a note",
    "The data: textbook",
    "{{random:a,b}} <user> <bot>",
    "I love JavaScript",
    "conversation=calm",
)


@pytest.mark.parametrize("text", ACTIVE)
def test_what_acts_is_found(text: str) -> None:
    assert active_markup(text, "script") is not None
    assert active_markup(f"Luna is calm.\n{text}\nAnd kind.", "script") is not None


@pytest.mark.parametrize("text", HARMLESS)
def test_what_does_not_act_is_left_alone(text: str) -> None:
    assert active_markup(text, "Luna") is None


def test_it_says_what_it_found() -> None:
    assert "script" in str(active_markup("<script>"))
    assert "handler" in str(active_markup("<b onclick=f()>"))
    assert "address" in str(active_markup("[x](javascript:f())"))
