"""What a user says of the reports of an index: a title of his own, and tags.

It lies beside the snapshots, in INDEX/shelf.json, since it is about reports and not about one
reading of them: it outlasts reindexing and going back.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import YinjuError, message_of

_LONGEST_TITLE, _LONGEST_TAG, _MOST_TAGS = 200, 30, 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """Titles and tags by a report's resolved path."""

    titles: dict[str, str] = field(default_factory=dict)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)


EMPTY_SHELF = Shelf()


def shelf_file(index: Path) -> Path:
    """Where it lies."""
    return index / "shelf.json"


def read_shelf(index: Path) -> Shelf:
    """The shelf of an index; an empty one where nothing was said yet.

    Raises:
        YinjuError: the file is damaged.
    """
    path = shelf_file(index)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Shelf(
            {str(k): str(v) for k, v in values["titles"].items()},
            {str(k): tuple(map(str, v)) for k, v in values["tags"].items()},
        )
    except FileNotFoundError:
        return EMPTY_SHELF
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise YinjuError("index.damaged_titles", path=path, reason=message_of(error)) from error


def retitle(index: Path, resolved: str, title: str) -> None:
    """Gives a report a title; an empty one is the report's own again."""
    title = " ".join(title.split())[:_LONGEST_TITLE]
    _change(index, resolved, "titles", title)


def retag(index: Path, resolved: str, tags: list[str]) -> None:
    """Gives a report tags, in place of those that it has.

    Raises:
        YinjuError: they are too many.
    """
    kept = tuple(
        dict.fromkeys(t for t in (" ".join(tag.split())[:_LONGEST_TAG] for tag in tags) if t)
    )
    if len(kept) > _MOST_TAGS:
        raise YinjuError("index.too_many_tags", found=len(kept), most=_MOST_TAGS)
    _change(index, resolved, "tags", kept)


def _change(index: Path, resolved: str, what: str, value: str | tuple[str, ...]) -> None:
    from filelock import FileLock

    path = shelf_file(index)
    with FileLock(index / "shelf.lock", timeout=10):
        shelf = read_shelf(index)
        values: dict[str, dict[str, object]] = {
            "titles": dict(shelf.titles),
            "tags": {key: list(tags) for key, tags in shelf.tags.items()},
        }
        values[what].pop(resolved, None)
        if value:
            values[what][resolved] = value
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, path)
