"""The folder of the default model: its tokenizer, and its vectors in sentence-transformers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.embedding.default_model import write_model_folder
from indexer.embedding.weights_file import find_weights


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("model") / "e5"
    write_model_folder(find_weights(target.parent), target, lambda stage: None)
    return target


def test_the_tokenizer_normalises_like_the_model(folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def pieces(text: str) -> list[str]:
        return tokenizer.encode(text).tokens

    assert pieces("跨境電商") == ["<s>", "▁", "跨境", "電商", "</s>"]
    assert pieces("２０２３年　ＳＥＯ") == pieces("2023年 SEO")
    assert pieces("10～20") == ["<s>", "▁10", "～", "20", "</s>"]  # kept, though NFKC folds it
    assert pieces("a \t\n  b\x07 ") == ["<s>", "▁a", "▁b", "</s>"]


def test_sentence_transformers_loads_the_folder(folder: Path, model_cache: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from indexer.embedding.open import open_encoder

    model = SentenceTransformer(str(folder), device="cpu")
    assert model.max_seq_length == 512
    texts = ["跨境電商平臺的交易額", "２０２３年，SEO的投入占比为３５％。", "Hello, 世界"]
    compiled = open_encoder(None, model_cache)
    for role, ours in (
        ("query", compiled.encode_queries(texts)),
        ("passage", compiled.encode_passages(texts)),
    ):
        theirs = model.encode(texts, prompt_name=role)
        np.testing.assert_allclose(np.linalg.norm(theirs, axis=1), 1, atol=1e-5)
        assert np.sum(ours * theirs, axis=1).min() > 0.998
