"""Does the rest of indexing keep up with the encoder?

Indexes many copies of a shipped report, each with its own numbers so that no window repeats, and
compares the windows per second with those of the encoder alone on the same texts in the same run.

    python -m tests.benchmarks.indexing [--copies 30]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.embedding.open import open_encoder
from indexer.store.snapshot import open_snapshot

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure, write the JSON file, print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--copies", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    cache = read_config().cache
    source = (ROOT / "corpus/reports/internet-consumer-finance.txt").read_text(encoding="utf-8")
    encoder = open_encoder(None, cache)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "reports"
        folder.mkdir()
        for copy in range(args.copies):
            text = source.replace("。", f"(甲{copy})。")
            (folder / f"{copy:03d}.txt").write_text(text, encoding="utf-8")
        ratios, speeds = [], []
        for number in range(args.rounds):  # both in turn, since machines are shared
            config = Config(Path(work) / f"index{number}", None, cache)
            began = time.perf_counter()
            build_index(config, [folder])
            indexed = time.perf_counter() - began
            texts = list(dict.fromkeys(open_snapshot(config.index).catalogue.window_texts()))
            began = time.perf_counter()
            encoder.encode_passages(texts)
            encoded = time.perf_counter() - began
            ratios.append(encoded / indexed)
            speeds.append(len(texts) / indexed)
    result = {
        "distinct_windows": len(texts),
        "indexed_windows_a_second_median": round(statistics.median(speeds), 1),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ratio_median": round(statistics.median(ratios), 3),
    }
    (ROOT / "tests/benchmarks/results/indexing.json").write_text(
        json.dumps(result, indent=2) + "\n", encoding="utf-8"
    )
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
