"""The tab of reports as HTML: the list, the details of a report, indexing jobs, snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.messages import Message, change_texts, say
from indexer.store.catalogue import Catalogue
from indexer.store.history import SnapshotInfo
from indexer.structure.outline import Node
from indexer.text.fold import script_of
from indexer.types import PROPERTIES, Document, Property
from qa.server.indexing_jobs import IndexingJob
from qa.server.suggestions import Suggestion

from .cleaning import problem_lines, rule_counts
from .labels import labels
from .model_stage import ModelStage
from .render import render

# The most ended jobs that are still shown.
_MAX_ENDED = 3
# The most headings of an outline that are listed.
_MAX_HEADINGS = 400


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the list."""

    path: str
    title: str
    find: str
    """The text, in lower case, that the filter of the list searches."""
    facts: list[str]
    problem: bool
    """Whether some of it could not be read."""
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property of a report: a field that can be mended."""

    name: str
    value: str
    source: str
    """Where it was found; "" if it was not."""
    place: str
    """Where it stands in the clean text, as "start end"; "" if it does not."""


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading in an outline."""

    level: int
    start: int
    """Where the heading begins in the clean text."""
    end: int
    """Where it ends."""
    text: str


@dataclass(frozen=True, slots=True)
class JobView:
    """An indexing job, as `jobs.html` shows it."""

    id: int
    state: str
    names: str
    """The names of the first files."""
    stage: ModelStage | None
    """The stage of the model's preparation; None while no model is prepared."""
    progress: str
    """How far it is, in words."""
    done: int
    total: int
    counts: dict[str, int]
    """How many reports were added, updated and unchanged, once the job is done; else empty."""
    errors: list[str]


def report_list_html(documents: Sequence[Document], chosen: str | None, language: str) -> str:
    """Render the list of reports, which a script of the page filters."""
    rows = [_report_row(document, language) for document in documents]
    return render("reports.html", language, reports=rows, chosen=chosen)


def choose_html(language: str) -> str:
    """Render the hint that stands in place of details as long as no report is chosen."""
    return render("choose.html", language)


def _report_row(document: Document, language: str) -> ReportRow:
    facts = [document.format, *([document.modified] if document.modified else ())]
    return ReportRow(
        document.path,
        document.title,
        " ".join((document.title, document.path, *document.tags)).lower(),
        facts + _counts(document, language),
        bool(document.problems),
        tuple(document.tags),
    )


def _counts(document: Document, language: str) -> list[str]:
    """Return the numbers of pages, passages and characters of a report, in words."""
    counts = {"passages": document.passages, "size": document.characters}
    if document.pages:
        counts = {"pages": document.pages, **counts}
    return [labels(language)[name].format(n=f"{count:,}") for name, count in counts.items()]


def suggested_html(path: str, questions: Sequence[Suggestion], language: str) -> str:
    """Render the questions that a report answers, for the place that its details keep for them."""
    return render("suggested.html", language, path=path, questions=questions)


def report_html(document: Document, catalogue: Catalogue, language: str) -> str:
    """Render the details of a report: facts, actions, problems, outline and cleaning."""
    trail = catalogue.trail(document.id)
    headings = [node for node in catalogue.outline(document.id) if node.kind == "heading"]
    return render(
        "report.html",
        language,
        path=document.path,
        title=document.title,
        tags=document.tags,
        about=_properties(document),
        facts=_facts(document, language),
        problems=problem_lines(document, language),
        script=script_of(trail.text[:2000]),
        headings=[_heading_row(node, trail.text) for node in headings[:_MAX_HEADINGS]],
        more_headings=max(len(headings) - _MAX_HEADINGS, 0),
        **rule_counts(trail, language),
    )


def _properties(document: Document) -> list[PropertyRow]:
    """Return all properties of a report; those of which nothing is known are empty."""
    known = {property.name: property for property in document.about}
    return [
        PropertyRow(name, p.value, p.source, f"{p.start} {p.end}" if p.end else "")
        for name in PROPERTIES
        for p in [known.get(name, Property(name, "", ""))]
    ]


def _facts(document: Document, language: str) -> list[str]:
    facts = [document.path, document.format, document.encoding or ""]
    if document.modified:
        facts.append(labels(language)["modified"].format(day=document.modified))
    return [fact for fact in facts + _counts(document, language) if fact]


def _heading_row(node: Node, text: str) -> HeadingRow:
    heading = text[node.start : node.end].strip(" #")
    return HeadingRow(min(node.level, 6), node.start, node.end, heading)


def jobs_html(jobs: Sequence[IndexingJob], now: float, language: str) -> str:
    """Render the jobs that wait or run, and the last that ended, the newest first.

    Args:
        now: in seconds of `time.monotonic`.
    """
    ended = [job for job in jobs if job.state not in ("waiting", "running")][-_MAX_ENDED:]
    shown = [job for job in jobs if job.state in ("waiting", "running") or job in ended]
    views = [_job_view(job, now, language) for job in reversed(shown)]
    return render("jobs.html", language, jobs=views)


def _job_view(job: IndexingJob, now: float, language: str) -> JobView:
    names = "、".join(path.name for path in job.files[:3])
    if len(job.files) > 3:
        names += labels(language)["and_more"].format(n=len(job.files))
    stage = None if job.model is None else ModelStage(job.model, language)
    summary, counts = job.summary, {}
    if summary is not None:
        counts = {name: getattr(summary, name) for name in ("added", "updated", "unchanged")}
    return JobView(
        id=job.id,
        state=job.state,
        names=names,
        stage=stage if stage is not None and stage.number else None,
        progress=_progress(job, now, language),
        done=job.done,
        total=job.total or 1,
        counts=counts,
        errors=_errors(job, language),
    )


def _errors(job: IndexingJob, language: str) -> list[str]:
    """Return the errors of a job that has ended, in words, a line each."""
    if job.state in ("waiting", "running"):
        return []
    if job.summary is not None:
        return [
            _say_with_file_names(job, failure.error, language) for failure in job.summary.failed
        ]
    return _say_with_file_names(job, job.error, language).splitlines() if job.error else []


def _say_with_file_names(job: IndexingJob, message: Message, language: str) -> str:
    """Put an error into words, with files named without the folder, which the user does not know."""

    def shorten(text: str) -> str:
        for file in job.files:
            text = text.replace(file.as_posix(), file.name)
        return text

    return say(change_texts(message, shorten), language)


def _progress(job: IndexingJob, now: float, language: str) -> str:
    label = labels(language)
    words = label.get(f"stage_{job.stage}", label["stage_"]).format(done=job.done, total=job.total)
    left = job.seconds_left(now)
    return words if left is None or left < 1 else words + label["left"].format(n=round(left))


def snapshots_html(kept: Sequence[SnapshotInfo], language: str) -> str:
    """Render the snapshots of the index, each with a button to go back to it."""
    return render("snapshots.html", language, snapshots=kept)


def undo_html(title: str, name: str, before: str, language: str) -> str:
    """Render the button that undoes the removal of a report.

    Args:
        name: the snapshot without the report.
        before: the snapshot with it.
    """
    return render("undo.html", language, title=title, name=name, before=before)
