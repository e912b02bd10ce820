"""How often is a question's own paragraph ranked first? Recall and MRR on a SQuAD-layout file.

Each paragraph becomes a document and each question a query, as an analyst's reports would be:
files, `build_index`, `Index.search(by_document=True)`. Also measures whether the first quotation
(of at most 160 characters) holds a gold answer.

    python benchmarks/paragraphs.py FILE.json [--questions 1000]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.fold import fold_strict
from qa.index import Index

ROOT = Path(__file__).parents[1]
LONGEST = 160


def read_squad(path: Path) -> tuple[list[str], list[tuple[int, str, list[str]]]]:
    """Paragraphs, and (paragraph, question, answers) of each question."""
    paragraphs: list[str] = []
    questions = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = [answer["text"] for answer in asked["answers"]]
                questions.append((len(paragraphs), asked["question"], answers))
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, help="only so many, drawn with seed 0")
    args = parser.parse_args()
    paragraphs, questions = read_squad(args.file)
    if args.questions:
        drawn = np.random.default_rng(0).permutation(len(questions))[: args.questions]
        questions = [questions[i] for i in drawn]
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "reports"
        folder.mkdir()
        for number, text in enumerate(paragraphs):
            (folder / f"{number:05d}.txt").write_text(text, encoding="utf-8")
        config = Config(Path(work) / "index", None, read_config().cache)
        summary = build_index(config, [folder])
        index = Index.open(config)
        result = {"file": args.file.name, "questions": len(questions), "windows": summary.windows}
        result |= {"index_seconds": round(summary.seconds, 1), **measure(index, questions)}
    name = ROOT / f"benchmarks/results/paragraphs-{args.file.stem}.json"
    name.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


def measure(index: Index, questions: list[tuple[int, str, list[str]]]) -> dict[str, float]:
    """Recall@1/5/10, MRR@10, answer in the first quotation, and milliseconds a question."""
    ranks, quoted, search_ms, ask_ms = [], [], [], []
    for own, question, answers in questions:
        began = time.perf_counter()
        found = [int(Path(p.path).stem) for p in index.search(question, 10, by_document=True)]
        searched = time.perf_counter()
        answer = index.ask(question, threshold=0.0)
        search_ms.append((searched - began) * 1000)
        ask_ms.append((time.perf_counter() - searched) * 1000)
        ranks.append(found.index(own) + 1 if own in found else 0)
        quote = answer.citations[0].quote if answer.citations else ""
        held = any(fold_strict(a) in fold_strict(quote) for a in answers)
        quoted.append(held and len(quote) <= LONGEST)
    count = len(ranks)
    return {
        **{f"recall@{k}": round(sum(0 < r <= k for r in ranks) / count, 4) for k in (1, 5, 10)},
        "mrr@10": round(sum(1 / r for r in ranks if r) / count, 4),
        "answer_in_first_quotation": round(sum(quoted) / count, 4),
        "search_ms_p50": round(statistics.median(search_ms), 1),
        "ask_ms_p50": round(statistics.median(ask_ms), 1),
    }


if __name__ == "__main__":
    main()
