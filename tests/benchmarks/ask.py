"""What does a question on the command line cost, as a whole process?

Its time is given as a ratio to that of a process that only imports the libraries that such a question
needs. Runs alternate, and the median of the ratios of neighbouring runs is taken, since machines are
shared.

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
BARE_IMPORTS = [sys.executable, "-c", "import onnxruntime, tokenizers, tantivy, faiss"]


def time_command(command: list[str]) -> float:
    """Run a command in the root of the repository and return the seconds that it took."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - began


def main() -> None:
    """Measure, write the JSON file, print it."""
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
        # Once before it counts, so that the files are in the disk cache.
        time_command(ask)
        time_command(BARE_IMPORTS)
        pairs = [(time_command(ask), time_command(BARE_IMPORTS)) for _ in range(args.runs)]
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
