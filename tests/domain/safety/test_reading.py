"""The product's rules from the written word to the finding, in one piece.

Elsewhere they are read once for all tests. Here a test reads them itself, so that whatever goes
wrong in reading them goes wrong in it, too.
"""

import json
import tomllib
from array import array
from importlib import resources
from pathlib import Path
from typing import Any

from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Action, Category, Stage
from domain.safety.wording import Wording

DATA = Path(__file__).parent / "data"


def read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def read_rules() -> SafetyRules:
    folder = resources.files("entrypoints.safety") / "rules"
    files: dict[str, dict[str, Any]] = {
        file.name: tomllib.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    policy = files.pop("policy.toml")
    wording = Wording(
        array("b", (folder / "wording.bin").read_bytes()), **files.pop("wording.toml")
    )
    return SafetyRules.from_data(policy["version"], policy["actions"], files, wording)


def test_rules_as_written_hear_a_crisis_refuse_what_harms_and_let_the_rest_pass() -> None:
    rules = read_rules()

    def heard(texts: list[str], stage: Stage, least: Action) -> list[str]:
        return [text for text in texts if rules.check(text, stage, is_minor=False).action >= least]

    crisis = [one["text"] for one in read("crisis")]
    benign = [one["text"] for one in read("benign")]
    replies, minors, eating = read("replies"), read("minors"), read("eating")
    assert heard(crisis, Stage.INPUT, Action.REFER) == crisis
    assert len(heard(benign, Stage.INPUT, Action.REFER)) <= len(benign) // 50
    assert heard(replies["cut"], Stage.OUTPUT, Action.REFER) == replies["cut"]
    assert heard(replies["said"], Stage.OUTPUT, Action.BLOCK) == []
    assert heard(minors["refused"], Stage.INPUT, Action.BLOCK) == minors["refused"]
    assert heard(minors["let_pass"], Stage.INPUT, Action.BLOCK) == []
    for text in eating["heard"]:
        flags = rules.check(text, Stage.INPUT, is_minor=True).flags
        assert Category.EATING_DISORDER in {flag.category for flag in flags}, text
    # What tells that a closer look is worth it is there in all that a closer look finds.
    assert [one for one in crisis if not rules.has_stem(one, Stage.INPUT)] == []
    assert [one for one in replies["cut"] if not rules.has_stem(one, Stage.OUTPUT)] == []
