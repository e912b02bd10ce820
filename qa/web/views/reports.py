"""The tab of reports as HTML: the list, one report's details, batches at work, snapshots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape

from indexer.store.catalogue import Catalogue
from indexer.store.history import Kept
from indexer.structure.outline import Node
from indexer.text.fold import script_of
from indexer.types import Document
from qa.server.indexing_jobs import Job
from qa.server.scope import report_value
from qa.server.suggestions import Suggestion

from .cleaning import problems_html, rules_html
from .conversation import is_stage, stage_html
from .html import spans
from .labels import LABELS
from .messages import told_error

# How many batches that have ended are still told of.
_ENDED = 3
# How many headings of an outline are listed.
_MOST_HEADINGS = 400


def library_html(documents: Sequence[Document], chosen: str | None, language: str) -> str:
    """The list of reports, which the page's script filters."""
    label = LABELS[language]
    items = "".join(_item(document, document.path == chosen, label) for document in documents)
    return (
        f'<div class="tools"><input type="search" class="filter" aria-label="{label["filter"]}" '
        f'placeholder="{label["filter"]}"><span class="meta">'
        f"{label['reports'].format(n=len(documents))}</span></div>"
        f'<ul class="reports">{items}</ul>'
    )


def _item(document: Document, chosen: bool, label: dict[str, str]) -> str:
    find = " ".join((document.title, document.path, *document.tags)).lower()
    facts = [document.format, *([document.modified] if document.modified else ())]
    facts += _counts(document, label)
    problem = f'<i class="problem">{label["problem"]}</i>' if document.problems else ""
    return (
        f'<li data-find="{escape(find)}"><button type="button" class="report" data-act="open" '
        f'data-report="{escape(document.path)}"{_current(chosen)}>'
        f'<strong lang="{script_of(document.title)}">{escape(document.title)}</strong>'
        f'<span class="meta">{spans(facts)}{problem}{_tags(document.tags)}</span></button></li>'
    )


def _counts(document: Document, label: dict[str, str]) -> list[str]:
    """Pages, passages and characters of a report."""
    counts = {"passages": document.passages, "size": document.characters}
    if document.pages:
        counts = {"pages": document.pages, **counts}
    return [label[name].format(n=f"{count:,}") for name, count in counts.items()]


def _current(chosen: bool) -> str:
    return ' aria-current="true"' if chosen else ""


def _tags(tags: Iterable[str]) -> str:
    return "".join(f'<b class="tag">{escape(tag)}</b>' for tag in tags)


def report_html(
    document: Document, catalogue: Catalogue, language: str, questions: Sequence[Suggestion] = ()
) -> str:
    """One report: what it is, what can be done with it, its problems, cleaning and outline.

    questions: that it answers.
    """
    label = LABELS[language]
    trail = catalogue.trail(document.id)
    facts = [document.path, document.format, document.encoding or ""]
    facts += [label["modified"].format(day=document.modified)] if document.modified else []
    facts += _counts(document, label)
    script = script_of(document.title)
    path = escape(document.path)
    buttons = "".join(
        f'<button type="button" class="plain" data-act="{act}" data-report="{path}">'
        f"{label[act]}</button>"
        for act in ("reindex", "delete", "trail")
    )
    return (
        f'<header class="place"><h2 lang="{script}">{escape(document.title)}</h2>'
        f'<p class="meta">{spans([fact for fact in facts if fact])}</p></header>'
        f'<div class="details" data-report="{path}" tabindex="0" role="region" aria-label="{label["details"]}">'
        f"{_field('rename', document.title, path, label)}"
        f"{_field('retag', ' '.join(document.tags), path, label)}"
        f'<p class="buttons">{buttons}</p>{problems_html(document, language)}'
        f"{_questions(questions, label)}"
        f"<h3>{label['outline']}</h3>"
        f"{_outline(trail.text, catalogue.outline(document.id), path, label)}"
        f"<h3>{label['cleaning']}</h3>{rules_html(trail, language)}</div>"
    )


def _field(act: str, value: str, path: str, label: dict[str, str]) -> str:
    return (
        f'<form class="field" data-act="{act}" data-report="{path}"><label>{label[act]}'
        f'<input type="text" name="value" value="{escape(value)}" maxlength="200"></label>'
        f'<button type="submit" class="plain">{label["save"]}</button></form>'
    )


def _questions(questions: Sequence[Suggestion], label: dict[str, str]) -> str:
    """Buttons that ask this report in the tab for questions."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="plain" lang="{script_of(one.question)}" '
        f'data-scope="{escape(json.dumps([report_value(one.path)]))}" '
        f'data-ask="{escape(one.question)}">{escape(one.question)}</button>'
        for one in questions
    )
    return f'<h3>{label["suggest"]}</h3><p class="buttons">{buttons}</p>'


def _outline(text: str, nodes: Sequence[Node], path: str, label: dict[str, str]) -> str:
    """The headings, each a button that shows its section. path: escaped."""
    headings = [node for node in nodes if node.kind == "heading"]
    if not headings:
        return f'<p class="meta">{label["no_outline"]}</p>'
    lines = [
        f'<li style="--level:{min(node.level, 6)}"><button type="button" data-act="section" '
        f'data-report="{path}" data-value="{node.start} {node.end}" title="{label["section"]}">'
        f"{escape(text[node.start : node.end].strip(' #'))}</button></li>"
        for node in headings[:_MOST_HEADINGS]
    ]
    if len(headings) > _MOST_HEADINGS:
        lines.append(f"<li>{label['more'].format(n=len(headings) - _MOST_HEADINGS)}</li>")
    return f'<ul class="outline" lang="{script_of(text[:2000])}">{"".join(lines)}</ul>'


def jobs_html(jobs: Sequence[Job], now: float, language: str) -> str:
    """Batches that wait or run, and the last that ended, the newest first.

    now: of the clock that the jobs' times are of.
    """
    ended = [job for job in jobs if job.state not in ("waiting", "running")][-_ENDED:]
    shown = [job for job in jobs if job.state in ("waiting", "running") or job in ended]
    return "".join(_job(job, now, language) for job in reversed(shown))


def _job(job: Job, now: float, language: str) -> str:
    label = LABELS[language]
    names = "、".join(path.name for path in job.files[:3])
    if len(job.files) > 3:
        names += label["and_more"].format(n=len(job.files))
    told, alert = "", ""
    if job.state in ("waiting", "running"):
        stop = f'<button type="button" class="plain" data-act="cancel" data-job="{job.id}">{label["cancel"]}</button>'
        told = f"{_progress(job, now, language)}{stop}"
    elif job.summary is not None:
        counts = {k: getattr(job.summary, k) for k in ("added", "updated", "unchanged")}
        told = f'<p class="meta">{label["job_done"].format(**counts)}</p>'
        alert = "".join(
            f"<li>{escape(_told(job, failure.error, language))}</li>"
            for failure in job.summary.failed
        )
    elif job.error:
        lines = _told(job, job.error, language).splitlines()
        alert = "".join(f"<li>{escape(line)}</li>" for line in lines)
    else:
        told = f'<p class="meta">{label["job_cancelled"]}</p>'
    refused = (
        f'<p class="meta">{label["refused_files"]}</p><ul role="alert">{alert}</ul>'
        if alert
        else ""
    )
    return f'<section class="job {job.state}"><h3>{escape(names)}</h3>{told}{refused}</section>'


def _told(job: Job, message: str, language: str) -> str:
    """An error, its files named without their folder, which is none that their sender knows."""
    for file in job.files:
        message = message.replace(file.as_posix(), file.name)
    return told_error(message, language)


def _progress(job: Job, now: float, language: str) -> str:
    label = LABELS[language]
    if job.state == "waiting":
        return f'<p class="meta" role="status">{label["job_waits"]}</p>'
    if is_stage(job.model):
        return f'<div class="meta" role="status">{stage_html(job.model, language)}</div>'
    told = label.get(f"stage_{job.stage}", label["stage_"]).format(done=job.done, total=job.total)
    left = job.seconds_left(now)
    if left is not None and left >= 1:
        told += label["left"].format(n=round(left))
    return (
        f'<p class="meta" role="status">{told}</p>'
        f'<progress max="{job.total or 1}" value="{job.done}" aria-label="{told}"></progress>'
    )


def snapshots_html(kept: Sequence[Kept], language: str) -> str:
    """The snapshots that are kept, with the way back to each."""
    label = LABELS[language]
    rows = []
    for one in kept:
        written = one.written.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        told = label["snapshot"].format(name=one.name, written=written, n=one.documents)
        back = (
            f'<button type="button" class="plain" data-act="rollback" data-value="{one.name}">'
            f"{label['rollback']}</button>"
        )
        end = f"<b>{label['current']}</b>" if one.current else back if one.readable else ""
        rows.append(f"<li>{told} {end}</li>")
    return f'<details class="snapshots"><summary>{label["snapshots"]}</summary><ul>{"".join(rows)}</ul></details>'


def undo_html(title: str, name: str, before: str, language: str) -> str:
    """A report was removed: the way back. name, before: the snapshot without it, and with it."""
    label = LABELS[language]
    return (
        f'<p class="undo" role="status">{label["removed"].format(title=escape(title))}'
        f'<button type="button" class="plain" data-act="undo" data-value="{name} {before}">'
        f"{label['undo']}</button></p>"
    )
