"""What does a question on the command line cost, as a whole process?

As a ratio to a process that only imports what such a question cannot do without. Runs alternate,
and the median of the ratios of neighbours is taken, since machines are shared.

    python -m tests.benchmarks.ask [--runs 10]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUESTION = "2018年全行业的发放额是多少?"
BARE = [sys.executable, "-c", "import onnxruntime, tokenizers, tantivy, faiss"]


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=10)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        yinju = [sys.executable, "-m", "qa.cli.main"]
        subprocess.run(
            [*yinju, "index", "corpus/reports", "--index", work],
            check=True,
            capture_output=True,
            cwd=ROOT,
        )
        ask = [*yinju, "ask", QUESTION, "--index", work]
        seconds(ask), seconds(BARE)  # warms the disk
        pairs = [(seconds(ask), seconds(BARE)) for _ in range(args.runs)]
    result = {
        "ask_seconds_median": round(statistics.median(a for a, _ in pairs), 3),
        "bare_imports_seconds_median": round(statistics.median(b for _, b in pairs), 3),
        "ratio_median": round(statistics.median(a / b for a, b in pairs), 2),
    }
    (ROOT / "tests/benchmarks/results/ask.json").write_text(
        json.dumps(result, indent=2) + "\n", encoding="utf-8"
    )
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
