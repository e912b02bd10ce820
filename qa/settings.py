"""The settings of ranking and answering, each with the reason for its value.

`yinju eval --set fusion.alpha=0.3,0.5` compares values; `Index.open(config, settings)` uses them.
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
    """How the lexical and the dense ranking are combined."""

    alpha: float = 0.5
    """The lexical share of the fused score, 0..1. 0.5 is best or within noise on CMRC and DRCD."""
    support: float = 0.3
    """The share of the highest possible BM25 score from which the question's words are trusted
    fully. If the best passage reaches less, question and report share few words, and words count
    for less. 23 of 24 paraphrase questions of the gold sets are below 0.3, and about one in ten of
    all others."""
    candidates: int = 60
    """How many passages each ranking contributes; 40 and 100 rank CMRC and DRCD alike."""

    def __post_init__(self) -> None:
        _require(0 <= self.alpha <= 1, "fusion.alpha must be 0..1")
        _require(self.support > 0, "fusion.support must be above 0")
        _require(self.candidates >= 1, "fusion.candidates must be 1 or more")


@dataclass(frozen=True, slots=True)
class Appraise:
    """How candidates are ranked by their best window: what is added to the fused score."""

    held: float = 0.5
    """What a window gains that contains all words of the question. One that contains a part of
    them gains that share, as far as the question's words can be trusted."""
    missing: float = 0.6
    """The share of `held` that a window loses for lacking a year of the question, and again for
    lacking a name or number."""
    nearest: float = 0.05
    """What the passage's window with the highest cosine gains."""
    labelled: float = 0.15
    """What an item gains whose label stands in the question: 安全要求讲了什么 asks for
    `2.安全要求:…`."""
    depth: int = 8
    """How many candidates are ranked this way."""

    def __post_init__(self) -> None:
        _require(self.depth >= 1, "appraise.depth must be 1 or more")


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """How the sentences that answer are found in the best passages."""

    passages: int = 3
    """How many passages are split into sentences, at least; 0 leaves them ranked by window."""
    sentences: int = 12
    """More passages are added until they have this many sentences together."""
    most_passages: int = 8
    """No more passages than this are split."""
    mass: float = 0.995
    """The share of a passage's probability that the quoted sentences must have. With less,
    quotations get shorter and miss more: 0.93 quotes 95 characters instead of 139 on CMRC and 85 on
    DRCD, and holds the answer 0.8 and 2.6 points less often
    (tests/benchmarks/training/train_sentences.py)."""
    longest: int = 160
    """The longest quotation, in characters."""
    reread: int = 1
    """Whether the question is encoded again without the passage's subject (0 or 1): three short
    encodings, some 15 ms, for 2 points of answers in the first quotation on CMRC."""

    def __post_init__(self) -> None:
        _require(self.passages >= 0, "pinpoint.passages must be 0 or more")
        _require(0 < self.mass <= 1, "pinpoint.mass must be above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader reads: it takes 20 ms a passage on two cores."""

    depth: int = 8
    """How many of the first passages are read, at most; 0 switches the reader off."""
    first: int = 2
    """How many are read at once; the others only if none of these clearly answers."""
    clear: float = 2.0
    """The log-odds, by the reader, from which a passage clearly answers. Reading stops after the first
    passages for half of the questions of corpus/gold, and Recall@1 is the same as with 8 read."""
    weight: float = 1.0
    """What a unit of the reader's score counts against the logarithm of the probability by features."""

    def __post_init__(self) -> None:
        _require(self.depth >= 0, "reading.depth must be 0 or more")
        _require(self.first >= 1, "reading.first must be 1 or more")


@dataclass(frozen=True, slots=True)
class Answering:
    """What is quoted, and when the answer is a refusal."""

    threshold: float = 0.4
    """The confidence below which the answer is that the reports do not say. On the develop split of
    corpus/training, each report left out, it refuses 47 % of the near misses and 19 % of the questions
    that are answered rightly (tests/benchmarks/training/calibrate_reading.py)."""
    second: float = 0.95
    """A second passage is quoted as well if its window score reaches this share of the first
    one's. This value holds where the question shares its words with the report."""
    second_unsure: float = 0.75
    """The same share where the question has no word in common with the report."""
    second_read: float = 0.05
    """With a reader, it must also be this much as likely as the first one to be what answers. Of 124
    second quotations that this leaves out (develop split, corpus/gold and two sets that took no part),
    11 held evidence."""
    longest_told: int = 400
    """A paragraph that enumerates the items of a list is quoted whole up to this many characters."""
    longest_sentence: int = 160
    """A window is widened to its sentence up to this many characters."""

    def __post_init__(self) -> None:
        _require(0 <= self.threshold <= 1, "answer.threshold must be 0..1")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, by group."""

    fusion: Fusion = Fusion()
    appraise: Appraise = Appraise()
    pinpoint: Pinpoint = Pinpoint()
    reading: Reading = Reading()
    answer: Answering = Answering()


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Combination:
    """Settings, and how they differ from the defaults."""

    chosen: dict[str, float]
    """"group.name" -> value of each setting that was chosen."""
    settings: Settings
    """The settings with these values."""

    @property
    def label(self) -> str:
        """Return the chosen values on one line."""
        return " ".join(f"{name}={value:g}" for name, value in self.chosen.items())


def expand_choices(choices: Sequence[str]) -> list[Combination]:
    """Return all combinations of choices such as "fusion.alpha=0.3,0.5", the last varying fastest.

    Raises:
        YinjuError: a choice names no setting, one that another choice names, or a value that the
            setting cannot have.
    """
    named = [_parse_choice(text) for text in choices]
    names = [name for name, _ in named]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise YinjuError("settings.twice", name=twice)
    return [
        Combination(chosen, _apply(chosen))
        for values in itertools.product(*(values for _, values in named))
        for chosen in [dict(zip(names, values, strict=True))]
    ]


def list_settings() -> dict[str, float]:
    """Return the default of every setting by its name, "group.name"."""
    return {
        f"{group.name}.{setting.name}": getattr(getattr(DEFAULTS, group.name), setting.name)
        for group in fields(Settings)
        for setting in fields(getattr(DEFAULTS, group.name))
    }


def _parse_choice(text: str) -> tuple[str, list[float]]:
    name, equals, values = (part.strip() for part in text.partition("="))
    known = list_settings()
    if not equals or not values:
        raise YinjuError("settings.no_value", text=text)
    if name not in known:
        raise YinjuError("settings.unknown", text=text, name=name, known=", ".join(known))
    return name, [_parse_number(name, value.strip(), known[name]) for value in values.split(",")]


def _parse_number(name: str, text: str, default: float) -> float:
    try:
        value = int(text) if isinstance(default, int) else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        whole = isinstance(default, int)
        code = "settings.no_whole_number" if whole else "settings.no_number"
        raise YinjuError(code, name=name, value=text, known=", ".join(list_settings()))
    return value


def _apply(chosen: dict[str, float]) -> Settings:
    settings: Any = DEFAULTS
    try:
        for name, value in chosen.items():
            group, _, field = name.partition(".")
            changed = replace(getattr(settings, group), **{field: value})
            settings = replace(settings, **{group: changed})
    except ValueError as error:
        raise YinjuError("settings.refused", reason=str(error)) from error
    return settings  # type: ignore[no-any-return]


def check_threshold(threshold: Any) -> float | None:
    """Return a threshold that came from outside as a number; None, for that of the settings, stays.

    Raises:
        YinjuError: the threshold is no number from 0 to 1.
    """
    if threshold is None:
        return None
    number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
    if not number or not 0 <= threshold <= 1:
        raise YinjuError("question.threshold", value=str(threshold)[:40])
    return float(threshold)
