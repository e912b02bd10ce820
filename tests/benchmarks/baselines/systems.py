"""The compared systems: each ranks text units for a question.

A unit is what a system returns: a passage of yinju, a chunk of LangChain, a quotation. All systems of
the project search the same index; LangChain cuts and embeds the same texts by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.embedding.encoder import Encoder
from indexer.store.bm25 import Bm25Index, write_bm25
from indexer.text.fold import fold
from qa.index import Index

# How many units, and how many documents, count as found.
UNITS = 10
# How many units are ranked to find ten documents: as many as each side of yinju's fusion ranks.
DEPTH = 60
# Characters: about as long as a window or two; the overlap is a sixth, as in tutorials.
CHUNK, OVERLAP = 300, 50
# The separators that LangChain's documentation gives for Chinese, sentence ends before commas.
SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "，", ""]
NEEDED = "pip install langchain-classic langchain-community langchain-text-splitters rank_bm25"


@dataclass(frozen=True)
class Unit:
    """A text that a system found."""

    document: str
    """The name of its document."""
    text: str


@dataclass(frozen=True)
class Found:
    """What a system found for one question."""

    units: tuple[Unit, ...]
    """The first ten units, best first."""
    documents: tuple[str, ...]
    """The first ten documents, by the best unit of each, best first."""
    score: float | None = None
    """The confidence that the documents answer; None if the system gives none."""
    refused: bool = False
    """Whether the system says that the documents do not answer."""


class System(Protocol):
    """A way to find the text that answers a question."""

    @property
    def name(self) -> str:
        """Its row in the table."""

    def find(self, question: str) -> Found:
        """Return what it finds for a question."""


def first_documents(documents: Iterable[str]) -> tuple[str, ...]:
    """Return the first ten distinct documents of ranked units."""
    return tuple(dict.fromkeys(documents))[:UNITS]


class Corpus:
    """An index of yinju, with the names of its documents by id."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.names = {document.id: Path(document.path).name for document in index.documents()}

    def to_found(self, passages: Sequence[int], score: float | None) -> Found:
        """Return ranked passages as what a system found.

        Args:
            passages: their ids, best first. score: the confidence that they answer.
        """
        rows = self.index.snapshot.catalogue.passages(passages[:UNITS])
        units = tuple(Unit(self.names[rows[i].document], rows[i].text) for i in passages[:UNITS])
        documents = self.index.snapshot.membership.document_of[list(passages)].tolist()
        return Found(units, first_documents(self.names[i] for i in documents), score)


@dataclass(frozen=True)
class WordBm25:
    """tantivy's BM25 over jieba's search-mode words, and nothing else."""

    corpus: Corpus
    lexical: Bm25Index
    name: str = "BM25, jieba words"

    @classmethod
    def build(cls, corpus: Corpus, folder: Path) -> WordBm25:
        """Write the index of the words of all passages to `folder`, if it does not exist yet."""
        if not folder.exists():
            passages = corpus.index.snapshot.catalogue.passages(
                range(corpus.index.snapshot.manifest.passages)
            )
            words = corpus.index.snapshot.segmenter.words
            terms = ((i, " ".join(words(passages[i].text))) for i in sorted(passages))
            write_bm25(folder, terms)
        return cls(corpus, Bm25Index(folder))

    def find(self, question: str) -> Found:
        """Rank passages by the words of the question."""
        words = self.corpus.index.snapshot.segmenter.words(question)
        return _rank_by_bm25(self.corpus, self.lexical, words)


@dataclass(frozen=True)
class IndexBm25:
    """The lexical half of yinju alone: words and character pairs, without stop words."""

    corpus: Corpus
    name: str = "BM25, words and character pairs"

    def find(self, question: str) -> Found:
        """Rank passages by the terms of the question."""
        snapshot = self.corpus.index.snapshot
        return _rank_by_bm25(
            self.corpus, snapshot.lexical, snapshot.segmenter.question_terms(question)
        )


def _rank_by_bm25(corpus: Corpus, lexical: Bm25Index, terms: Sequence[str]) -> Found:
    scores = lexical.search(terms, DEPTH)
    return corpus.to_found(list(scores), max(scores.values(), default=0.0))


@dataclass(frozen=True)
class DenseOnly:
    """The dense half of yinju alone: the score of a passage is that of its best window."""

    corpus: Corpus
    name: str = "encoder, best window"

    def find(self, question: str) -> Found:
        """Rank passages by the cosine of their best window."""
        index = self.corpus.index
        (vector,) = index.encoder.encode_queries([fold(question)])
        membership = index.snapshot.membership
        # A passage of a public set has about five windows.
        nearest = index.snapshot.vectors.search(vector, 5 * DEPTH)
        ids = [i for i in nearest if not membership.is_list[i]]
        passages = dict.fromkeys(membership.passage_of[ids].tolist())
        return self.corpus.to_found(list(passages)[:DEPTH], max(nearest.values(), default=0.0))


@dataclass(frozen=True)
class Passages:
    """yinju's ranking of passages, as `yinju search` shows it."""

    corpus: Corpus
    name: str = "yinju, passages"

    def find(self, question: str) -> Found:
        """Rank passages."""
        names = self.corpus.names
        ranked = self.corpus.index.search(question, DEPTH)
        units = tuple(Unit(names[s.passage.document], s.passage.text) for s in ranked[:UNITS])
        return Found(units, first_documents(names[s.passage.document] for s in ranked))


@dataclass(frozen=True)
class Quotations:
    """yinju's answer as `yinju ask` shows it at the default threshold: quotations, or a refusal."""

    corpus: Corpus
    name: str = "yinju, quotations"

    def find(self, question: str) -> Found:
        """Answer, and return the quotations in their order."""
        answer = self.corpus.index.ask(question)
        units = tuple(Unit(Path(c.document).name, c.quote) for c in answer.citations)
        documents = first_documents(unit.document for unit in units)
        return Found(units, documents, answer.confidence, answer.abstained)


@dataclass(frozen=True)
class LangChain:
    """LangChain's EnsembleRetriever of BM25Retriever and FAISS, weights 0.5 and 0.5."""

    retriever: Any
    name: str = "LangChain EnsembleRetriever"

    @classmethod
    def build(cls, documents: dict[str, str], encoder: Encoder, cache: Path) -> LangChain:
        """Cut, embed and index the documents; what is not set here is LangChain's default.

        Each retriever returns ten chunks instead of four, so that ten documents can be counted.

        Args:
            documents: file name -> text.
            encoder: yinju's, which LangChain uses as well.
            cache: a file for the vectors of the chunks; it is used if it exists.
        """
        import jieba
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            separators=SEPARATORS, chunk_size=CHUNK, chunk_overlap=OVERLAP
        )
        chunks = splitter.create_documents(
            list(documents.values()), [{"source": name} for name in documents]
        )
        bm25 = BM25Retriever.from_documents(chunks, k=UNITS, preprocess_func=jieba.lcut)
        vectors = FAISS.from_documents(chunks, _to_embeddings(encoder, cache))
        dense = vectors.as_retriever(search_kwargs={"k": UNITS})
        return cls(EnsembleRetriever(retrievers=[bm25, dense], weights=[0.5, 0.5]))

    def find(self, question: str) -> Found:
        """Rank chunks."""
        chunks = self.retriever.invoke(question)
        units = tuple(Unit(chunk.metadata["source"], chunk.page_content) for chunk in chunks)
        return Found(units[:UNITS], first_documents(unit.document for unit in units))


def check_langchain() -> None:
    """Exit with a line on what to install if a package of LangChain is missing."""
    needed = ("langchain_classic", "langchain_community", "langchain_text_splitters", "rank_bm25")
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise SystemExit(
            f"{', '.join(missing)}: not installed; to compare with LangChain: {NEEDED}"
        )


def _to_embeddings(encoder: Encoder, cache: Path) -> Any:
    """Wrap the default encoder as LangChain's Embeddings."""
    from langchain_core.embeddings import Embeddings

    class DefaultModel(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if not cache.exists():
                np.save(cache, encoder.encode_passages(texts))
            rows: list[list[float]] = np.load(cache).tolist()
            if len(rows) != len(texts):
                raise ValueError(f"{cache}: {len(rows)} vectors for {len(texts)} chunks; delete it")
            return rows

        def embed_query(self, text: str) -> list[float]:
            vector: list[float] = encoder.encode_queries([text])[0].tolist()
            return vector

    return DefaultModel()
