"""Read the sources of the reports: a small part of Markdown, and families that share a template."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

LEFT, ABOVE = "<", "^"
"""What a cell holds that is merged with the one on its left, or with the one above it."""

_RULE = re.compile(r"\|[\s|:-]+\|")
_KEY = re.compile(r"\{([^{}\n]+)\}")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a bullet or a table."""

    kind: str
    """"heading", "text", "bullet" or "table"."""
    text: str = ""
    """Its text without marks; empty for a table."""
    level: int = 0
    """The level of a heading, 1 for the title."""
    rows: tuple[tuple[str, ...], ...] = ()
    """The cells of a table; all rows are equally long."""
    header_rows: int = 0
    """How many of the rows are the header of the table."""


def read_sources(folder: Path) -> dict[str, str]:
    """Return the source of each report by its name, the templates of families filled.

    Raises:
        ValueError: a template and its values do not fit each other.
    """
    sources = {}
    for path in sorted(folder.glob("*.md")):
        template = path.read_text(encoding="utf-8")
        values = path.with_suffix(".json")
        if not values.exists():
            sources[path.stem] = template
            continue
        for name, member in json.loads(values.read_text(encoding="utf-8")).items():
            sources[name] = fill(template, member)
    return sources


def fill(template: str, values: dict[str, str]) -> str:
    """Put the values of one report of a family into the template.

    Raises:
        ValueError: a key has no value, or a value no place.
    """
    keys = set(_KEY.findall(template))
    if keys != set(values):
        raise ValueError(f"no value: {sorted(keys - set(values))}; no place: {set(values) - keys}")
    return _KEY.sub(lambda match: values[match[1]], template)


def read_blocks(source: str) -> list[Block]:
    """Cut a source into blocks.

    Raises:
        ValueError: the rows of a table differ in length, or it has no line `|---|`.
    """
    blocks: list[Block] = []
    table: list[str] = []
    for line in [*source.splitlines(), ""]:
        line = line.strip()
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            blocks.append(_read_table(table))
            table = []
        if match := re.match(r"(#+) (.+)", line):
            blocks.append(Block("heading", match[2], len(match[1])))
        elif line.startswith("- "):
            blocks.append(Block("bullet", line[2:]))
        elif line:
            blocks.append(Block("text", line))
    return blocks


def _read_table(lines: list[str]) -> Block:
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line)]
    if len(rules) != 1:
        raise ValueError(f"a table has {len(rules)} lines |---|, expected one: {lines[0]}")
    rows = tuple(
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for number, line in enumerate(lines)
        if number not in rules
    )
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"the rows of a table differ in length: {lines[0]}")
    return Block("table", rows=rows, header_rows=rules[0])


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with the cells that are merged into it."""

    text: str
    row: int
    column: int
    rows: int
    """How many rows it is high."""
    columns: int
    """How many columns it is wide."""


def merged_cells(table: Block) -> list[Cell]:
    """Return the cells of a table, row by row, each with its size."""
    rows, cells = table.rows, []
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            width, height = 1, 1
            while x + width < len(row) and row[x + width] == LEFT:
                width += 1
            while y + height < len(rows) and rows[y + height][x] == ABOVE:
                height += 1
            cells.append(Cell(text, y, x, height, width))
    return cells


def spelled_out(table: Block) -> list[list[str]]:
    """Return the rows of a table with the text of a merged cell in each of its places."""
    grid = [list(row) for row in table.rows]
    for cell in merged_cells(table):
        for y in range(cell.row, cell.row + cell.rows):
            for x in range(cell.column, cell.column + cell.columns):
                grid[y][x] = cell.text
    return grid
