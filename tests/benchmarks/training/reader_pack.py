"""Pack groups and the default model for training: token ids of a vocabulary cut to what occurs.

Most of the model is its table of 250,000 words, of which Chinese reports use a tenth, and which training
does not change. Without the rest, model and data fit into some 50 MB and can be trained anywhere.

    python -m tests.benchmarks.training.reader_pack OUT own=GROUPS.jsonl.gz ... dev-NAME=GROUPS.jsonl.gz ...
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.config import read_config
from indexer.embedding.default_model import write_model_folder
from indexer.embedding.weights_file import find_weights

from .reader_groups import Group, read_groups

# Tokens of a question and of a text with its context; longer ones are cut.
MOST_QUESTION, MOST_TEXT = 64, 190
_SPECIAL = 4


def pack_model(folder: Path, out: Path, used: Sequence[int]) -> None:
    """Write the model's tensors in half precision, its word table cut to the rows `used`."""
    from safetensors.numpy import load_file

    tensors = load_file(folder / "model.safetensors")
    words = tensors.pop("embeddings.word_embeddings.weight")
    kept = {name: t.astype(np.float16) for name, t in tensors.items() if "pooler" not in name}
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    np.savez_compressed(
        out,
        config=np.array(json.dumps(config)),
        used=np.array(used, np.int32),
        **{"embeddings.word_embeddings.weight": words[list(used)].astype(np.float16)},
        **kept,
    )


class Texts:
    """Texts as rows of token ids, each once."""

    def __init__(self, tokenizer: Any, prompt: str, most: int) -> None:
        self._tokenizer, self._prompt, self._most = tokenizer, prompt, most
        self.rows: list[list[int]] = []
        self._known: dict[str, int] = {}

    def add(self, text: str) -> int:
        """Return the number of a text."""
        if text not in self._known:
            ids = self._tokenizer.encode(self._prompt + text, add_special_tokens=False).ids
            self._known[text] = len(self.rows)
            self.rows.append(ids[: self._most])
        return self._known[text]


def pack_groups(groups: Iterable[Group], questions: Texts, texts: Texts) -> dict[str, Any]:
    """Return groups as arrays: the question of each, its texts and labels flat, and where it begins."""
    asked, begins, rows, labels, facts = [], [0], [], [], []
    for group in groups:
        asked.append(questions.add(group.question))
        rows += [texts.add(f"{context}\n{text}") for context, text in group.texts]
        labels += group.labels
        begins.append(len(rows))
        facts.append([group.source, group.kind, group.wording, group.answerable])
    return {
        "asked": np.array(asked, np.int32),
        "begins": np.array(begins, np.int32),
        "rows": np.array(rows, np.int32),
        "labels": np.array(labels, np.int8),
        "facts": np.array(json.dumps(facts, ensure_ascii=False)),
    }


def main(argv: Sequence[str]) -> None:
    """Pack the files that are named, as `NAME=FILE`."""
    from tokenizers import Tokenizer

    out = Path(argv[0])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "model"
        write_model_folder(find_weights(read_config().cache), folder, lambda stage: None)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        questions = Texts(tokenizer, "query: ", MOST_QUESTION)
        texts = Texts(tokenizer, "", MOST_TEXT)
        sets = {}
        for argument in argv[1:]:
            name, _, file = argument.partition("=")
            sets[name] = pack_groups(read_groups(Path(file)), questions, texts)
            print(name, len(sets[name]["asked"]), "groups", len(sets[name]["rows"]), "pairs")
        used = sorted(
            {*range(_SPECIAL), *(i for t in (questions, texts) for r in t.rows for i in r)}
        )
        number = {token: at for at, token in enumerate(used)}
        arrays: dict[str, Any] = {}
        for name, table in (("questions", questions), ("texts", texts)):
            arrays[f"{name}.ids"] = np.array([number[i] for r in table.rows for i in r], np.int32)
            arrays[f"{name}.begins"] = np.cumsum([0, *map(len, table.rows)]).astype(np.int64)
        for name, columns in sets.items():
            arrays |= {f"set.{name}.{key}": value for key, value in columns.items()}
        np.savez_compressed(out / "data.npz", **arrays)
        pack_model(folder, out / "model.npz", used)
    print(len(used), "words", *(f"{p.name} {p.stat().st_size >> 20} MB" for p in out.iterdir()))


if __name__ == "__main__":
    main(sys.argv[1:])
