"""An opened index: ask, search, and look up a citation in its place."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from threading import Lock

from indexer.config import DEFAULT_MODEL, Config
from indexer.embedding.encoder import Encoder
from indexer.embedding.open import open_encoder
from indexer.errors import Progress, YinjuError
from indexer.store.snapshot import Snapshot, open_snapshot
from indexer.types import Document
from qa.answering.compose import cite, compose, recognised_in
from qa.answering.draft import Draft, draft_answer, rank
from qa.answering.explain import explain
from qa.answering.inline_lists import enumerated, item_label
from qa.conversation.follow_up import stand_alone
from qa.retrieval.cross_encoder import Rerank, open_reranker
from qa.retrieval.hybrid import Retrieved, retrieve
from qa.retrieval.windows import Appraisal

from .matching import rarity_in
from .question import Question, read_question
from .settings import DEFAULTS, Fusion, Settings
from .types import Answer, ScoredPassage

# A question longer than this is no question; the encoder reads about as many characters.
LONGEST = 1000
# A follow-up goes on about one of this many questions before it.
REMEMBERED = 10
# How many ranked passages an answer carries along.
PASSAGES = 10


class Index:
    """A snapshot with the model that it was made with; the model is loaded at the first question."""

    def __init__(self, snapshot: Snapshot, config: Config, settings: Settings = DEFAULTS) -> None:
        self.snapshot = snapshot
        self.config = config
        self.settings = settings
        self._encoder: Encoder | None = None
        self._reranker: Rerank | None = None
        self._opening = Lock()

    @classmethod
    def open(cls, config: Config, settings: Settings = DEFAULTS) -> Index:
        """Opens the current snapshot of `config.index`.

        Raises:
            YinjuError: there is none, it is empty or damaged, or another model made it.
        """
        snapshot = open_snapshot(config.index)
        made_with = snapshot.manifest.model
        asked = None if config.model == DEFAULT_MODEL else config.model
        if config.model is not None and asked != made_with:
            found, model = made_with or DEFAULT_MODEL, config.model
            raise YinjuError("index.other_model", index=config.index, found=found, model=model)
        if not snapshot.manifest.passages:
            raise YinjuError("index.empty", index=config.index)
        return cls(snapshot, config, settings)

    @property
    def encoder(self) -> Encoder:
        """The model, loaded at its first use, once for all threads.

        Raises:
            YinjuError: it cannot be loaded, or is not the one that made the index.
        """
        return self.load()

    @property
    def ready(self) -> bool:
        """Whether the model is loaded."""
        return self._encoder is not None

    def load(self, notify: Progress = lambda stage: None) -> Encoder:
        """Loads the model, or waits until another thread has; prepares it where that was not done.

        Args:
            notify: hears each stage of the preparation.

        Raises:
            YinjuError: as for `encoder`.
        """
        with self._opening:
            if self._encoder is None:
                self._encoder = self._open_encoder(notify)
            return self._encoder

    def _open_encoder(self, notify: Progress) -> Encoder:
        encoder = open_encoder(self.snapshot.manifest.model, self.config.cache, notify)
        if encoder.identity != self.snapshot.manifest.identity:
            model = self.snapshot.manifest.model or DEFAULT_MODEL
            raise YinjuError("index.other_model_version", index=self.config.index, model=model)
        return encoder

    def take_models(self, other: Index) -> None:
        """Takes over the models that another index has loaded, where they are the same."""
        if other._encoder and other._encoder.identity == self.snapshot.manifest.identity:
            self._encoder = other._encoder
        if other.config.reranker == self.config.reranker:
            self._reranker = other._reranker

    @property
    def reranker(self) -> Rerank | None:
        """The cross-encoder of the configuration, loaded at its first use; None where it names none.

        Raises:
            YinjuError: it cannot be loaded.
        """
        if self.config.reranker is None:
            return None
        with self._opening:
            if self._reranker is None:
                self._reranker = open_reranker(self.config.reranker)
            return self._reranker

    def documents(self) -> list[Document]:
        """The reports of the index."""
        return self.snapshot.catalogue.documents()

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        threshold: float | None = None,
        language: str = "zh",
        only: frozenset[int] | None = None,
        exclude: frozenset[int] = frozenset(),
    ) -> Answer:
        """Answers a question with quotations, or says that the reports do not.

        Args:
            history: the questions asked before, oldest first; a follow-up is made to stand alone.
            threshold: the confidence, 0..1, below which the answer is a refusal; None is the
                settings'.
            language: of the refusal and the notes, "zh" or "en"; quotations keep their own.
            only: documents, by id, to look into; None is all. exclude: those to leave out as if
                they were not in the index.
        """
        hidden = self._hidden(only, exclude)
        return self._ask(_checked(question), history, threshold, language, hidden)

    def _hidden(self, only: frozenset[int] | None, exclude: frozenset[int]) -> frozenset[int]:
        """The documents that a question does not look into."""
        if only is None:
            return exclude
        return exclude | ({document.id for document in self.documents()} - only)

    def _ask(
        self,
        question: str,
        history: Sequence[str],
        threshold: float | None,
        language: str,
        exclude: frozenset[int],
    ) -> Answer:
        began = time.perf_counter()
        earlier = [asked for asked in history if asks(asked) and len(asked) <= LONGEST]
        items = cache(partial(self._items, exclude=exclude))
        segmenter = self.snapshot.segmenter
        understood = stand_alone(question, earlier[-REMEMBERED:], items, segmenter)
        asked = read_question(understood, segmenter)
        retrieved = self._retrieve(asked, exclude)
        retrieved_at = time.perf_counter()
        draft = self._draft(asked, retrieved)
        citations = cite(draft, self.snapshot.catalogue)
        least = self.settings.answer.threshold if threshold is None else threshold
        scans = recognised_in(draft, self.snapshot.catalogue)
        text, note, abstained = compose(question, draft, citations, least, language, scans)
        document = self.snapshot.catalogue.document
        why = explain(asked, draft, rarity_in(self.snapshot), least, document)
        ended = time.perf_counter()
        return Answer(
            question=question,
            understood=understood,
            answer=text,
            abstained=abstained,
            confidence=draft.confidence,
            citations=() if abstained else citations,
            passages=tuple(self._scored(draft.ranked, retrieved, PASSAGES)),
            note=note,
            timings_ms={
                "retrieve": (retrieved_at - began) * 1000,
                "answer": (ended - retrieved_at) * 1000,
                "total": (ended - began) * 1000,
            },
            why=why,
        )

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        by_document: bool = False,
        only: frozenset[int] | None = None,
        exclude: frozenset[int] = frozenset(),
    ) -> list[ScoredPassage]:
        """The best `k` passages; with `by_document` the best passage of each of `k` documents.

        Args:
            only: documents, by id, to look into; None is all. exclude: those to leave out as if
                they were not in the index.
        """
        hidden = self._hidden(only, exclude)
        return self._search(_checked(query), k, by_document, hidden)

    def _search(
        self, query: str, k: int, by_document: bool, exclude: frozenset[int]
    ) -> list[ScoredPassage]:
        fusion = self.settings.fusion
        wider = replace(fusion, candidates=max(k, fusion.candidates))
        asked, rarity = read_question(query, self.snapshot.segmenter), rarity_in(self.snapshot)
        retrieved = self._retrieve(asked, exclude, wider)
        encode, rerank = self.encoder.encode_queries, self.reranker
        _, ranked = rank(asked, retrieved, self.snapshot, rarity, self.settings, encode, rerank)
        return self._scored(ranked, retrieved, k, by_document)

    def _retrieve(
        self, asked: Question, exclude: frozenset[int] = frozenset(), fusion: Fusion | None = None
    ) -> Retrieved:
        (vector,) = self.encoder.encode_queries([asked.text])
        fusion = fusion or self.settings.fusion
        return retrieve(self.snapshot, asked, vector, exclude=exclude, fusion=fusion)

    def _draft(self, question: Question, retrieved: Retrieved) -> Draft:
        encode, rerank = self.encoder.encode_queries, self.reranker
        return draft_answer(question, retrieved, self.snapshot, self.settings, encode, rerank)

    def _scored(
        self,
        ranked: Sequence[Appraisal],
        retrieved: Retrieved,
        limit: int,
        by_document: bool = False,
    ) -> list[ScoredPassage]:
        """The passages that were looked at closely, then the other candidates.

        Args:
            by_document: only the best of each document.
        """
        passages = {a.passage.id: a.passage for a in ranked}
        windows = {w.id: w for a in ranked for w in a.windows}
        chosen = [
            *((a.candidate, a.chance) for a in ranked),
            *((c, 0.0) for c in retrieved.candidates if c.passage not in passages),
        ]
        if by_document:
            firsts = {one[0].document: one for one in reversed(chosen)}
            chosen = [one for one in chosen if firsts[one[0].document] is one]
        chosen = chosen[:limit]
        catalogue = self.snapshot.catalogue
        passages |= catalogue.passages([c.passage for c, _ in chosen if c.passage not in passages])
        windows |= catalogue.windows([c.window for c, _ in chosen if c.window not in windows])
        documents = {c.document: catalogue.document(c.document) for c, _ in chosen}
        return [
            ScoredPassage(
                passages[c.passage],
                documents[c.document].path,
                documents[c.document].title,
                c.score,
                c.lexical,
                c.dense,
                windows[c.window],
                chance,
            )
            for c, chance in chosen
        ]

    def _items(self, question: str, exclude: frozenset[int] = frozenset()) -> Sequence[str]:
        """The labels of the list that answers a question, or nothing."""
        asked = read_question(question, self.snapshot.segmenter)
        draft = self._draft(asked, self._retrieve(asked, exclude))
        items = [quote for quote in draft.quotes if quote.passage.kind == "item"]
        if len(items) > 1 and len(items) == len(draft.quotes):
            return [item_label(quote.passage.text) for quote in items]
        if asked.kind == "list" and len(draft.quotes) == 1:
            # 老旧小区的困难集中在三处：A、B、C is quoted whole, but each has its place in it.
            (quote,) = draft.quotes
            text = self.snapshot.catalogue.trail(quote.passage.document).text
            return enumerated(text[quote.span.start : quote.span.end])
        return ()


def asks(text: str) -> bool:
    """Whether a text has anything to look up."""
    return any(character.isalnum() for character in text)


def _checked(text: str) -> str:
    """A question that can be looked up.

    Raises:
        YinjuError: it is empty or too long.
    """
    if not asks(text):
        raise YinjuError("question.empty")
    if len(text) > LONGEST:
        raise YinjuError("question.too_long", found=len(text), most=LONGEST)
    # A lone surrogate, as of a broken argument, is no text.
    return text.encode("utf-8", "replace").decode()
