"""A cross-encoder by path: small, random, and yet the one that decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import YinjuError
from qa.index import Index
from qa.retrieval.cross_encoder import open_reranker

QUESTION = "公共充电桩有多少台"


def small_bert(folder: Path, labels: int) -> Path:
    """A random one-layer BERT over single characters that gives `labels` numbers for a pair."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder.mkdir()
    characters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), encoding="utf-8"
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(characters) + 5,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        initializer_range=0.5,  # at the usual 0.02 all passages have nearly the same score
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_bert(tmp_path_factory.mktemp("rerank") / "one", 1)


def test_it_ranks_the_best_passages(cross_encoder: Path, corpus_index: Index) -> None:
    config = replace(corpus_index.config, reranker=str(cross_encoder))
    index = Index(corpus_index.snapshot, config)
    without = corpus_index.search(QUESTION, 8)
    found = index.search(QUESTION, 8)
    assert {one.passage.id for one in found} == {one.passage.id for one in without}
    assert [one.passage.id for one in found] != [one.passage.id for one in without]
    texts = ["\n".join((*p.headings, p.header, p.text)).strip() for p in (f.passage for f in found)]
    logits = open_reranker(str(cross_encoder))(QUESTION, texts)
    assert list(logits) == sorted(logits, reverse=True)
    assert [one.chance for one in found] == pytest.approx(
        list(np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()), rel=1e-3
    )
    (citation, *_) = index.ask(QUESTION, threshold=0.0).citations
    assert citation.quote in found[0].passage.text


def test_one_that_cannot_rank_is_named(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match="does not rank passages"):
        open_reranker(str(small_bert(tmp_path / "two", 2)))
    with pytest.raises(YinjuError, match="does not load"):
        open_reranker(str(tmp_path / "none"))


def test_none_is_loaded_unless_one_is_named(corpus_index: Index) -> None:
    assert corpus_index.config.reranker is None
    assert corpus_index.reranker is None
