"""Every number of ranking, appraisal and answering that may be tried out, with its reason.

`yinju eval --set fusion.alpha=0.3,0.5` tries others; `Index.open(config, settings)` uses them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from indexer.errors import YinjuError


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Fusion:
    """How the lexical and the dense ranking become one.

    alpha: the lexical share of the fused score, 0..1; 0.5 is best or within noise on CMRC and DRCD
    (design.md).
    support: where the best passage reaches less than this share of the most that BM25 could give,
    question and report share few words, and words count for less. Below 0.3 are 23 of 24 paraphrase
    questions of the gold sets, and about one in ten of all others.
    candidates: how many each side names; 40 and 100 rank CMRC and DRCD alike.
    """

    alpha: float = 0.5
    support: float = 0.3
    candidates: int = 60

    def __post_init__(self) -> None:
        _require(0 <= self.alpha <= 1, "fusion.alpha must be 0..1")
        _require(self.support > 0, "fusion.support must be above 0")
        _require(self.candidates >= 1, "fusion.candidates must be 1 or more")


@dataclass(frozen=True, slots=True)
class Appraise:
    """A passage's worth as an answer: its fused score, plus or minus what its best window shows.

    held: what it gains for holding all the question's words in one window; missing: the share of
    that it loses for lacking a year, and for lacking a name or number; nearest: what the window
    gains that is nearest by meaning. What it holds counts as far as the question's words can be
    trusted.
    labelled: what an item gains whose label stands in the question: 安全要求讲了什么 asks for
    `2.安全要求:…`.
    depth: how many candidates are looked at so closely.
    """

    held: float = 0.5
    missing: float = 0.6
    nearest: float = 0.05
    labelled: float = 0.15
    depth: int = 8

    def __post_init__(self) -> None:
        _require(self.depth >= 1, "appraise.depth must be 1 or more")


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """How the sentences that answer are found in the best passages.

    passages, sentences: so many passages are looked at (0 leaves them ranked by window), and more while they have fewer sentences
    than this, but never more than most_passages.
    mass: the share of a passage's chance that the quoted sentences must have. With less, quotations
    get shorter and miss more: 0.93 quotes 95 characters instead of 139 on CMRC and 85 on DRCD, and
    holds the answer 0.8 and 2.6 points less often (tests/benchmarks/training/train_sentences.py).
    longest: of a quotation, in characters.
    reread: whether the question is encoded again without the passage's subject (0 or 1): three
    short encodings, some 15 ms, for 2 points of answers in the first quotation on CMRC.
    """

    passages: int = 3
    sentences: int = 12
    most_passages: int = 8
    mass: float = 0.995
    longest: int = 160
    reread: int = 1

    def __post_init__(self) -> None:
        _require(self.passages >= 0, "pinpoint.passages must be 0 or more")
        _require(0 < self.mass <= 1, "pinpoint.mass must be above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Answering:
    """What is quoted, and when nothing is.

    threshold: the confidence below which the answer is that the reports do not say. Held out, report
    by report, it refuses 52 % of the unanswerable questions, all of them written to be hard, and 9 %
    of those that are answered; of the longer ones 58 % and 5 % (tests/benchmarks/training/calibrate.py).
    second, second_unsure: a second passage is quoted as well where its worth reaches this share of
    the first's: where the question shares its words with the report, and where it shares none.
    longest_told: a list that a paragraph tells in turn is quoted whole up to this many characters.
    longest_sentence: a window is widened to its sentence up to this many characters.
    """

    threshold: float = 0.34
    second: float = 0.95
    second_unsure: float = 0.75
    longest_told: int = 400
    longest_sentence: int = 160

    def __post_init__(self) -> None:
        _require(0 <= self.threshold <= 1, "answer.threshold must be 0..1")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them, by group."""

    fusion: Fusion = Fusion()
    appraise: Appraise = Appraise()
    pinpoint: Pinpoint = Pinpoint()
    answer: Answering = Answering()


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Combination:
    """Settings with the choices that made them, "group.name" -> value."""

    chosen: dict[str, float]
    settings: Settings

    @property
    def label(self) -> str:
        """The choices on one line."""
        return " ".join(f"{name}={value:g}" for name, value in self.chosen.items())


def combinations(choices: Sequence[str]) -> list[Combination]:
    """All combinations of choices such as "fusion.alpha=0.3,0.5", the last one changing fastest.

    Raises:
        YinjuError: a choice names no setting, or a value that it cannot have.
    """
    named = [_choice(text) for text in choices]
    names = [name for name, _ in named]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise YinjuError("settings.twice", name=twice)
    return [
        Combination(chosen, _applied(chosen))
        for values in itertools.product(*(values for _, values in named))
        for chosen in [dict(zip(names, values, strict=True))]
    ]


def setting_names() -> dict[str, float]:
    """ "group.name" -> default of every setting."""
    return {
        f"{group.name}.{one.name}": getattr(getattr(DEFAULTS, group.name), one.name)
        for group in fields(Settings)
        for one in fields(getattr(DEFAULTS, group.name))
    }


def _choice(text: str) -> tuple[str, list[float]]:
    name, equals, told = (part.strip() for part in text.partition("="))
    known = setting_names()
    if not equals or not told:
        raise YinjuError("settings.no_value", text=text)
    if name not in known:
        raise YinjuError("settings.unknown", text=text, name=name, known=", ".join(known))
    return name, [_number(name, value.strip(), known[name]) for value in told.split(",")]


def _number(name: str, text: str, default: float) -> float:
    try:
        value = int(text) if isinstance(default, int) else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        whole = isinstance(default, int)
        code = "settings.no_whole_number" if whole else "settings.no_number"
        raise YinjuError(code, name=name, value=text, known=", ".join(setting_names()))
    return value


def _applied(chosen: dict[str, float]) -> Settings:
    settings: Any = DEFAULTS
    try:
        for name, value in chosen.items():
            group, _, field = name.partition(".")
            changed = replace(getattr(settings, group), **{field: value})
            settings = replace(settings, **{group: changed})
    except ValueError as error:
        raise YinjuError("settings.refused", reason=str(error)) from error
    return settings  # type: ignore[no-any-return]


def checked_threshold(threshold: Any) -> float | None:
    """A threshold that a program sent; None is the settings'.

    Raises:
        YinjuError: it is no number from 0 to 1.
    """
    if threshold is None:
        return None
    number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
    if not number or not 0 <= threshold <= 1:
        raise YinjuError("question.threshold", value=str(threshold)[:40])
    return float(threshold)
