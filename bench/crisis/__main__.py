"""Measures how crises are heard.

``python -m bench.crisis`` asks the product about the messages of ``bench/crisis/held_out``, which
nothing is learnt from and no rule was written by: by kind and by language, how many people in
danger are told where help is (*heard*), and how many others are by mistake (*false alarms*), with
the rules alone, with the wording alone, and with both as the product has them. ``--curve`` shows
what other thresholds would give, ``--misses`` lists what is misjudged in ``learnt_from`` by what
was learnt from the other half of it.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bench.crisis.learn import all_told, as_wording, learnt
from bench.crisis.sentences import HELD_OUT, Sentence, sentences_in
from domain.safety.normalise import plain
from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Action, Stage
from domain.safety.wording import Wording
from entrypoints.safety.rules import load_rules, load_rules_alone, load_wording

Judge = Callable[[Sentence], bool]
_ALARM_RATES = (0.01, 0.02, 0.03, 0.05)


def is_referred(rules: SafetyRules, one: Sentence) -> bool:
    """Whether whoever wrote it is told where help is."""
    return rules.check(one.text, Stage.INPUT, is_minor=True).action is Action.REFER


def score(wording: Wording, one: Sentence) -> float:
    """What the wording alone says."""
    return wording.judge(plain(one.text))[0]


def _share(told: Iterable[bool]) -> str:
    answers = list(told)
    return f"{sum(answers) / len(answers):.3f}" if answers else "    -"


def table(sentences: Sequence[Sentence], judges: dict[str, Judge]) -> None:
    """A line for each kind and each language."""
    print(f"{'':24}{'messages':>9}" + "".join(f"{name:>16}" for name in judges))
    for is_crisis, title in ((True, "heard"), (False, "false alarms")):
        some = [one for one in sentences if one.is_crisis is is_crisis]
        groups = [(title, some)]
        groups += [(k, [o for o in some if o.kind == k]) for k in sorted({o.kind for o in some})]
        languages = sorted({one.language for one in some})
        groups += [(code, [o for o in some if o.language == code]) for code in languages]
        for name, group in groups:
            shares = (_share(map(judge, group)) for judge in judges.values())
            indent = "" if name == title else "  "
            print(f"{indent + name:24}{len(group):>9}" + "".join(f"{one:>16}" for one in shares))


def curve(sentences: Sequence[Sentence], rules: SafetyRules, wording: Wording) -> None:
    """What other thresholds would give."""
    scores = np.array([score(wording, one) for one in sentences])
    found = np.array([is_referred(rules, one) for one in sentences])
    crisis = np.array([one.is_crisis for one in sentences])
    print("\nsure  doubtful   heard  false alarms")
    for sure in (2.0, 1.5, 1.0, 0.5, 0.0, -0.5):
        for doubtful in (-99.0, -5.0, -4.0, -3.0, -2.0, -1.0):
            told = (scores >= sure) | (found & (scores >= doubtful))
            heard, alarms = told[crisis].mean(), told[~crisis].mean()
            print(f"{sure:4.1f}  {doubtful:8.1f}  {heard:6.3f}  {alarms:.3f}")
    for rate in _ALARM_RATES:
        sure = float(np.quantile(scores[~crisis], 1 - rate))
        print(f"alone, {rate:.2f} false: from {sure:.2f} on, {(scores[crisis] > sure).mean():.3f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.crisis", description=__doc__)
    parser.add_argument("--curve", action="store_true", help="what each threshold would give")
    parser.add_argument("--misses", action="store_true", help="list what is misjudged, unlearnt")
    asked = parser.parse_args()
    wording, alone, both = load_wording(), load_rules_alone(), load_rules()
    if asked.misses:
        misses(wording)
        return
    sentences = list(sentences_in(HELD_OUT))
    table(
        sentences,
        {
            "rules alone": lambda one: is_referred(alone, one),
            "wording alone": lambda one: score(wording, one) >= wording.sure,
            "both": lambda one: is_referred(both, one),
        },
    )
    if asked.curve:
        curve(sentences, alone, wording)


def misses(wording: Wording) -> None:
    """What is misjudged by what was learnt from the other half."""
    told = all_told()
    for half in (0, 1):
        weights = learnt([one for at, one in enumerate(told) if at % 2 != half])
        judge = as_wording(weights, sure=wording.sure, doubtful=wording.doubtful)
        for one in told[half::2]:
            points = score(judge, one)
            if (points >= judge.sure) is not one.is_crisis:
                print(f"{points:5.1f} {one.language} {one.kind}: {one.text}")


if __name__ == "__main__":
    main()
