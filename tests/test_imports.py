"""`make check` refuses an import that goes against the contracts of pyproject.toml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, for the tests to spoil."""
    folder = tmp_path_factory.mktemp("tree")
    for module in (*ROOT.glob("indexer/**/*.py"), *ROOT.glob("qa/**/*.py"), ROOT / "ui.py"):
        copy = folder / module.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, copy)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        capture_output=True,
        text=True,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        check=False,
    )


def test_the_imports_keep_to_the_contracts(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("indexer/text/fold.py", "import qa.types", "The package qa stands on indexer"),
        ("qa/web/theme.py", "import ui", "Nothing imports ui.py"),
        ("qa/matching.py", "import qa.retrieval.hybrid", "A question goes down through qa"),
        ("indexer/text/fold.py", "import indexer.load", "A report goes through indexer from file"),
        (
            "indexer/text/fold.py",
            "import indexer.text.segment",
            "No circles between files or folders",
        ),
    ],
)
def test_an_import_against_a_contract_is_refused(
    tree: Path, module: str, line: str, contract: str
) -> None:
    path = tree / module
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        done = lint_imports(tree)
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), done.stdout
