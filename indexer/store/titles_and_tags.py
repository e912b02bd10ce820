"""The titles, tags and properties that a user gives to reports of an index.

They lie beside the snapshots, in INDEX/shelf.json: they belong to a report and not to one version
of it, and so outlast reindexing and going back to an older snapshot.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import YinjuError, message_of

_MAX_TITLE_LENGTH, _MAX_TAG_LENGTH, _MAX_TAGS = 200, 30, 20


@dataclass(frozen=True, slots=True)
class TitlesAndTags:
    """What the user gave, by the resolved path of the report's file."""

    titles: dict[str, str] = field(default_factory=dict)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    """Name of a property -> its value."""


NO_TITLES_AND_TAGS = TitlesAndTags()


def titles_and_tags_file(index: Path) -> Path:
    """Return the path of the file in an index folder, whether it exists or not."""
    return index / "shelf.json"


def read_titles_and_tags(index: Path) -> TitlesAndTags:
    """Read the titles and tags of an index; without a file there are none.

    Raises:
        YinjuError: the file is damaged.
    """
    path = titles_and_tags_file(index)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return TitlesAndTags(
            {str(k): str(v) for k, v in values["titles"].items()},
            {str(k): tuple(map(str, v)) for k, v in values["tags"].items()},
            {
                str(k): {str(name): str(value) for name, value in v.items()}
                for k, v in values.get("about", {}).items()
            },
        )
    except FileNotFoundError:
        return NO_TITLES_AND_TAGS
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise YinjuError("index.damaged_titles", path=path, reason=message_of(error)) from error


def set_title(index: Path, resolved: str, title: str) -> None:
    """Give a report a title; an empty one restores the report's own.

    Args:
        resolved: the absolute path of the report's file.

    Raises:
        YinjuError: the file of titles and tags is damaged.
    """
    title = " ".join(title.split())[:_MAX_TITLE_LENGTH]
    _replace(index, resolved, "titles", title)


def set_tags(index: Path, resolved: str, tags: list[str]) -> None:
    """Replace the tags of a report.

    Args:
        resolved: the absolute path of the report's file.

    Raises:
        YinjuError: there are too many tags, or the file of titles and tags is damaged.
    """
    kept = tuple(
        dict.fromkeys(t for t in (" ".join(tag.split())[:_MAX_TAG_LENGTH] for tag in tags) if t)
    )
    if len(kept) > _MAX_TAGS:
        raise YinjuError("index.too_many_tags", found=len(kept), most=_MAX_TAGS)
    _replace(index, resolved, "tags", kept)


def set_property(index: Path, resolved: str, name: str, value: str) -> None:
    """Give a report a property; an empty value restores what was found in the report.

    Args:
        resolved: the absolute path of the report's file.
        name: one of `indexer.types.PROPERTIES`.

    Raises:
        YinjuError: the file of titles and tags is damaged.
    """
    value = " ".join(value.split())[:_MAX_TITLE_LENGTH]
    given = dict(read_titles_and_tags(index).about.get(resolved, {}))
    given.pop(name, None)
    _replace(index, resolved, "about", given | ({name: value} if value else {}))


def _replace(
    index: Path, resolved: str, key: str, value: str | tuple[str, ...] | dict[str, str]
) -> None:
    """Write a report's entry under `key`, "titles", "tags" or "about"; an empty value removes it."""
    from filelock import FileLock

    path = titles_and_tags_file(index)
    with FileLock(index / "shelf.lock", timeout=10):
        present = read_titles_and_tags(index)
        values: dict[str, dict[str, object]] = {
            "titles": dict(present.titles),
            "tags": {report: list(tags) for report, tags in present.tags.items()},
            "about": dict(present.about),
        }
        values[key].pop(resolved, None)
        if value:
            values[key][resolved] = value
        new = path.with_name(f".{path.name}.new")
        new.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(new, path)
