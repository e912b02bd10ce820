"""An opened index: ask a question, or search for passages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from threading import Lock

from indexer.config import DEFAULT_MODEL, Config
from indexer.embedding.encoder import Encoder
from indexer.embedding.open import open_encoder, open_reader
from indexer.embedding.reader import Reader
from indexer.errors import Progress, YinjuError
from indexer.store.snapshot import Snapshot, open_snapshot
from indexer.text.fold import fold
from indexer.text.lexicon import is_common_word
from indexer.text.straits import cross_strait
from indexer.types import Document
from qa.answering.compose import cite, compose, find_ocr_citations, score_passages
from qa.answering.draft import draft_answer, lower_confidence
from qa.answering.explain import explain
from qa.answering.inline_lists import read_item_label, split_enumeration
from qa.answering.properties import tell_property
from qa.answering.quoting import Draft
from qa.conversation.follow_up import rewrite_follow_up
from qa.retrieval.cross_encoder import Rerank, open_reranker
from qa.retrieval.hybrid import Retrieved, retrieve
from qa.retrieval.misspelt import Misspellings
from qa.retrieval.rank import rank_passages
from qa.retrieval.reading import Read
from qa.retrieval.scope import (
    ReportNames,
    Scope,
    find_hidden,
    find_holders,
    find_unknown,
    without_names,
)
from qa.retrieval.subjects import find_subjects

from .matching import rarity_in
from .question import Question, read_question
from .settings import DEFAULTS, Fusion, Settings
from .types import Answer, ScoredPassage

# The longest question, in characters: the encoder reads about as many.
MAX_QUESTION_LENGTH = 1000
# How many earlier questions a follow-up may refer to.
_MAX_HISTORY = 10
# A question of at most so many terms may be the end of the one before it. Joined with that, it is less
# sure what answers it: so much is taken from the log-odds. On 116 follow-ups of the fit and develop
# splits evidence rises from 0.51 to 0.86; 120 questions that stand alone answer as they did.
_MOST_JOINED_TERMS, _JOINED_LOSS = 5, 0.65
# How many ranked passages an answer contains.
_ANSWER_PASSAGES = 10


@dataclass(frozen=True, slots=True)
class _Found:
    """What is found for a question, before its citations are drawn up."""

    understood: str
    """The question as it was asked of the reports."""
    asked: Question
    scope: Scope | None
    retrieved: Retrieved
    draft: Draft
    retrieve_ms: float
    """How long the retrieval took, in milliseconds."""
    unknown: tuple[str, ...] = ()
    """The places and firms that the question is about, if no report is."""


class Index:
    """A snapshot and the model that made it; the first question loads the model."""

    def __init__(self, snapshot: Snapshot, config: Config, settings: Settings = DEFAULTS) -> None:
        self.snapshot = snapshot
        self.config = config
        self.settings = settings
        self._encoder: Encoder | None = None
        self._reranker: Rerank | None = None
        self._reader: Reader | None = None
        self._opening = Lock()
        self._by_name = True

    @classmethod
    def open(cls, config: Config, settings: Settings = DEFAULTS) -> Index:
        """Open the current snapshot of `config.index`.

        Raises:
            YinjuError: there is no snapshot, it is empty or damaged, or another model made it.
        """
        snapshot = open_snapshot(config.index)
        made_with = snapshot.manifest.model
        wanted = None if config.model == DEFAULT_MODEL else config.model
        if config.model is not None and wanted != made_with:
            found, model = made_with or DEFAULT_MODEL, config.model
            raise YinjuError("index.other_model", index=config.index, found=found, model=model)
        if not snapshot.manifest.passages:
            raise YinjuError("index.empty", index=config.index)
        return cls(snapshot, config, settings)

    @property
    def encoder(self) -> Encoder:
        """Return the model. The first use loads it, once for all threads.

        Raises:
            YinjuError: the model cannot be loaded, or is not the one that made the index.
        """
        return self.load()

    @property
    def ready(self) -> bool:
        """Return whether the model and its reader are loaded."""
        return self._encoder is not None and (self._reader is not None or not self._has_reader)

    def load(self, notify: Progress = lambda stage: None) -> Encoder:
        """Load the model, or wait until another thread has; prepare it if that was not done before.

        Args:
            notify: is called with each stage of the preparation.

        Raises:
            YinjuError: as for `encoder`.
        """
        with self._opening:
            if self._encoder is None:
                self._encoder = self._open_encoder(notify)
            if self._reader is None and self._has_reader:
                self._reader = open_reader(self.config.cache, notify)
            return self._encoder

    def _open_encoder(self, notify: Progress) -> Encoder:
        encoder = open_encoder(self.snapshot.manifest.model, self.config.cache, notify)
        if encoder.identity != self.snapshot.manifest.identity:
            model = self.snapshot.manifest.model or DEFAULT_MODEL
            raise YinjuError("index.other_model_version", index=self.config.index, model=model)
        return encoder

    def take_models(self, other: Index) -> None:
        """Take over the models that another index has loaded, if they are the same."""
        if other._encoder and other._encoder.identity == self.snapshot.manifest.identity:
            self._encoder, self._reader = other._encoder, other._reader
        if other.config.reranker == self.config.reranker:
            self._reranker = other._reranker

    @property
    def reranker(self) -> Rerank | None:
        """Return the cross-encoder of the configuration, None if it names none.

        The first use loads it.

        Raises:
            YinjuError: the cross-encoder cannot be loaded.
        """
        if self.config.reranker is None:
            return None
        with self._opening:
            if self._reranker is None:
                self._reranker = open_reranker(self.config.reranker)
            return self._reranker

    @property
    def _has_reader(self) -> bool:
        """Return whether passages are read: with the default model, and without a reranker.

        The reader is the default model with an adapter; another model or a reranker takes its place.
        """
        default = self.snapshot.manifest.model is None and self.config.reranker is None
        return default and self.config.reader and self.settings.reading.depth > 0

    def without_reader(self) -> Index:
        """Return the same index with the reader off; it shares the encoder."""
        reading = replace(self.settings.reading, depth=0)
        quick = Index(self.snapshot, self.config, replace(self.settings, reading=reading))
        quick.take_models(self)
        return quick

    def _without_names(self) -> Index:
        """Return the same index, whose questions name no reports; it shares the models."""
        self.load()
        index = Index(self.snapshot, self.config, self.settings)
        index.take_models(self)
        index._by_name = False
        return index

    def _reads(self, question: str) -> Read | None:
        """Return what reads texts as answers to a question; None if there is no reader."""
        if not self._has_reader:
            return None
        self.load()
        assert self._reader is not None, "loaded with the encoder"
        return partial(self._reader.read, fold(question))

    def documents(self) -> list[Document]:
        """Return the reports of the index."""
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
        by_name: bool = True,
    ) -> Answer:
        """Answer a question with quotations, or say that the reports do not answer it.

        Args:
            history: the questions asked before, oldest first; a follow-up is rewritten so that it
                stands alone.
            threshold: the confidence, 0..1, below which the answer is a refusal; None takes that of
                the settings.
            language: the language of the refusal and the notes, "zh" or "en". Quotations keep
                theirs.
            only: the ids of the documents to search; None is all.
            exclude: the ids of documents to leave out as if they were not in the index.
            by_name: whether a name in the question chooses the reports that are searched.

        Raises:
            YinjuError: the question is empty or too long, or a model cannot be loaded.
        """
        hidden = self._find_hidden(only, exclude)
        if not by_name and self._by_name:
            return self._without_names()._ask(
                _check_question(question), history, threshold, language, hidden
            )
        return self._ask(_check_question(question), history, threshold, language, hidden)

    def _find_hidden(self, only: frozenset[int] | None, exclude: frozenset[int]) -> frozenset[int]:
        """Return the ids of the documents that are not searched."""
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
        earlier = [q for q in history if has_words(q) and len(q) <= MAX_QUESTION_LENGTH]
        found = self._find(question, earlier[-_MAX_HISTORY:], exclude)
        draft = found.draft
        citations = cite(draft, self.snapshot.catalogue)
        least = self.settings.answer.threshold if threshold is None else threshold
        by_ocr = find_ocr_citations(draft, self.snapshot.catalogue)
        document = self.snapshot.catalogue.document
        meant = self._named_titles(found)
        text, note, abstained = compose(
            question, draft, citations, least, language, by_ocr, found.unknown, meant
        )
        why = explain(found.asked, draft, rarity_in(self.snapshot), least, document)
        ended = time.perf_counter()
        return Answer(
            question=question,
            understood=found.understood,
            answer=text,
            abstained=abstained,
            confidence=draft.confidence,
            citations=() if abstained else citations,
            passages=tuple(
                score_passages(
                    draft.ranked, found.retrieved, self.snapshot.catalogue, _ANSWER_PASSAGES
                )
            ),
            note=note,
            timings_ms={
                "retrieve": found.retrieve_ms,
                "answer": (ended - began) * 1000 - found.retrieve_ms,
                "total": (ended - began) * 1000,
            },
            why=why,
            scope=self._scope_paths(found.scope),
            meant=meant,
            unknown=found.unknown,
        )

    def _find(self, question: str, earlier: Sequence[str], exclude: frozenset[int]) -> _Found:
        """Return what is found for a question, or for it together with the one before it.

        A short follow-up that no rule rewrites and that names no report is tried both ways; the surer
        draft counts. The history are the earlier questions, oldest first.
        """
        items_of = cache(partial(self._find_item_labels, exclude=exclude))
        segmenter = self.snapshot.segmenter
        understood = rewrite_follow_up(question, earlier, items_of, segmenter)
        understood = self._correct_names(understood, exclude)
        found = self._find_in_both_words(understood, exclude)
        is_short = 0 < len(found.asked.terms) <= _MOST_JOINED_TERMS
        if not earlier or understood != question or found.scope or not is_short:
            return found
        last = rewrite_follow_up(earlier[-1], earlier[:-1], items_of, segmenter)
        text = f"{last.rstrip('?？。')} {question}"
        joined = self._find_one(text[-MAX_QUESTION_LENGTH:], exclude)
        surer = replace(joined, draft=lower_confidence(joined.draft, _JOINED_LOSS))
        return surer if surer.draft.confidence > found.draft.confidence else found

    def _correct_names(self, text: str, exclude: frozenset[int]) -> str:
        """Return a question with the names of reports that it misspells as they are written."""
        folded = fold(text)
        if not self._by_name or self._understand(text, exclude)[1] is not None:
            return text
        corrected = self._misspellings.correct(folded, self._is_used)
        return text if corrected == folded else corrected

    def _is_used(self, text: str) -> bool:
        """Return whether a folded text stands in a passage."""
        return bool(find_holders(self.snapshot, text))

    @cached_property
    def _misspellings(self) -> Misspellings:
        return Misspellings(name for names in self._names.by_start.values() for name, _ in names)

    def _find_in_both_words(self, understood: str, exclude: frozenset[int]) -> _Found:
        """Return what is found for a question in its own words or in those of the other side.

        服务器 is 伺服器 in Taiwan. The other words are tried where the own ones find no sure answer and
        the reports use the others more; the surer draft counts.
        """
        found = self._find_one(understood, exclude)
        if found.draft.confidence >= self.settings.answer.threshold:
            return found
        own = text = fold(understood)
        for term in found.asked.terms:
            for other in cross_strait(term.word):
                if self._count_passages(other) > self._count_passages(term.word):
                    text = text.replace(term.word, other)
                    break
        if text == own:
            return found
        translated = self._find_one(text, exclude)
        surer = translated.draft.confidence > found.draft.confidence
        return replace(translated, understood=understood) if surer else found

    def _count_passages(self, word: str) -> int:
        """Return in how many passages a folded word stands, or the rarest word of a phrase."""
        words = self.snapshot.segmenter.content_words(word)
        return min(map(self.snapshot.lexical.document_frequency, words), default=0)

    def _find_one(self, understood: str, exclude: frozenset[int]) -> _Found:
        """Return what is found for a question that stands alone."""
        began = time.perf_counter()
        asked, scope = self._understand(understood, exclude)
        unknown = find_unknown(self.snapshot, scope, exclude)
        retrieved = self._retrieve(asked, exclude, scope=scope)
        elapsed = (time.perf_counter() - began) * 1000
        draft = self._draft(asked, retrieved, None if unknown else self._reads(understood))
        if unknown:
            draft = replace(draft, contributions={}, confidence=0.0)
        elif told := self._tell_property(asked, scope, exclude):
            draft = replace(told, ranked=draft.ranked)
        return _Found(understood, asked, scope, retrieved, draft, elapsed, unknown)

    def _tell_property(
        self, asked: Question, scope: Scope | None, exclude: frozenset[int]
    ) -> Draft | None:
        """Return the line that answers a question about a report itself; None if it is no such one."""
        searched = [d for d in self.documents() if d.id not in exclude]
        meant = [d for d in searched if scope and d.id in scope.documents] or searched
        if len(meant) != 1:
            return None
        return tell_property(asked.text, meant[0], self.snapshot.catalogue, self.snapshot.segmenter)

    def _scope_paths(self, scope: Scope | None) -> tuple[str, ...]:
        """Return the files of the reports that a question names; none if there is only one."""
        named = sorted(scope.documents) if scope and len(self.documents()) > 1 else []
        return tuple(self.snapshot.catalogue.document(id).path for id in named)

    def _named_titles(self, found: _Found) -> tuple[str, ...]:
        """Return the titles of the reports that a question names; of the nearest if none is about it."""
        if found.unknown:
            ids = list(dict.fromkeys(r.passage.document for r in found.draft.ranked))
        else:
            ids = sorted(found.scope.documents) if found.scope else []
        return tuple(self.snapshot.catalogue.document(id).title for id in ids)

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        by_document: bool = False,
        only: frozenset[int] | None = None,
        exclude: frozenset[int] = frozenset(),
    ) -> list[ScoredPassage]:
        """Return the best `k` passages, or with `by_document` the best one of each of `k` documents.

        Args:
            only: the ids of the documents to search; None is all.
            exclude: the ids of documents to leave out as if they were not in the index.

        Raises:
            YinjuError: the query is empty or too long, or a model cannot be loaded.
        """
        hidden = self._find_hidden(only, exclude)
        return self._search(_check_question(query), k, by_document, hidden)

    def _search(
        self, query: str, k: int, by_document: bool, exclude: frozenset[int]
    ) -> list[ScoredPassage]:
        fusion = self.settings.fusion
        wider = replace(fusion, candidates=max(k, fusion.candidates))
        asked, scope = self._understand(query, exclude)
        rarity = rarity_in(self.snapshot)
        retrieved = self._retrieve(asked, exclude, wider, scope)
        encode, rerank = self.encoder.encode_queries, self.reranker
        read = self._reads(query)
        _, ranked = rank_passages(
            asked, retrieved, self.snapshot, rarity, self.settings, encode, rerank, read
        )
        return score_passages(ranked, retrieved, self.snapshot.catalogue, k, by_document)

    @cached_property
    def _names(self) -> ReportNames:
        return ReportNames(self.documents())

    def _understand(self, text: str, exclude: frozenset[int]) -> tuple[Question, Scope | None]:
        """Return a question without the names of the reports that it is about, and these reports."""
        segmenter = self.snapshot.segmenter
        asked = read_question(text, segmenter)
        if not self._by_name:
            return asked, None
        is_word = partial(is_common_word, segmenter=segmenter)
        subjects = find_subjects(asked.text, segmenter)
        scope = self._names.find_scope(asked.text, is_word, exclude, subjects)
        if scope is None:
            return asked, None
        # A question that is nothing but a name asks for what stands about it.
        inner = read_question(without_names(asked.text, scope), segmenter)
        return (inner, scope) if inner.terms else (asked, scope)

    def _retrieve(
        self,
        asked: Question,
        exclude: frozenset[int] = frozenset(),
        fusion: Fusion | None = None,
        scope: Scope | None = None,
    ) -> Retrieved:
        (vector,) = self.encoder.encode_queries([asked.text])
        fusion = fusion or self.settings.fusion
        hidden = find_hidden(self.snapshot, scope)
        return retrieve(self.snapshot, asked, vector, exclude=exclude, hidden=hidden, fusion=fusion)

    def _draft(self, question: Question, retrieved: Retrieved, read: Read | None = None) -> Draft:
        encode, rerank = self.encoder.encode_queries, self.reranker
        return draft_answer(question, retrieved, self.snapshot, self.settings, encode, rerank, read)

    def _find_item_labels(
        self, question: str, exclude: frozenset[int] = frozenset()
    ) -> Sequence[str]:
        """Return the labels of the list that answers a question; empty if no list does."""
        asked, scope = self._understand(question, exclude)
        draft = self._draft(asked, self._retrieve(asked, exclude, scope=scope))
        items = [quote for quote in draft.quotes if quote.passage.kind == "item"]
        if len(items) > 1 and len(items) == len(draft.quotes):
            return [read_item_label(quote.passage.text) for quote in items]
        if asked.kind == "list" and len(draft.quotes) == 1:
            # 老旧小区的困难集中在三处：A、B、C is quoted whole; a follow-up may still ask about B.
            (quote,) = draft.quotes
            text = self.snapshot.catalogue.trail(quote.passage.document).text
            return split_enumeration(text[quote.span.start : quote.span.end])
        return ()


def has_words(text: str) -> bool:
    """Return whether a text has anything to look up."""
    return any(character.isalnum() for character in text)


def _check_question(text: str) -> str:
    """Return a question as valid UTF-8.

    Raises:
        YinjuError: the question is empty or too long.
    """
    if not has_words(text):
        raise YinjuError("question.empty")
    if len(text) > MAX_QUESTION_LENGTH:
        raise YinjuError("question.too_long", found=len(text), most=MAX_QUESTION_LENGTH)
    # Replace lone surrogates, which come from broken arguments.
    return text.encode("utf-8", "replace").decode()
