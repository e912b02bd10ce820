"""The README does what it says: its commands exist, its example runs, its translation keeps step."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from indexer.config import Limits, variable
from qa.index import Index

from .conftest import ROOT

YINJU = (sys.executable, "-c", "from ui import main; main()")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    set(
        re.findall(
            r"yinju (index|ask|search|reports|remove|snapshots|rollback|clean|eval|serve)\b", README
        )
    )
)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands(text: str) -> list[str]:
    """Shell lines of all blocks, without comments."""
    lines = "".join(blocks(text, "sh")).splitlines()
    return [line.split("#")[0].strip() for line in lines]


def test_the_python_example_runs(corpus_index: Index, tmp_path: Path) -> None:
    (code,) = blocks(README, "python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 11
    (tmp_path / ".yinju").symlink_to(corpus_index.config.index)
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", **_cache(corpus_index)},
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "增值服务" in result.stdout


def _cache(index: Index) -> dict[str, str]:
    return {"YINJU_CACHE": str(index.config.cache)}


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("command", COMMANDS)
def test_flags_exist(command: str) -> None:
    rows = "\n".join(re.findall(rf"yinju {command}\b[^\n]*", README))
    flags = set(re.findall(r"(?<![\w-])(--?[a-z]+)\b", rows))
    shown = subprocess.run(
        [*YINJU, command, "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={"COLUMNS": "200", "PATH": "", "TERM": "dumb"},
    ).stdout
    assert {flag for flag in flags if flag not in shown} == set()


def test_every_command_is_in_the_readme() -> None:
    shown = subprocess.run(
        [*YINJU, "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout
    assert set(re.findall(r"^│ ([a-z]+) ", shown, re.MULTILINE)) == set(COMMANDS)


def test_variables_are_the_ones_that_are_read() -> None:
    source = (ROOT / "indexer/config.py").read_text(encoding="utf-8")
    limits = {variable(field.name) for field in fields(Limits)}
    read = limits | set(re.findall(r"YINJU_[A-Z]+(?![A-Z_*])", source))
    assert set(re.findall(r"YINJU_[A-Z_]+", README)) == read


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_defaults_of_the_limits_are_told(name: str) -> None:
    told = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        names = re.findall(r"YINJU_MAX_[A-Z_]+", line)
        if names and line.startswith("|"):
            told |= dict(zip(names, re.findall(r"\d+", line.split("|")[-2]), strict=True))
    assert told == {variable(f.name): str(getattr(Limits(), f.name)) for f in fields(Limits)}


def test_files_that_are_named_exist() -> None:
    for name in re.findall(r"[\w./-]+/[\w.-]+\.(?:py|md|png|txt|jsonl)\b", README):
        if not name.startswith(("path/", "another/")):
            assert (ROOT / name).exists(), name


def test_the_translation_keeps_step() -> None:
    assert blocks(README, "python") == blocks(CHINESE, "python")
    assert commands(README) == commands(CHINESE)
    assert README.count("\n## ") == CHINESE.count("\n## ")
    numbers = re.compile(r"`[^`\n]*`")
    assert set(numbers.findall(README)) - set(numbers.findall(CHINESE)) == set()
