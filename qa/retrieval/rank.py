"""The stages of ranking behind the search: windows, sentences, passages, the reader and a cross-encoder."""

from __future__ import annotations

from indexer.store.snapshot import Snapshot
from qa.matching import Rarity
from qa.question import Question
from qa.settings import DEFAULTS, Settings

from .cross_encoder import Rerank, rank_by_cross_encoder
from .hybrid import Retrieved
from .passages import rank_by_features
from .reading import Read, rank_by_reader
from .sentences import Encode, rank_by_sentences
from .windows import RankedPassage, rank_by_windows


def rank_passages(
    question: Question,
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    settings: Settings = DEFAULTS,
    encode: Encode | None = None,
    rerank: Rerank | None = None,
    read: Read | None = None,
) -> tuple[list[RankedPassage], list[RankedPassage]]:
    """Rank the first candidates by their best windows, then by sentences and passage features.

    Args:
        encode: encodes questions, for `rank_by_sentences`.
        rerank: a cross-encoder, which decides the final order; None if none is configured.
        read: reads texts as answers to this question; None if there is no reader.

    Returns:
        The ranking by windows, and the final one.
    """
    by_window = rank_by_windows(question, retrieved, snapshot.catalogue, rarity, settings.appraise)
    ranked, pinpoint = by_window, settings.pinpoint
    if pinpoint.passages:
        encode = encode if pinpoint.reread else None
        by_sentence = rank_by_sentences(
            question, by_window, retrieved, snapshot, rarity, encode, pinpoint
        )
        ranked = rank_by_features(question, by_sentence, retrieved)
    if read is not None:
        ranked = rank_by_reader(ranked, snapshot.catalogue, read, settings.reading)
    if rerank is not None:
        ranked = rank_by_cross_encoder(question.text, ranked, rerank)
    return by_window, ranked
