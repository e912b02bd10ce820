"""The core values: what an index holds and what an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets in a document's clean text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A report as it was indexed. id: its row in the snapshot; path: as it was named.

    resolved: its absolute path, by which it is known. tags: the user's own. modified: the day on
    which its file was last written, as 2023-05-31. pages: how many it has; 0 without any.
    """

    id: int
    path: str
    title: str
    format: str
    encoding: str | None
    truncated: bool
    problems: tuple[str, ...]
    characters: int
    passages: int
    resolved: str = ""
    tags: tuple[str, ...] = ()
    modified: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a list item or a table row.

    headings: the path above it, outermost first. header: the header row of a table's row.
    """

    id: int
    document: int
    start: int
    end: int
    kind: str  # "paragraph", "item" or "row"
    headings: tuple[str, ...]
    text: str
    header: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of whole sentences of a passage, the unit that is embedded.

    A window of kind "list" stands for a whole list: its vector is that of the heading, the
    sentence that introduces the list and the items' labels, and it is never quoted as such.
    """

    id: int
    passage: int
    start: int
    end: int
    kind: str  # "text" or "list"


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of a report: the headings above it, its items in order, what each is called.

    kind: "items", or "headings" where the items are the sections of a chapter. truncated: it
    breaks off with the report.
    """

    id: int
    document: int
    kind: str
    headings: tuple[str, ...]
    intro: Span | None
    items: tuple[Span, ...]
    labels: tuple[Span, ...]
    truncated: bool


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
