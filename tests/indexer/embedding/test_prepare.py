"""Preparing a model: whole or not at all, faithful or in torch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding import prepare as preparing
from indexer.embedding.encoder import CARD_FILE, RECIPE, OnnxEncoder, TorchEncoder, read_card
from indexer.embedding.open import open_encoder, prepared_folder
from indexer.errors import YinjuError
from indexer.messages import Message

PROMPTS = {"query": "为这个句子生成表示：", "document": "文:"}


def is_prepared(model: str | None, cache: Path) -> bool:
    return (prepared_folder(model, cache) / CARD_FILE).is_file()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random one-layer BERT with CLS pooling, its own prompts and no Normalize module."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    root = tmp_path_factory.mktemp("tiny")
    characters = sorted(
        set("为这个句子生成表示文：:跨境电商平台的交易额是多少报告分析。，abc一二三")
    )
    (root / "bert").mkdir()
    (root / "bert" / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), encoding="utf-8"
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(characters) + 5,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=48,
        initializer_range=0.2,  # at the usual 0.02 all texts have nearly the same vector
    )
    BertModel(config).save_pretrained(root / "bert")
    AutoTokenizer.from_pretrained(root / "bert").save_pretrained(root / "bert")
    transformer = Transformer(str(root / "bert"), max_seq_length=40)
    pooling = Pooling(64, pooling_mode="cls")
    model = SentenceTransformer(modules=[transformer, pooling], device="cpu", prompts=PROMPTS)
    model.save(str(root / "model"))
    return root / "model"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the work on the model, so that tests see only how its folder is written."""

    def fill(model: str | None, folder: Path, cache: Path, notify: object) -> None:
        (folder / CARD_FILE).write_text("{}")

    monkeypatch.setattr(preparing, "_fill_folder", fill)


def test_the_default_model_is_compiled(model_cache: Path) -> None:
    encoder = open_encoder(None, model_cache)
    card = read_card(prepared_folder(None, model_cache))
    assert isinstance(encoder, OnnxEncoder)
    assert (card.dim, card.max_seq_length, card.pad_id) == (384, 512, 1)
    assert card.prompts == {"query": "query: ", "passage": "passage: "}
    assert card.fidelity is not None
    assert card.fidelity > 0.998
    assert card.identity.startswith("intfloat/multilingual-e5-small@")


def test_a_model_by_path_agrees_with_its_own_encode(tiny: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = open_encoder(str(tiny), tmp_path)
    assert isinstance(encoder, OnnxEncoder)
    assert encoder.dim == 64
    texts = ["跨境电商平台的交易额是多少", "报告分析。", "", "一二三" * 60]
    model = SentenceTransformer(str(tiny), device="cpu")
    for role, ours in (
        ("query", encoder.encode_queries(texts)),
        ("document", encoder.encode_passages(texts)),
    ):
        theirs = model.encode(texts, prompt_name=role, normalize_embeddings=True)
        assert np.sum(ours * theirs, axis=1).min() > 0.998
    # the prompts matter, so the agreement above means that they were applied
    both = encoder.encode_queries(texts) * encoder.encode_passages(texts)
    assert both.sum(axis=1).max() < 0.95


def test_a_changed_model_folder_is_another_model(tiny: Path, tmp_path: Path) -> None:
    before = prepared_folder(str(tiny), tmp_path)
    (tiny / "note.txt").write_text("changed")
    try:
        assert prepared_folder(str(tiny), tmp_path) != before
    finally:
        (tiny / "note.txt").unlink()


def test_an_unfaithful_graph_falls_back_to_torch_and_stays_there(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "MIN_COSINE", 1.1)
    stages: list[Message] = []
    encoder = open_encoder(str(tiny), tmp_path, stages.append)
    assert isinstance(encoder, TorchEncoder)
    assert any("runs in torch" in str(stage) and "1.1 is needed" in str(stage) for stage in stages)

    monkeypatch.setattr(preparing, "prepare_model", None)  # would fail if it were called again
    again = open_encoder(str(tiny), tmp_path)
    assert isinstance(again, TorchEncoder)
    assert again.identity == encoder.identity
    assert again.identity.endswith(f"+torch.{RECIPE}")
    texts = ["跨境电商", "报告分析。一二三"]
    both = again.encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(both, axis=1), 1, atol=1e-6)
    assert np.array_equal(both[:1], again.encode_passages(texts[:1]))
    assert again.encode_queries([]).shape == (0, 64)


def test_a_failing_export_falls_back_to_torch(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("operator not supported\nand a long story")

    monkeypatch.setattr(preparing, "export_graph", fail)
    stages: list[Message] = []
    assert isinstance(open_encoder(str(tiny), tmp_path, stages.append), TorchEncoder)
    assert str(stages[-1]).endswith("no ONNX graph, operator not supported")
    assert os.listdir(prepared_folder(str(tiny), tmp_path)) == [CARD_FILE]


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt()])
def test_an_interrupted_preparation_leaves_no_folder(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def interrupt(folder: Path, card: object) -> None:
        raise error

    monkeypatch.setattr(preparing, "write_card", interrupt)
    with pytest.raises(type(error)):
        open_encoder(str(tiny), tmp_path)
    assert not is_prepared(str(tiny), tmp_path)
    assert [name for name in os.listdir(tmp_path / "encoders") if not name.endswith(".lock")] == []


def test_a_full_disk_is_not_taken_for_an_incapable_model(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(model: object, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preparing, "export_graph", full)
    with pytest.raises(YinjuError, match="No space left on device"):
        open_encoder(str(tiny), tmp_path)
    assert not is_prepared(str(tiny), tmp_path)


@pytest.mark.usefixtures("stub")
def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    folder = prepared_folder(None, tmp_path)
    stale = folder.parent / f".{folder.name}.x1.partial"
    stale.mkdir(parents=True)
    (stale / "float32.onnx").write_bytes(b"half")
    folder.mkdir()  # without a card
    preparing.prepare_model(None, folder, tmp_path, lambda stage: None)
    assert is_prepared(None, tmp_path)
    assert not stale.exists()


def test_a_killed_process_leaves_nothing_that_opens(tmp_path: Path) -> None:
    code = """if True:
        import sys, time
        from pathlib import Path
        from indexer.embedding import prepare as preparing
        from indexer.embedding.open import prepared_folder
        def fill(model, folder, cache, notify):
            (folder / "model.onnx").write_bytes(b"half")
            print("filling", flush=True)
            time.sleep(60)
        preparing._fill_folder = fill
        cache = Path(sys.argv[1])
        preparing.prepare_model(None, prepared_folder(None, cache), cache, print)
    """
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "filling\n"
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    assert not is_prepared(None, tmp_path)


def test_of_two_preparing_at_once_one_works_and_one_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def fill(model: str | None, folder: Path, cache: Path, notify: object) -> None:
        started.append(folder.name)
        time.sleep(0.2)
        (folder / CARD_FILE).write_text("{}")

    monkeypatch.setattr(preparing, "_fill_folder", fill)
    folder = prepared_folder(None, tmp_path)
    threads = [
        threading.Thread(target=preparing.prepare_model, args=(None, folder, tmp_path, print))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 1
    assert is_prepared(None, tmp_path)


@pytest.mark.parametrize("damage", ["cut", "no card", "other recipe", "not json"])
def test_a_damaged_folder_says_how_to_mend_it(tiny: Path, tmp_path: Path, damage: str) -> None:
    open_encoder(str(tiny), tmp_path)
    folder = prepared_folder(str(tiny), tmp_path)
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    if damage == "cut":
        (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:-1])
    elif damage == "no card":
        (folder / "tokenizer.json").unlink()
    elif damage == "other recipe":
        (folder / CARD_FILE).write_text(json.dumps(card | {"recipe": 0}), encoding="utf-8")
    else:
        (folder / CARD_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(YinjuError, match="Delete the folder"):
        open_encoder(str(tiny), tmp_path)
