"""The whole flow: report files to a new snapshot."""

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

# Called with (stage, done, total): stage is "read" (counts files) or "encode" (counts windows).
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    path: str
    error: Message


@dataclass(frozen=True, slots=True)
class Summary:
    """What an indexing run did. documents, passages, windows: in the index now."""

    documents: int
    passages: int
    windows: int
    added: int
    updated: int
    unchanged: int
    removed: int
    failed: tuple[Failure, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        failed = tuple({"path": one.path, "error": str(one.error)} for one in self.failed)
        return {**asdict(self), "failed": failed, "seconds": round(self.seconds, 3)}


@dataclass(slots=True)
class _Plan:
    """Reports by resolved path as the run goes on, and how many were added, updated ..."""

    reports: dict[str, ParsedReport]
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated or self.removed)


def build_index(
    config: Config,
    paths: Sequence[Path],
    *,
    sync: bool = False,
    on_progress: OnProgress = lambda stage, done, total: None,
    notify: Progress = lambda stage: None,
) -> Summary:
    """Indexes the reports at `paths` into `config.index`, replacing those of the same path.

    Nothing else is dropped, but with `sync` the documents whose file is gone. A file that cannot
    be read is named in the summary and its previous version stays.

    Raises:
        YinjuError: a path does not exist, no report was found, the index, its vocabulary or the
            model cannot be used.
    """
    began = time.perf_counter()
    files = find_reports(list(paths))
    with writer_lock(config.index):
        old = _open_old(config.index)
        files += _unreadable_paths(config.index, old, files)
        if not files and old is None:
            raise YinjuError("file.no_report", paths=", ".join(map(str, paths)))
        vocabulary = read_vocabulary(config.index)
        segmenter = Segmenter(vocabulary)
        plan = _read_all(files, old, sync, on_progress, config.limits, segmenter)
        changed = old is not None and old.vocabulary != vocabulary
        if changed:
            notify(vocabulary.stage_message())
            plan.reports = {path: retokenize(one, segmenter) for path, one in plan.reports.items()}
        model = _model(config, old)
        if old is None or plan.changed or changed or model != old.manifest.model:
            old = _write(config, plan, old, model, vocabulary, on_progress, notify)
    manifest = old.manifest
    return Summary(
        manifest.documents,
        manifest.passages,
        manifest.windows,
        plan.added,
        plan.updated,
        plan.unchanged,
        plan.removed,
        plan.failed,
        time.perf_counter() - began,
    )


def _open_old(index: Path) -> Snapshot | None:
    """The current snapshot; None if there is none, or one of another format."""
    if not Files(index).current.exists():
        return None
    return open_snapshot(index) if read_manifest(index)[1].format == FORMAT else None


def _unreadable_paths(index: Path, old: Snapshot | None, files: Sequence[Path]) -> list[Path]:
    """The documents of an index of another format: they are read again, none is dropped."""
    if old is not None or not Files(index).current.exists():
        return []
    known = {str(file.resolve()) for file in files}
    return [_shown(path) for path in read_manifest(index)[1].paths if path not in known]


def _shown(resolved: str) -> Path:
    """A path as a person would name it from here."""
    try:
        return Path(resolved).relative_to(Path.cwd())
    except ValueError:
        return Path(resolved)


def _model(config: Config, old: Snapshot | None) -> str | None:
    """The model asked for; where none is, the one that the index has."""
    if config.model is None:
        return old.manifest.model if old is not None else None
    return None if config.model == DEFAULT_MODEL else config.model


def _read_all(
    files: list[Path],
    old: Snapshot | None,
    sync: bool,
    on_progress: OnProgress,
    limits: Limits,
    segmenter: Segmenter,
) -> _Plan:
    hashes = old.catalogue.file_hashes() if old is not None else {}
    stale = old is not None and old.manifest.pipeline != PIPELINE
    plan = _Plan({})
    if old is not None:
        plan.reports = {path: old.catalogue.report(number) for path, (number, _) in hashes.items()}
    # Where a file is named by itself and by a link, it goes by its own name.
    named = {
        str(file.resolve()): file.as_posix()
        for file in sorted(files, key=lambda file: not file.is_symlink())
    }
    if stale:  # read again whatever an older pipeline read
        kept = {path: report.path for path, report in plan.reports.items() if os.path.exists(path)}
        named = kept | named
    failed = []
    for done, (resolved, shown) in enumerate(named.items()):
        on_progress("read", done, len(named))
        before = plan.reports.get(resolved)
        try:
            _read_one(plan, resolved, shown, stale, limits, segmenter)
        except (YinjuError, OSError, UnicodeEncodeError) as error:
            failed.append(Failure(_printable(shown), _failure_message(error, resolved, shown)))
            if stale and before is not None:  # no hash of a file: it is read again the next time
                plan.reports[resolved] = replace(before, sha256="")
    on_progress("read", len(named), len(named))
    plan.failed = tuple(failed)
    if sync:
        gone = [path for path in plan.reports if not os.path.exists(path)]
        for path in gone:
            del plan.reports[path]
        plan.removed = len(gone)
    return plan


def _read_one(
    plan: _Plan, resolved: str, shown: str, stale: bool, limits: Limits, segmenter: Segmenter
) -> None:
    """Reads a file into the plan, unless it is as it was.

    Raises:
        YinjuError, OSError: it cannot be read. UnicodeEncodeError: its name is no text.
    """
    shown.encode()
    before = plan.reports.get(resolved)
    if before is None:
        plan.reports[resolved] = parse_report(Path(resolved), shown, limits, segmenter)
        plan.added += 1
    elif stale or file_hash(Path(resolved)) != before.sha256:
        plan.reports[resolved] = parse_report(Path(resolved), shown, limits, segmenter)
        plan.updated += 1
    elif before.path != shown:
        plan.reports[resolved] = replace(before, path=shown)
        plan.updated += 1
    else:
        plan.unchanged += 1


def _failure_message(error: Exception, resolved: str, shown: str) -> Message:
    """Say why a file could not be read, naming it as it was named."""
    if isinstance(error, UnicodeEncodeError):
        return message("file.name_is_no_text", reason=str(error))
    return change_texts(message_of(error), lambda text: _printable(text.replace(resolved, shown)))


def _printable(text: str) -> str:
    """A text as it can be printed, whatever bytes a file's name has."""
    return text.encode("utf-8", "replace").decode()


def _distinct_paths(reports: Iterable[ParsedReport]) -> list[ParsedReport]:
    """Reports in the order of their paths; of those named alike each goes by its full path."""
    reports = list(reports)
    often = Counter(report.path for report in reports)
    told = [replace(r, path=r.resolved) if often[r.path] > 1 else r for r in reports]
    return sorted(told, key=lambda report: report.path)


def _write(
    config: Config,
    plan: _Plan,
    old: Snapshot | None,
    model: str | None,
    vocabulary: Vocabulary,
    on_progress: OnProgress,
    notify: Progress,
) -> Snapshot:
    """Encodes what is new and writes the snapshot, documents in the order of their paths."""
    if not plan.reports and plan.failed:
        raise YinjuError("other.lines", lines=tuple(failure.error for failure in plan.failed))
    encoder = open_encoder(model, config.cache, notify)
    reports = _distinct_paths(plan.reports.values())
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
    """Vectors of all texts, shape (len(texts), dim); those that `old` has are taken from it."""
    known: dict[str, int] = {}
    if old is not None:
        known = {text: i for i, text in enumerate(old.catalogue.window_texts())}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    on_progress(0, len(new))
    encoded = encoder.encode_passages(new, lambda done: on_progress(done, len(new)))
    place = {text: i for i, text in enumerate(new)}
    vectors = np.empty((len(texts), encoder.dim), dtype=np.float32)
    fresh = [i for i, text in enumerate(texts) if text in place]
    reused = [i for i, text in enumerate(texts) if text not in place]
    vectors[fresh] = encoded[[place[texts[i]] for i in fresh]]
    if reused and old is not None:
        vectors[reused] = old.vectors.rows([known[texts[i]] for i in reused])
    return vectors
