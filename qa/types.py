"""The core values: what an index holds and what an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.types import Passage, Window


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its fused score and the two parts of it.

    score: 0..1, the convex combination of both parts, each min-max normalised over the candidates
    of one question. lexical: BM25, 0 where no term is shared. dense: cosine of the best window,
    which is `window`. chance: 0..1, how likely it answers among the passages that were looked at by
    sentence; they come first, by chance, then the others by score.
    """

    passage: Passage
    path: str
    title: str
    score: float
    lexical: float
    dense: float
    window: Window
    chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation and its place.

    start, end: in the clean text; raw_start, raw_end: in the raw decoded text. page: of a file
    that has pages. score: of the passage that it is taken from. header: the header row over a
    quoted row of a table.
    """

    document: str
    title: str
    headings: tuple[str, ...]
    quote: str
    start: int
    end: int
    raw_start: int
    raw_end: int
    page: int | None
    score: float
    header: str = ""


@dataclass(frozen=True, slots=True)
class WordHeld:
    """A word of the question: its rarity 0..1, and whether the answer or its headings hold it."""

    word: str
    weight: float
    held: bool


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A passage that was looked at and not quoted.

    reason: "lacks" (what the question gives, in `detail`), "repeats" (a quoted passage), "introduces"
    (a list, and nothing else), or "less likely". chance: as in `ScoredPassage`.
    """

    document: str
    title: str
    headings: tuple[str, ...]
    text: str
    chance: float
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why an answer, or a refusal, is what it is.

    words: the question's, rarest first. score: the parts of the first quoted passage's score by
    name. confidence: what each feature adds to the log-odds that the reports answer the question,
    "base" among them. threshold: the confidence that was asked for. passed_over: best first.
    """

    words: tuple[WordHeld, ...]
    score: dict[str, float]
    confidence: dict[str, float]
    threshold: float
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: quotations, or the word that the reports do not say.

    understood: the question as it was answered, a follow-up made to stand alone.
    confidence: 0..1, the calibrated probability that the reports answer the question.
    passages: the ranked passages behind it. note: what the reader must know (a list that breaks
    off), or empty.
    """

    question: str
    understood: str
    answer: str
    abstained: bool
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[ScoredPassage, ...]
    note: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    why: Why | None = None
