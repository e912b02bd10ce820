"""The command line: its commands and options. Bad input gets a line on stderr and exit code 2."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from indexer.config import DEFAULT_REPORTS, read_config
from indexer.errors import YinjuError

# Import heavy modules inside the commands, so that each loads only what it needs.
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # The commands inherit these from the application.
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Ask Chinese reports; every answer is a verbatim quotation with a citation.",
)

# The base class of usage errors: typer vendors click and exports only a subclass of it.
UsageError: Any = typer.BadParameter.__base__

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="Index folder; default $YINJU_INDEX or .yinju.")
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="A name or path that sentence-transformers takes, or 'default'."),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        help="A cross-encoder that ranks the best passages anew: a name or path that "
        "sentence-transformers takes. Default $YINJU_RERANKER, else none.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line; an error of the user becomes one line on stderr and exit code 2."""
    try:
        raise SystemExit(app(standalone_mode=False))
    except UsageError as error:
        if not error.format_message():  # no command was given, and its help was printed
            raise SystemExit(2) from None
        command = error.ctx.command_path if error.ctx else "yinju"
        print(f"yinju: {error.format_message()}; see: {command} --help", file=sys.stderr)
        raise SystemExit(2) from None
    except YinjuError as error:
        print(f"yinju: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def print_version(asked: bool) -> None:
    """Print the installed version and end the program, if --version was given."""
    from importlib.metadata import PackageNotFoundError, version

    if not asked:
        return
    try:
        print(f"yinju {version('yinju')}")
    except PackageNotFoundError:  # run from a checkout that was not installed
        print("yinju (not installed)")
    raise typer.Exit


@app.callback()
def accept_global_options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=print_version, is_eager=True),
    ] = False,
) -> None:
    """Accept the options before a command; each acts in its own callback."""


@app.command()
def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; default corpus/reports.")
    ] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Also drop documents whose file is gone.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Index reports, replacing those of the same path and dropping nothing else."""
    from indexer.build import build_index

    from .progress import show_progress

    config = read_config(index, model)
    with show_progress() as (on_progress, notify):
        summary = build_index(
            config, paths or [DEFAULT_REPORTS], sync=sync, on_progress=on_progress, notify=notify
        )
    if as_json:
        _print_json(summary.as_dict())
    else:
        print(
            f"{config.index}: {summary.documents} documents, {summary.passages} passages, "
            f"{summary.windows} windows ({summary.added} added, {summary.updated} updated, "
            f"{summary.unchanged} unchanged, {summary.removed} removed, {len(summary.failed)} failed) "
            f"in {summary.seconds:.1f} s"
        )
    for failure in summary.failed:
        print(f"yinju: {failure.error}", file=sys.stderr)
    if summary.failed:
        raise SystemExit(2)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help="JSON lines with id, question and optional history."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0.0, max=1.0, help="Confidence below which it refuses."),
    ] = None,
    lang: Annotated[
        Literal["zh", "en"], typer.Option("--lang", help="Language of refusals.")
    ] = "zh",
    as_json: JsonOption = False,
) -> None:
    """Answer a question with quotations, or say that the reports do not."""
    from qa.serialize import answer_to_json, answer_to_text

    from .batch import read_batch

    if (question is None) == (batch is None):
        raise YinjuError("question.give_question")
    rows = read_batch(batch, "question") if batch else []
    opened = _open(index, model, reranker)
    options: dict[str, Any] = {"language": lang}
    if threshold is not None:
        options["threshold"] = threshold
    if question is not None:
        answer = opened.ask(question, **options)
        if as_json:
            _print_json(answer_to_json(answer))
        else:
            print(answer_to_text(answer, lang))
    for row in rows:
        answer = opened.ask(row["question"], tuple(row.get("history") or ()), **options)
        _print_json(answer_to_json(answer, row["id"]))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="The query.")] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages.")] = 10,
    by: Annotated[
        Literal["passage", "document"],
        typer.Option("--by", help="document: each one's best passage."),
    ] = "passage",
    batch: Annotated[
        Path | None, typer.Option("--batch", help="JSON lines with id and query.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Rank passages, without an answer."""
    from qa.serialize import format_place, passage_to_json

    from .batch import read_batch

    if (query is None) == (batch is None):
        raise YinjuError("question.give_query")
    rows = read_batch(batch, "query") if batch else []
    opened = _open(index, model, reranker)

    def rank_passages(text: str) -> list[dict[str, Any]]:
        return [passage_to_json(p) for p in opened.search(text, k, by_document=by == "document")]

    if query is not None and as_json:
        _print_json(rank_passages(query))
    elif query is not None:
        for rank, found in enumerate(rank_passages(query), 1):
            place = format_place(found["title"], tuple(found["headings"]))
            print(f"{rank}. {found['score']:.3f} {found['document']}: {place}")
            print(f"   {found['text']}")
    for row in rows:
        results = rank_passages(row["query"])
        _print_json({"id": row["id"], "query": row["query"], "results": results})


@app.command()
def clean(
    file: Annotated[Path, typer.Argument(help="A report.")],
    diff: Annotated[
        bool, typer.Option("--diff", help="Show instead what cleaning changed, and by which rule.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the clean text of a report; with --json also each edit, the outline and the encoding."""
    from dataclasses import asdict

    from indexer.report import clean_report
    from indexer.structure.outline import to_tree

    if diff and as_json:
        raise YinjuError("question.diff_or_json")
    if not file.is_file():
        raise YinjuError("file.no_such_file", path=file)
    report = clean_report(file, read_config().limits)
    if diff:
        from .diff import print_difference

        print_difference(report.trail)
        return
    if not as_json:
        print(report.trail.text)
        return
    _print_json(
        {
            "title": report.title,
            "text": report.trail.text,
            "edits": [asdict(edit) for edit in report.trail.edits],
            "outline": to_tree(report.nodes),
            "truncated": report.truncated,
            "encoding": report.loaded.encoding,
        }
    )


@app.command(name="eval")
def evaluate(
    gold: Annotated[
        Path | None,
        typer.Argument(
            help="Gold questions, JSON lines, or a folder of such files (see "
            "corpus/gold/README.md); or a run saved with --out, which is not asked again."
        ),
    ] = None,
    squad: Annotated[
        Path | None,
        typer.Option(
            "--squad",
            help="A file in the SQuAD layout instead: each paragraph becomes a document, in a "
            "temporary index or in --index, and each question is asked with and without its own.",
        ),
    ] = None,
    questions: Annotated[
        int | None, typer.Option("--questions", min=1, help="Of --squad only so many, drawn.")
    ] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    choices: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=V[,V...]",
            help="Try settings, as fusion.alpha=0.3,0.5; several --set are tried in all "
            "combinations, a row each.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Save measures and every question's outcome.")
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="With --out: only what --baseline needs.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write an HTML page with plots and failures.")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", help="Two saved runs: what differs beyond noise, what flipped."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            help="A saved run; exit code 1 if a measure has fallen below it beyond noise: if over "
            "the questions that both have, it is worse in all of the middle 95 % of 1,000 paired "
            "bootstrap drawings. Looked at: evidence recall, unanswerable and answerable refused, "
            "MRR@10 and AUROC.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure answers to questions whose answers are known, with 95 % bootstrap intervals."""
    from .evaluate import Options
    from .evaluate import evaluate as run_evaluation

    options = Options(
        gold=gold,
        squad=squad,
        questions=questions,
        index=index,
        model=model,
        reranker=reranker,
        settings=tuple(choices or ()),
        compare=compare,
        baseline=baseline,
        out=out,
        brief=brief,
        report=report,
        as_json=as_json,
    )
    regressions = run_evaluation(options)
    for line in regressions:
        print(f"yinju: {line}", file=sys.stderr)
    if regressions:
        raise SystemExit(1)


@app.command()
def reports(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List the reports of an index."""
    from indexer.store.snapshot import open_snapshot
    from qa.serialize import document_to_json

    config = read_config(index)
    for report in open_snapshot(config.index).catalogue.documents():
        if as_json:
            _print_json(document_to_json(report))
        else:
            print(f"{report.path}: {report.title} ({report.characters:,} characters)")
            for property in report.about:
                print(f"    {property.name}: {property.value} ({property.source})")
            for problem in report.problems:
                print(f"    {problem}")


@app.command()
def describe(
    report: Annotated[str, typer.Argument(help="A report, as `yinju reports` names it.")],
    values: Annotated[
        list[str],
        typer.Argument(
            help="title=… or a property=…, such as names=A,B; an empty value restores the found one."
        ),
    ],
    index: IndexOption = None,
) -> None:
    """Mend what is known of a report: its title, organisation, names, place, period, date, author."""
    from indexer.store.snapshot import open_snapshot
    from indexer.store.titles_and_tags import set_property, set_title
    from indexer.types import PROPERTIES
    from qa.context import find_document

    config = read_config(index)
    document = find_document(open_snapshot(config.index).catalogue, report)
    given = [value.partition("=") for value in values]
    for name, mark, _ in given:
        if not mark or name not in ("title", *PROPERTIES):
            raise YinjuError(
                "index.no_property", found=name, names=", ".join(("title", *PROPERTIES))
            )
    for name, _, value in given:
        if name == "title":
            set_title(config.index, document.resolved, value)
        else:
            set_property(config.index, document.resolved, name, value)
    mended = find_document(open_snapshot(config.index).catalogue, report)
    print(f"{mended.path}: {mended.title}")
    for property in mended.about:
        print(f"    {property.name}: {property.value} ({property.source})")


@app.command()
def remove(
    paths: Annotated[list[str], typer.Argument(help="Reports, as `yinju reports` names them.")],
    index: IndexOption = None,
) -> None:
    """Drop reports from an index; their files stay."""
    from indexer.store.history import remove_documents

    config = read_config(index)
    remaining = remove_documents(config.index, set(paths))
    print(f"{config.index}: {len(set(paths))} removed, {remaining} documents left")


@app.command()
def snapshots(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List the snapshots that an index keeps, the newest first."""
    from dataclasses import asdict

    from indexer.store.history import list_snapshots

    for snapshot in list_snapshots(read_config(index).index):
        if as_json:
            _print_json({**asdict(snapshot), "written": snapshot.written.isoformat()})
            continue
        other_format = "" if snapshot.readable else " (of another format)"
        state = " (current)" if snapshot.current else other_format
        written = f"{snapshot.written.astimezone():%Y-%m-%d %H:%M:%S}"
        print(f"{snapshot.name}: {written}, {snapshot.documents} documents{state}")


@app.command()
def rollback(
    name: Annotated[str, typer.Argument(help="A snapshot, as `yinju snapshots` names it.")],
    index: IndexOption = None,
) -> None:
    """Go back to a kept snapshot; the others stay."""
    from indexer.store.history import roll_back

    config = read_config(index)
    roll_back(config.index, name)
    print(f"{config.index}: {name} is current")


def _open(index: Path | None, model: str | None, reranker: str | None) -> Any:
    from qa.index import Index

    return Index.open(read_config(index, model, reranker))


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
