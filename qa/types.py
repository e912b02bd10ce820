"""What an answer consists of: quotations, ranked passages and the reasons behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.types import Passage, Window


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage of the ranking with its scores.

    Passages whose sentences were scored come first, by `chance`; the others follow by `score`.
    """

    passage: Passage
    """The passage."""
    path: str
    """The file of its report, as it was indexed."""
    title: str
    """The title of its report."""
    score: float
    """The fused score, 0..1: the convex combination of the lexical and the dense score, each
    min-max normalised over the candidates of one question."""
    lexical: float
    """The BM25 score; 0 where no term is shared."""
    dense: float
    """The cosine of the best window."""
    window: Window
    """The best window."""
    chance: float = 0.0
    """The probability, 0..1, that this passage answers rather than another one whose sentences
    were scored; 0 for a passage whose sentences were not."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation and its place."""

    document: str
    """The file of the report, as it was indexed."""
    title: str
    """The title of the report."""
    headings: tuple[str, ...]
    """The headings above the quotation, outermost first."""
    quote: str
    """The quotation."""
    start: int
    """Where it starts in the clean text."""
    end: int
    """Where it ends in the clean text."""
    raw_start: int
    """Where it starts in the raw decoded text."""
    raw_end: int
    """Where it ends in the raw decoded text."""
    page: int | None
    """The number of the page; None for a file without pages."""
    score: float
    """The fused score of the passage that it is taken from."""
    header: str = ""
    """The header row above a quoted table row, or ""."""
    lead: str = ""
    """The caption and the unit above that header, a line each, or ""."""


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word of the question, and whether the answer contains it."""

    word: str
    """The word, folded."""
    weight: float
    """Its rarity, 0..1."""
    held: bool
    """Whether the answer or the headings above it contain the word."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A passage that was scored closely and not quoted."""

    document: str
    """The file of the report, as it was indexed."""
    title: str
    """The title of the report."""
    headings: tuple[str, ...]
    """The headings above the passage, outermost first."""
    text: str
    """The passage."""
    chance: float
    """Its probability, as in `ScoredPassage`."""
    reason: str
    """"lacks" (something that the question gives), "repeats" (a quoted passage), "introduces" (a
    list, and says nothing else) or "less likely"."""
    detail: str = ""
    """What it lacks, or ""."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why an answer, or a refusal, is what it is."""

    words: tuple[QuestionWord, ...]
    """The words of the question, rarest first."""
    score: dict[str, float]
    """The parts of the first quoted passage's score, by name."""
    confidence: dict[str, float]
    """What each feature adds to the log-odds that the reports answer the question, and "base"."""
    threshold: float
    """The confidence that an answer needed."""
    passed_over: tuple[PassedOver, ...]
    """Passages that were not quoted, best first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: quotations, or the statement that the reports do not say."""

    question: str
    """The question as it was asked."""
    understood: str
    """The question as it was answered: a follow-up is rewritten so that it stands alone."""
    answer: str
    """The text that the user sees."""
    abstained: bool
    """Whether it is a refusal."""
    confidence: float
    """The calibrated probability, 0..1, that the reports answer the question."""
    citations: tuple[Citation, ...]
    """The quotations; none in a refusal."""
    passages: tuple[ScoredPassage, ...]
    """The ranked passages behind the answer."""
    note: str = ""
    """What the reader must know of the answer (its list breaks off, say), or ""."""
    timings_ms: dict[str, float] = field(default_factory=dict)
    """Milliseconds of each stage, by name."""
    why: Why | None = None
    """The reasons; None where nothing was found at all."""
    scope: tuple[str, ...] = ()
    """The files of the reports that the question names; none if it names no report."""
    meant: tuple[str, ...] = ()
    """The titles of these reports, or of the nearest ones if no report is about what is asked."""
    unknown: tuple[str, ...] = ()
    """The places and firms that the question is about, if no report is about them."""
