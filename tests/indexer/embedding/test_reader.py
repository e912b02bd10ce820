"""The reader: compiled once, the same numbers whatever is read beside a text, and better than chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.embedding.open import open_reader
from indexer.embedding.reader import ADAPTER, Reader, pair_tokens, reader_folder
from indexer.errors import YinjuError

QUESTION = "2024年公司赚了多少钱"
TEXTS = [
    "某公司年报 | 经营情况\n2024年公司实现净利润1.2亿元,同比增长8%。",
    "某公司年报 | 员工\n2024年末公司有员工1200人。",
    "某公司年报 | 经营情况\n2023年公司实现净利润1.1亿元。",
]


@pytest.fixture(scope="module")
def reader(model_cache: Path) -> Reader:
    return open_reader(model_cache)


def test_what_answers_gets_most(reader: Reader) -> None:
    numbers = reader.read(QUESTION, TEXTS)
    assert numbers.shape == (3, 2)
    assert numbers[:, 0].argmax() == 0


def test_a_text_gets_the_same_numbers_alone_and_among_others(reader: Reader) -> None:
    together = reader.read(QUESTION, TEXTS)
    alone = np.concatenate([reader.read(QUESTION, [text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_nothing_and_much_can_be_read(reader: Reader) -> None:
    assert reader.read(QUESTION, []).shape == (0, 2)
    assert np.isfinite(reader.read("问" * 900, ["", "答" * 3000])).all()


def test_a_pair_has_its_marks() -> None:
    assert pair_tokens([7, 8], [9]) == [0, 7, 8, 2, 2, 9, 2]


def test_the_adapter_is_small() -> None:
    assert ADAPTER.stat().st_size < 12_000_000
    assert (ADAPTER.parent / "NOTICE").is_file()


def test_a_damaged_folder_is_told(reader: Reader, model_cache: Path, tmp_path: Path) -> None:
    folder = reader_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "encoder.json").write_text("{}", encoding="utf-8")
    with pytest.raises(YinjuError, match="damaged"):
        open_reader(tmp_path)
