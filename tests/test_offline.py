"""Promise 6: indexing and asking open no network connection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .conftest import ROOT

# Refuses every socket but local ones that never leave the process's machine by name look-up.
BLOCK = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError(f"a network connection was opened: {args}")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse
from pathlib import Path
from indexer.build import build_index
from indexer.config import read_config
from qa import open_index
folder = Path(sys.argv[1])
summary = build_index(read_config(folder), [Path("corpus/reports")])
assert summary.documents == 3 and not summary.failed, summary
answer = open_index(folder).ask("冷藏区的温度范围是多少?")
assert not answer.abstained, answer
print(answer.answer)
"""


def test_index_and_ask_without_a_socket(tmp_path: Path, model_cache: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", BLOCK, str(tmp_path / "index")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "摄氏度" in result.stdout
