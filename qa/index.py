"""An opened index: ask, search, and look up a citation in its place."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from threading import Lock

from indexer.build import DEFAULT_MODEL
from indexer.config import Config
from indexer.encoder import Encoder, open_encoder
from indexer.errors import YinjuError
from indexer.snapshot import Snapshot, open_snapshot

from .answer import cite, compose, draft_answer
from .appraise import label_of
from .confidence import THRESHOLD
from .converse import stand_alone
from .question import read_question
from .retrieve import CANDIDATES, Retrieved, question_text, retrieve
from .types import Answer, Document, ScoredPassage

# A question longer than this is no question; the encoder reads about as many characters.
LONGEST = 1000
# A follow-up goes on about one of this many questions before it.
REMEMBERED = 10
# How many ranked passages an answer carries along.
PASSAGES = 10


class Index:
    """A snapshot with the model that it was made with; the model is loaded at the first question."""

    def __init__(self, snapshot: Snapshot, config: Config) -> None:
        self.snapshot = snapshot
        self.config = config
        self._encoder: Encoder | None = None
        self._opening = Lock()

    @classmethod
    def open(cls, config: Config) -> Index:
        """Opens the current snapshot of `config.index`.

        Raises:
            YinjuError: there is none, it is empty or damaged, or another model made it.
        """
        snapshot = open_snapshot(config.index)
        made_with = snapshot.manifest.model
        asked = None if config.model == DEFAULT_MODEL else config.model
        if config.model is not None and asked != made_with:
            raise YinjuError(
                f"{config.index}: the index was made with the model {made_with or DEFAULT_MODEL}, not "
                f"{config.model}; rebuild it with: yinju index --index {config.index} --model {config.model}"
            )
        if not snapshot.manifest.passages:
            raise YinjuError(
                f"{config.index}: the index is empty; add reports with: yinju index PATH --index {config.index}"
            )
        return cls(snapshot, config)

    @property
    def encoder(self) -> Encoder:
        """The model, loaded at its first use, once for all threads.

        Raises:
            YinjuError: it cannot be loaded, or is not the one that made the index.
        """
        with self._opening:
            if self._encoder is None:
                self._encoder = self._open_encoder()
            return self._encoder

    def _open_encoder(self) -> Encoder:
        encoder = open_encoder(self.snapshot.manifest.model, self.config.cache)
        if encoder.identity != self.snapshot.manifest.identity:
            model = self.snapshot.manifest.model or DEFAULT_MODEL
            raise YinjuError(
                f"{self.config.index}: the index was made with another version of the model {model}; "
                f"rebuild it with: yinju index --index {self.config.index} --model {model}"
            )
        return encoder

    def documents(self) -> list[Document]:
        """The reports of the index."""
        return self.snapshot.catalogue.documents()

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        threshold: float = THRESHOLD,
        language: str = "zh",
    ) -> Answer:
        """Answers a question with quotations, or says that the reports do not.

        Args:
            history: the questions asked before, oldest first; a follow-up is made to stand alone.
            threshold: the confidence, 0..1, below which the answer is a refusal.
            language: of the refusal and the notes, "zh" or "en"; quotations keep their own.
        """
        began = time.perf_counter()
        question = _checked(question)
        earlier = [asked for asked in history if asks(asked) and len(asked) <= LONGEST]
        understood = stand_alone(question, earlier[-REMEMBERED:], cache(self._items))
        retrieved = self._retrieve(understood)
        retrieved_at = time.perf_counter()
        draft = draft_answer(read_question(understood), retrieved, self.snapshot)
        citations = cite(draft, self.snapshot.catalogue)
        text, note, abstained = compose(question, draft, citations, threshold, language)
        ended = time.perf_counter()
        return Answer(
            question=question,
            understood=understood,
            answer=text,
            abstained=abstained,
            confidence=draft.confidence,
            citations=() if abstained else citations,
            passages=self._scored(retrieved, PASSAGES),
            note=note,
            timings_ms={
                "retrieve": (retrieved_at - began) * 1000,
                "answer": (ended - retrieved_at) * 1000,
                "total": (ended - began) * 1000,
            },
        )

    def search(self, query: str, k: int = 10, *, by_document: bool = False) -> list[ScoredPassage]:
        """The best `k` passages; with `by_document` the best passage of each of `k` documents."""
        scored = self._scored(self._retrieve(_checked(query), max(k, CANDIDATES)), None)
        if by_document:
            best: dict[int, ScoredPassage] = {}
            for one in scored:
                best.setdefault(one.passage.document, one)
            scored = tuple(best.values())
        return list(scored[:k])

    def _retrieve(self, text: str, candidates: int = CANDIDATES) -> Retrieved:
        (vector,) = self.encoder.encode_queries([question_text(text)])
        return retrieve(self.snapshot, text, vector, candidates=candidates)

    def _scored(self, retrieved: Retrieved, limit: int | None) -> tuple[ScoredPassage, ...]:
        chosen = retrieved.candidates[:limit]
        documents = {
            i: self.snapshot.catalogue.document(i) for i in {c.passage.document for c in chosen}
        }
        return tuple(
            ScoredPassage(
                c.passage,
                documents[c.passage.document].path,
                documents[c.passage.document].title,
                c.score,
                c.lexical,
                c.dense,
                c.window,
            )
            for c in chosen
        )

    def _items(self, question: str) -> Sequence[str]:
        """The labels of the list that answers a question, or nothing."""
        draft = draft_answer(read_question(question), self._retrieve(question), self.snapshot)
        if len(draft.quotes) < 2:
            return ()
        return [label_of(quote.passage.text) for quote in draft.quotes]


def asks(text: str) -> bool:
    """Whether a text has anything to look up."""
    return any(character.isalnum() for character in text)


def _checked(text: str) -> str:
    """A question that can be looked up.

    Raises:
        YinjuError: it is empty or too long.
    """
    if not asks(text):
        raise YinjuError("the question is empty; ask something")
    if len(text) > LONGEST:
        raise YinjuError(f"the question has {len(text)} characters; ask in {LONGEST} or fewer")
    # A lone surrogate, as of a broken argument, is no text.
    return text.encode("utf-8", "replace").decode()
