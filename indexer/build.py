"""Build an index: find report files, parse what changed, encode new windows, write a snapshot."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedding.encoder import Encoder
from indexer.embedding.open import open_encoder
from indexer.store.snapshot import (
    FORMAT,
    Files,
    Snapshot,
    open_snapshot,
    read_manifest,
    write_snapshot,
    writer_lock,
)
from indexer.text.segment import Segmenter
from indexer.text.vocabulary import Vocabulary, read_vocabulary

from .config import DEFAULT_MODEL, Config, Limits
from .errors import Progress, YinjuError, message_of
from .load import find_reports
from .messages import Message, change_texts, message
from .parsed_report import PIPELINE, ParsedReport, file_hash
from .report import parse_report, retokenize

# Called with (stage, done, total). The stage is "read", which counts files, or "encode", which counts
# windows.
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    path: str
    """As the user named it."""
    error: Message


@dataclass(frozen=True, slots=True)
class Summary:
    """The result of an indexing run."""

    documents: int
    """How many are in the index after the run; passages and windows likewise."""
    passages: int
    windows: int
    added: int
    """How many documents are new; updated, unchanged and removed likewise."""
    updated: int
    unchanged: int
    removed: int
    failed: tuple[Failure, ...]
    seconds: float
    """How long the run took."""

    def as_dict(self) -> dict[str, Any]:
        """Return the values for JSON."""
        failed = tuple({"path": file.path, "error": str(file.error)} for file in self.failed)
        return {**asdict(self), "failed": failed, "seconds": round(self.seconds, 3)}


@dataclass(slots=True)
class _Contents:
    """The reports of the next snapshot, as the run collects them, and what changed."""

    reports: dict[str, ParsedReport]
    """By the resolved path of their file."""
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether they differ from those of the previous snapshot."""
        return bool(self.added or self.updated or self.removed)


def build_index(
    config: Config,
    paths: Sequence[Path],
    *,
    sync: bool = False,
    on_progress: OnProgress = lambda stage, done, total: None,
    notify: Progress = lambda stage: None,
) -> Summary:
    """Index the reports at `paths` into `config.index`, replacing those of the same path.

    All other documents stay. A file that cannot be read is named in the summary, and its previous
    version stays.

    Args:
        paths: files and folders.
        sync: remove the documents whose file is gone.
        notify: called with stages of the work that have no count, such as preparing a model.

    Raises:
        YinjuError: a path does not exist, no report was found, the index, its vocabulary or the
            model cannot be used.
    """
    began = time.perf_counter()
    files = find_reports(list(paths))
    with writer_lock(config.index):
        old = _open_current(config.index)
        files += _paths_of_other_format(config.index, old, files)
        if not files and old is None:
            raise YinjuError("file.no_report", paths=", ".join(map(str, paths)))
        vocabulary = read_vocabulary(config.index)
        segmenter = Segmenter(vocabulary)
        contents = _read_files(files, old, sync, on_progress, config.limits, segmenter)
        new_vocabulary = old is not None and old.vocabulary != vocabulary
        if new_vocabulary:
            notify(vocabulary.stage_message())
            contents.reports = {
                path: retokenize(report, segmenter) for path, report in contents.reports.items()
            }
        model = _choose_model(config, old)
        if old is None or contents.changed or new_vocabulary or model != old.manifest.model:
            old = _write(config, contents, old, model, vocabulary, on_progress, notify)
    manifest = old.manifest
    return Summary(
        manifest.documents,
        manifest.passages,
        manifest.windows,
        contents.added,
        contents.updated,
        contents.unchanged,
        contents.removed,
        contents.failed,
        time.perf_counter() - began,
    )


def _open_current(index: Path) -> Snapshot | None:
    """Open the current snapshot; return None if there is none, or if it has another format."""
    if not Files(index).current.exists():
        return None
    return open_snapshot(index) if read_manifest(index)[1].format == FORMAT else None


def _paths_of_other_format(index: Path, old: Snapshot | None, files: Sequence[Path]) -> list[Path]:
    """Return the documents of an index of another format, so that they are read again."""
    if old is not None or not Files(index).current.exists():
        return []
    known = {str(file.resolve()) for file in files}
    return [_relative_path(path) for path in read_manifest(index)[1].paths if path not in known]


def _relative_path(resolved: str) -> Path:
    """Return a path relative to the working folder where it lies in there, as a user would name it."""
    try:
        return Path(resolved).relative_to(Path.cwd())
    except ValueError:
        return Path(resolved)


def _choose_model(config: Config, old: Snapshot | None) -> str | None:
    """Return the model that the user asked for, else that of the index; None is the default."""
    if config.model is None:
        return old.manifest.model if old is not None else None
    return None if config.model == DEFAULT_MODEL else config.model


def _read_files(
    files: list[Path],
    old: Snapshot | None,
    sync: bool,
    on_progress: OnProgress,
    limits: Limits,
    segmenter: Segmenter,
) -> _Contents:
    """Return the reports of the old snapshot with those of `files` added or replaced."""
    contents = _Contents({})
    outdated = False
    if old is not None:
        hashes = old.catalogue.file_hashes()
        contents.reports = {path: old.catalogue.report(id_) for path, (id_, _) in hashes.items()}
        outdated = old.manifest.pipeline != PIPELINE
    # A file that is named by itself and by a link goes by its own name.
    names = {
        str(file.resolve()): file.as_posix()
        for file in sorted(files, key=lambda file: not file.is_symlink())
    }
    if outdated:  # read all again that an older pipeline read
        present = {path: r.path for path, r in contents.reports.items() if os.path.exists(path)}
        names = present | names
    failed = []
    for done, (resolved, name) in enumerate(names.items()):
        on_progress("read", done, len(names))
        previous = contents.reports.get(resolved)
        try:
            _read_file(contents, resolved, name, outdated, limits, segmenter)
        except (YinjuError, OSError, UnicodeEncodeError) as error:
            failed.append(Failure(_printable(name), _failure_message(error, resolved, name)))
            if outdated and previous is not None:  # without a hash it is read again the next time
                contents.reports[resolved] = replace(previous, sha256="")
    on_progress("read", len(names), len(names))
    contents.failed = tuple(failed)
    if sync:
        gone = [path for path in contents.reports if not os.path.exists(path)]
        for path in gone:
            del contents.reports[path]
        contents.removed = len(gone)
    return contents


def _read_file(
    contents: _Contents,
    resolved: str,
    name: str,
    outdated: bool,
    limits: Limits,
    segmenter: Segmenter,
) -> None:
    """Parse a file into `contents`, unless it is unchanged.

    Args:
        resolved: its absolute path.
        name: its path as the user named it.
        outdated: whether to parse it even if its content is the same.

    Raises:
        YinjuError, OSError: it cannot be read.
        UnicodeEncodeError: its name is no text.
    """
    name.encode()
    previous = contents.reports.get(resolved)
    if previous is None:
        contents.reports[resolved] = parse_report(Path(resolved), name, limits, segmenter)
        contents.added += 1
    elif outdated or file_hash(Path(resolved)) != previous.sha256:
        contents.reports[resolved] = parse_report(Path(resolved), name, limits, segmenter)
        contents.updated += 1
    elif previous.path != name:
        contents.reports[resolved] = replace(previous, path=name)
        contents.updated += 1
    else:
        contents.unchanged += 1


def _failure_message(error: Exception, resolved: str, name: str) -> Message:
    """Say why a file could not be read, naming the file as the user did."""
    if isinstance(error, UnicodeEncodeError):
        return message("file.name_is_no_text", reason=str(error))
    return change_texts(message_of(error), lambda text: _printable(text.replace(resolved, name)))


def _printable(text: str) -> str:
    """Return a text that can be printed, whatever bytes a file's name has."""
    return text.encode("utf-8", "replace").decode()


def _distinct_paths(reports: Iterable[ParsedReport]) -> list[ParsedReport]:
    """Return the reports in the order of their paths; those of one name go by their full paths."""
    reports = list(reports)
    counts = Counter(report.path for report in reports)
    distinct = [replace(r, path=r.resolved) if counts[r.path] > 1 else r for r in reports]
    return sorted(distinct, key=lambda report: report.path)


def _write(
    config: Config,
    contents: _Contents,
    old: Snapshot | None,
    model: str | None,
    vocabulary: Vocabulary,
    on_progress: OnProgress,
    notify: Progress,
) -> Snapshot:
    """Encode new windows and write the snapshot, with the documents in the order of their paths."""
    if not contents.reports and contents.failed:
        raise YinjuError("other.lines", lines=tuple(failure.error for failure in contents.failed))
    encoder = open_encoder(model, config.cache, notify)
    reports = _distinct_paths(contents.reports.values())
    texts = [window.text for report in reports for window in report.windows]
    reuse = old if old is not None and old.manifest.identity == encoder.identity else None
    vectors = encode_windows(texts, encoder, reuse, lambda n, of: on_progress("encode", n, of))
    write_snapshot(config.index, reports, vectors, model, encoder.identity, vocabulary)
    return open_snapshot(config.index)


def encode_windows(
    texts: Sequence[str],
    encoder: Encoder,
    old: Snapshot | None,
    on_progress: Callable[[int, int], None],
) -> NDArray[np.float32]:
    """Return the vectors of all texts, shape (len(texts), dim).

    Args:
        old: a snapshot of the same encoder; vectors of texts that it contains are taken from it.
        on_progress: called with how many of the new texts are encoded, and how many there are.
    """
    old_rows: dict[str, int] = {}
    if old is not None:
        old_rows = {text: i for i, text in enumerate(old.catalogue.window_texts())}
    new = [text for text in dict.fromkeys(texts) if text not in old_rows]
    on_progress(0, len(new))
    encoded = encoder.encode_passages(new, lambda done: on_progress(done, len(new)))
    new_rows = {text: i for i, text in enumerate(new)}
    vectors = np.empty((len(texts), encoder.dim), dtype=np.float32)
    fresh = [i for i, text in enumerate(texts) if text in new_rows]
    reused = [i for i, text in enumerate(texts) if text not in new_rows]
    vectors[fresh] = encoded[[new_rows[texts[i]] for i in fresh]]
    if reused and old is not None:
        vectors[reused] = old.vectors.rows([old_rows[texts[i]] for i in reused])
    return vectors
