"""How the page looks: style sheet, fonts and colours."""

from __future__ import annotations

# System fonts that have the script; nothing is fetched.
FONTS = ["-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"]
FONTS += ["Noto Sans SC", "system-ui", "sans-serif"]
MONOSPACE = ["ui-monospace", "Consolas", "monospace"]

# The red of a seal, from the lightest to the darkest of eleven steps.
CINNABAR = (
    *("#fdf5f2", "#fae5de", "#f4c8bb", "#eba28f", "#df755a", "#c44c32"),
    *("#b03a24", "#922f1e", "#77291d", "#5f241b", "#35110c"),
)

CSS = """
.gradio-container {
  --seal: #b03a24; --lit: #ffe9ad; --lit-edge: #d99a00; --soft: #fbf1ed;
  width: 100%; max-width: 1480px !important; margin: 0 auto; padding: 0 !important;
}
.dark { --seal: #f0947c; --lit: #5e470f; --lit-edge: #e0ac2c; --soft: #2d2724; }
.gradio-container .main, .gradio-container .main > .wrap, .gradio-container main.contain {
  width: 100%; max-width: none; margin: 0; padding: 0 !important; min-height: 0;
}
main.contain > .column { gap: 0; }
footer { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
:lang(zh-Hant) {
  font-family: -apple-system, "Segoe UI", "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC",
    "Noto Sans TC", system-ui, sans-serif;
}
#top { align-items: center; justify-content: space-between; height: 4.5rem; padding: 0 24px;
  flex-wrap: nowrap; }
#top > .block { min-width: 0 !important; overflow: visible; }
#header .html-container { padding: 0; }
.brand { display: flex; gap: 12px; align-items: center; }
.brand > b { display: grid; place-items: center; flex: none; width: 2.5rem; height: 2.5rem;
  border-radius: 9px; background: #b03a24; color: #fff; font-size: 1.375rem; line-height: 1; }
#header .html-container > div { display: flex; gap: 20px; align-items: center;
  justify-content: space-between; }
.sizes { display: flex; flex: none; align-items: baseline; }
.sizes button { padding: 2px 7px; border: 0; border-radius: 7px; background: none; line-height: 1.4;
  color: var(--body-text-color-subdued); cursor: pointer; }
.sizes button:hover { background: var(--soft); }
.sizes button[aria-pressed=true] { color: var(--seal); font-weight: 600; }
.sizes button:focus-visible { outline: 2px solid var(--seal); }
.sizes [data-size=small] { font-size: .75rem; }
.sizes [data-size=normal] { font-size: .9375rem; }
.sizes [data-size=large] { font-size: 1.1875rem; }
.offline { position: fixed; z-index: 60; left: 50%; top: 12px; transform: translateX(-50%);
  max-width: calc(100vw - 28px); padding: 8px 18px; border-radius: 10px; font-size: .875rem;
  background: #922f1e; color: #fff; box-shadow: 0 4px 16px rgb(0 0 0 / .25); }
.peek { position: fixed; z-index: 50; width: min(420px, calc(100vw - 28px)); padding: 10px 14px;
  border: 1px solid var(--border-color-primary); border-radius: 11px; font-size: .875rem;
  line-height: 1.6; color: var(--body-text-color); background: var(--background-fill-primary);
  box-shadow: 0 6px 24px rgb(0 0 0 / .18); pointer-events: none; }
.peek em { display: block; margin-top: 4px; padding-left: 10px; font-style: normal;
  border-left: 3px solid var(--lit-edge); overflow-wrap: anywhere; }
.peek .path, .peek i { color: var(--body-text-color-subdued); font-style: normal; }
.peek strong { margin-right: 8px; font-weight: 600; }
.peek .path { margin-right: 8px; }
.brand h1 { margin: 0; font-size: 1.25rem; line-height: 1.3; letter-spacing: .08em; }
.brand p { margin: 0; font-size: .8125rem; line-height: 1.5; color: var(--body-text-color-subdued); }
#language { flex: none; width: auto !important; }
#language .wrap { gap: 2px; padding: 3px; border-radius: 10px; flex-wrap: nowrap;
  background: var(--border-color-primary); }
#language label { padding: 3px 12px; border: 0; border-radius: 8px; background: none;
  box-shadow: none; font-size: .8125rem; cursor: pointer; }
#language label span { margin: 0; }
#language label.selected { background: var(--background-fill-primary); color: var(--seal);
  box-shadow: 0 1px 2px rgb(0 0 0 / .14); }
#language input { position: absolute; opacity: 0; width: 1px; height: 1px; }
#language label:has(input:focus-visible) { outline: 2px solid var(--seal); }
#work { gap: 20px; align-items: stretch; height: calc(100dvh - 7.25rem); padding: 12px 24px 0;
  flex-wrap: nowrap; }
#left, #right { height: 100%; min-width: 0 !important; gap: 12px; padding-bottom: 24px; }
#left { flex: 11 1 0; }
#right { flex: 10 1 0; }
#conversation, #source {
  flex: 1 1 0; min-height: 0; border: 1px solid var(--border-color-primary) !important;
  border-radius: 14px; background: var(--background-fill-primary); overflow: hidden;
}
#conversation .html-container, #source .html-container { height: 100%; padding: 0; }
#conversation .html-container > div { height: 100%; overflow-y: auto; padding: 20px 24px; }
#source .html-container > div { height: 100%; display: flex; flex-direction: column; }

#asking { flex: none; gap: 8px; align-items: flex-end; flex-wrap: nowrap; }
#asking > * { min-width: 0 !important; }
#box { flex: 1 1 auto; padding: 0; border: 0; overflow: visible; }
#box { background: none; }
#box textarea { min-height: 2.875rem; padding: 11px 14px; font-size: .9375rem; line-height: 1.375rem; border-radius: 11px;
  border: 1px solid var(--border-color-primary); background: var(--background-fill-primary); }
#box textarea:focus { border-color: var(--seal); }
#clear, #export { border: 1px solid var(--border-color-primary); font-weight: 400;
  background: var(--background-fill-primary); }
#send, #clear, #export { flex: none; height: 2.875rem; padding: 0 18px; border-radius: 11px; font-size: .9375rem; }

#strictness { flex: none; display: flex; gap: 4px 8px; align-items: center; flex-wrap: nowrap; }
#strictness > * { min-width: 0 !important; font-size: .75rem; color: var(--body-text-color-subdued); }
#generous, #strict, #threshold { flex: none; width: auto; padding: 0; }
#strictness .html-container { padding: 0; }
#strictness .prose, #strictness p { margin: 0; font-size: .75rem; line-height: 1.5;
  color: var(--body-text-color-subdued); }
#threshold { width: 120px; overflow: visible; }
#threshold .head, #threshold .min_value, #threshold .max_value { display: none; }
#threshold input[type=range] { width: 100%; margin: 0; height: 24px; accent-color: var(--seal); }
#threshold input[type=range]:focus-visible { outline: 2px solid var(--seal); outline-offset: 2px;
  border-radius: 6px; }
#cost { flex: 1 1 0; margin-left: 8px; min-height: 2.25rem; align-content: center; }

.welcome { min-height: 100%; display: flex; flex-direction: column; justify-content: center;
  align-items: center; text-align: center; gap: 6px; }
.welcome h2 { margin: 0; font-size: 1.375rem; font-weight: 600; }
.welcome p { margin: 0 0 18px; color: var(--body-text-color-subdued); }
.examples { display: flex; flex-direction: column; gap: 10px; width: min(460px, 100%); }
.example { padding: 11px 16px; text-align: left; font-size: .9375rem; line-height: 1.6; cursor: pointer;
  border: 1px solid var(--border-color-primary); border-radius: 11px; color: var(--body-text-color);
  background: var(--background-fill-primary); }
.example:hover, .card:hover { border-color: var(--seal); background: var(--soft); }
.why summary:focus-visible, .example:focus-visible, .card:focus-visible, .mark:focus-visible,
.back:focus-visible, .open-trail:focus-visible, .close-trail:focus-visible,
.reader .text:focus-visible { outline: 2px solid var(--seal); outline-offset: 2px; }

.turn { scroll-margin-top: 20px; font-size: 1rem; line-height: 1.8; }
.turn + .turn { margin-top: 28px; }
.question { width: fit-content; max-width: 85%; margin: 0 0 16px auto; padding: 8px 16px;
  border-radius: 16px 16px 4px 16px; background: var(--soft); white-space: pre-wrap;
  overflow-wrap: anywhere; }
.answer p { margin: 0 0 10px; }
.quotation { margin: 0 0 12px; overflow-wrap: anywhere; }
.quotation q { white-space: pre-wrap; }
.quotation q::before, .quotation q::after { content: none; }
.wide { display: block; overflow-x: auto; }
.mark { padding: 0 3px; margin-left: 3px; border-radius: 5px; text-decoration: none; white-space: nowrap;
  color: var(--seal); font-size: .8125rem; font-weight: 600; line-height: 1.5; cursor: pointer;
  vertical-align: 2px; font-variant-numeric: tabular-nums; }
.mark:hover, .mark[aria-current] { background: var(--seal); color: var(--background-fill-primary); }
.understood, .note { padding: 6px 12px; border-radius: 8px; font-size: .875rem;
  background: var(--background-fill-secondary); color: var(--body-text-color-subdued); }
.understood b { font-weight: 500; color: var(--body-text-color); }
.note { border-left: 3px solid var(--lit-edge); }
.refusal { font-weight: 600; }
.near-title { font-size: .8125rem; color: var(--body-text-color-subdued); }
.pending { color: var(--body-text-color-subdued); animation: breathe 1.2s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: .4; } }
@media (prefers-reduced-motion: reduce) { .pending { animation: none; } }
.answer p.scope, .answer p.lacked { margin: 0 0 8px; font-size: .8125rem;
  color: var(--body-text-color-subdued); }
.ways { display: flex; flex-wrap: wrap; gap: 8px; }
.pending + .plain { margin-top: 8px; }
.answer .examples { margin-bottom: 12px; }
.answer .example { padding: 7px 14px; font-size: .875rem; }
.pending p { margin: 0 0 8px; }
.preparing, .pending { display: block; }
progress { width: min(360px, 100%); height: 8px; border: 0; border-radius: 4px; overflow: hidden;
  appearance: none; background: var(--border-color-primary); }
progress::-webkit-progress-bar { background: none; }
progress::-webkit-progress-value { border-radius: 4px; background: var(--seal); }
progress::-moz-progress-bar { border-radius: 4px; background: var(--seal); }
p.foot { margin: 0; font-size: .75rem; color: var(--body-text-color-subdued); }

.cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; margin: 4px 0 10px; }
.cards.many { grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr)); }
.card { position: relative; display: flex; gap: 12px; width: 100%; padding: 9px 14px; text-align: left; cursor: pointer;
  border: 1px solid var(--border-color-primary); border-radius: 11px; font-size: .8125rem;
  line-height: 1.6; color: var(--body-text-color); background: var(--background-fill-primary); }
.card[aria-current] { border-color: var(--seal); background: var(--soft); }
.card > b { flex: none; min-width: 1em; color: var(--seal); font-variant-numeric: tabular-nums; }
.card > span { flex: 1; min-width: 0; }
.card .path, .card i, .card small { color: var(--body-text-color-subdued); font-style: normal; }
.card strong { margin-right: 8px; font-weight: 600; }
.card .path { margin-right: 8px; }
.card i { white-space: nowrap; }
.many strong, .many .path { display: block; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.card small, .card em { display: block; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; font-size: .8125rem; font-style: normal; }
.card.near em { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
  white-space: normal; }
.path span:not(:last-child)::after { content: "›"; margin: 0 6px; opacity: .6; }

.judging, .copying { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; margin-top: 6px;
  font-size: .8125rem; color: var(--body-text-color-subdued); }
.judging button, .judging summary, .copying button { padding: 2px 6px; border: 0; border-radius: 6px; font-size: .8125rem;
  background: none; color: var(--body-text-color-subdued); cursor: pointer; list-style: none; }
.judging button:hover, .judging summary:hover, .copying button:hover { background: var(--soft); }
.judging form { display: flex; gap: 8px; margin-top: 6px; }
.judging input { flex: 1; min-width: 200px; padding: 4px 10px; font-size: .8125rem; border-radius: 8px;
  border: 1px solid var(--border-color-primary); color: var(--body-text-color);
  background: var(--background-fill-primary); }
.judging button:focus-visible, .judging summary:focus-visible, .judging input:focus-visible,
.copying button:focus-visible {
  outline: 2px solid var(--seal); outline-offset: 1px; }

.why { margin-top: 6px; font-size: .8125rem; line-height: 1.6; }
.why summary { width: fit-content; border-radius: 4px; cursor: pointer; color: var(--seal);
  font-size: .8125rem; }
.why[open] { padding-bottom: 4px; border-bottom: 1px solid var(--border-color-primary); }
.answer .why p { margin: 0 0 6px; }
.answer p.why-title { margin: 12px 0 4px; font-weight: 600; }
.why-legend { font-size: .75rem; color: var(--body-text-color-subdued); }
.why ul, .why ol { margin: 0 0 6px; padding: 0; list-style: none; }
.why-words { display: flex; flex-wrap: wrap; gap: 4px 10px; }
.why-words li { position: relative; }
.why-words b { padding: 1px 6px; border-radius: 5px; font-weight: 500; background: var(--lit); }
.why-words s { color: var(--body-text-color-subdued); text-decoration-thickness: 1.5px; }
.why table { width: 100%; max-width: 520px; margin: 0 0 6px; border-collapse: collapse;
  font-size: .8125rem; font-variant-numeric: tabular-nums; }
.why th { padding: 2px 12px 2px 0; font-weight: 400; text-align: left; overflow-wrap: anywhere; }
.why td { padding: 2px 0; white-space: nowrap; text-align: right; }
.why td.why-bar { width: 34%; padding-right: 12px; }
.why-bar > span { position: relative; display: block; height: 10px;
  background: linear-gradient(var(--border-color-primary) 0 0) center / 1px 100% no-repeat; }
.why-bar i { position: absolute; top: 1px; height: 8px; border-radius: 2px; }
.why-bar .more { left: 50%; background: #3d7f5d; }
.why-bar .less { right: 50%; background: #c44c32; }
.why-others li { margin: 0 0 8px; overflow-wrap: anywhere; }
.why-others strong { margin-right: 8px; font-weight: 600; }
.why-others .path, .why-others small { color: var(--body-text-color-subdued); }
.why-others em, .why-others small { display: block; font-size: .8125rem; font-style: normal; }

header.place { flex: none; padding: 16px 24px 12px;
  border-bottom: 1px solid var(--border-color-primary); }
header.place h2 { margin: 0; font-size: 1rem; line-height: 1.5; font-weight: 600; overflow-wrap: anywhere; }
header.place p { margin: 2px 0 0; font-size: .8125rem; line-height: 1.6; overflow-wrap: anywhere; }
header.place .meta { font-size: .75rem; color: var(--body-text-color-subdued); }
.meta { display: flex; flex-wrap: wrap; gap: 0 14px; }
.back { display: none; }
.open-trail, .close-trail { margin-top: 6px; padding: 2px 0; border: 0; border-radius: 4px;
  background: none; color: var(--seal); font-size: .8125rem; cursor: pointer; }
.open-trail:hover, .close-trail:hover { text-decoration: underline; }
.notice .open-trail { margin: 0 0 0 8px; white-space: nowrap; }
.reader .text[hidden] { display: none; }
.reader .text.raw .asis { white-space: pre-wrap; }
.reader .text.picture { padding: 12px; }
/* Paper is white in the dark as well, and so is what is lit on it. */
#source .picture { --lit: #ffe9ad; --lit-edge: #d99a00; }
#source .sheet { position: relative; isolation: isolate;
  outline: 1px solid var(--border-color-primary); }
#source .sheet img { display: block; width: 100%; height: auto; background: #fff; }
#source .sheet mark { position: absolute; padding: 0; background: var(--lit);
  box-shadow: 0 1px 0 var(--lit-edge); mix-blend-mode: multiply; }
#source .unlit { color: var(--seal); }
#source .open-trail:disabled { color: var(--body-text-color-subdued); opacity: .6;
  cursor: default; text-decoration: none; }
.reader :is(.open-trail, .close-trail) { margin-right: 16px; }
.reader .text.trail { font-size: .875rem; line-height: 1.7; }
.reader .text.trail p { margin: 0; text-align: left; }
.reader .text.trail p.meta { margin: 0 0 8px; font-size: .8125rem; color: var(--body-text-color-subdued); }
.reader .text.trail p.note { margin: 0 0 12px; padding: 6px 12px; border-radius: 8px;
  border-left: 3px solid var(--lit-edge); background: var(--background-fill-secondary); }
.reader .text.trail h3 { display: flex; gap: 12px; margin: 18px 0 4px; font-size: .8125rem; }
.reader .text.trail h3 small { font-size: .8125rem; font-weight: 400; color: var(--body-text-color-subdued); }
.rules { border-collapse: collapse; font-size: .8125rem; font-variant-numeric: tabular-nums; }
.rules th, .rules td { padding: 2px 16px 2px 0; font-weight: 400; text-align: right; }
.rules th:first-child { text-align: left; }
.rules thead th { color: var(--body-text-color-subdued); }
.trail .hunk p, .trail .hunk details > p { padding-left: 3.2em; text-indent: -3.2em; }
.trail .hunk i { display: inline-block; width: 2.6em; margin-right: .6em; text-indent: 0;
  text-align: right; font-style: normal; font-size: .75rem; font-variant-numeric: tabular-nums;
  color: var(--body-text-color-subdued); }
.trail .near { color: var(--body-text-color-subdued); }
.trail del { background: #fbe3de; color: #8c2416; text-decoration-thickness: 1px; }
.trail ins { background: #dff0e4; color: #1d5c38; text-decoration: none; }
.dark .trail del { background: #43201a; color: #f3b3a4; }
.dark .trail ins { background: #1b3a28; color: #a9dcbb; }
.trail summary { padding-left: 3.2em; font-size: .8125rem; color: var(--seal); cursor: pointer; }
.reader .text { flex: 1; min-height: 0; overflow-y: auto; padding: 18px 24px 32px; font-size: 1rem;
  line-height: 1.9; overflow-wrap: anywhere; outline-offset: -3px; }
.reader .text p { margin: 0 0 12px; white-space: pre-wrap; text-align: justify; }
.reader .text h3, .reader .text h4, .reader .text h5, .reader .text h6 {
  margin: 20px 0 8px; font-size: 1rem; line-height: 1.6; font-weight: 600; }
.reader .text .level-1 { font-size: 1.1875rem; }
.reader .text .level-2 { font-size: 1.0625rem; }
.reader .text > :first-child { margin-top: 0; }
.reader .text p.item { padding-left: 1.2em; text-indent: -1.2em; }
.reader .text p.gap { text-align: center; color: var(--body-text-color-subdued); }
.reader mark { padding: 2px 0; border-radius: 2px; background: var(--lit); color: inherit;
  box-shadow: 0 2px 0 var(--lit-edge); }
.notice { padding: 20px 24px; font-size: .9375rem; line-height: 1.8; overflow-wrap: anywhere;
  color: var(--body-text-color-subdued); }
.notice p { margin: 0 0 18px; }
.notice h2 { margin: 0 0 6px; font-size: .875rem; font-weight: 600; color: var(--body-text-color); }
.notice ul { margin: 0; padding-left: 1.2em; list-style: disc; }

.table { display: table; margin: 0 0 10px; border-collapse: collapse; font-size: .875rem;
  line-height: 1.6; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
.table .row, .table .header { display: table-row; white-space: normal; padding: 0; }
.table .cell { display: table-cell; padding: 5px 12px; border: 1px solid var(--border-color-primary);
  min-width: 3em; }
.table .header .cell { font-weight: 600; background: var(--background-fill-secondary); }
.table .bar { display: none; }
.reader mark.row { box-shadow: none; }
.reader mark.row .cell { border-bottom: 2px solid var(--lit-edge); }

#tabs { gap: 0; }
#tabs .tab-wrapper { height: 2.75rem; padding: 0 24px; }
#tabs .tab-container::after { display: none; }
#tabs .tab-container button { font-size: .9375rem; }
#tabs .tab-container button.selected { color: var(--seal); }
#tabs .tabitem { padding: 0; border: 0; }
#tabs, #tabs > .tabitem, #tabs > .tabitem > .column { gap: 0 !important; }
#tabs .tab-wrapper { margin: 0; padding-bottom: 0; }
#library { gap: 20px; align-items: stretch; height: calc(100dvh - 7.25rem); padding: 4px 24px 0;
  flex-wrap: nowrap; }
#shelf, #report { height: 100%; min-width: 0 !important; gap: 12px; padding-bottom: 24px; }
#shelf { flex: 9 1 0; flex-wrap: nowrap; }
#report { flex: 11 1 0; }
#upload { flex: none; border-radius: 14px; }
/* Gradio's words there follow the browser's language; ours, the page's, stand in their place. */
#upload .wrap { font-size: 0; gap: 0; padding-bottom: 1.5rem; }
#upload .wrap .or { display: none; }
#upload > label { inset: auto 0 18px; width: 100%; justify-content: center; border: 0;
  background: none; box-shadow: none; font-size: .9375rem; color: var(--body-text-color);
  pointer-events: none; }
#upload > label svg { display: none; }
#working { flex: none; padding: 0; min-height: 0; }
/* One :has() each: Gradio parts selectors at every comma. */
#working:not(:has(.job)):not(:has(.undo)):not(:has(.notice)) { display: none; }
#shelf .html-container { padding: 0; }
#listed, #details { flex: 1 1 0; min-height: 0; border: 1px solid var(--border-color-primary);
  border-radius: 14px; background: var(--background-fill-primary); overflow: hidden; padding: 0; }
#listed .html-container, #listed .html-container > div, #details .html-container,
#details .html-container > div { height: 100%; padding: 0; }
#listed .html-container > div { overflow-y: auto; padding: 14px 18px; }
#details .html-container > div { display: flex; flex-direction: column; }
#details .details { flex: 1; min-height: 0; overflow-y: auto; padding: 14px 24px 32px; }
.tools { display: flex; align-items: center; gap: 14px; margin-bottom: 10px; }
.filter, .field input { flex: 1; min-width: 0; padding: 7px 12px; font-size: .875rem; border-radius: 9px;
  border: 1px solid var(--border-color-primary); color: var(--body-text-color);
  background: var(--background-fill-primary); }
.reports, .outline, .snapshots ul, .job ul { margin: 0; padding: 0; list-style: none; }
/* Of a long list only what is in sight is laid out. */
.reports li { content-visibility: auto; contain-intrinsic-size: auto 62px; }
.report { display: block; width: 100%; padding: 9px 12px; text-align: left; cursor: pointer;
  border: 1px solid transparent; border-radius: 9px; background: none; color: var(--body-text-color); }
.report:hover, .report[aria-current] { background: var(--soft); }
.report[aria-current] { border-color: var(--seal); }
.report strong { display: block; font-weight: 600; font-size: .9375rem; overflow-wrap: anywhere; }
.report .meta, .job .meta, .details .meta { margin: 0; font-size: .75rem;
  color: var(--body-text-color-subdued); }
.tag { padding: 0 7px; border-radius: 8px; font-weight: 500; background: var(--lit);
  color: var(--body-text-color); }
.problem { font-style: normal; color: var(--seal); }
.plain { padding: 4px 12px; font-size: .8125rem; cursor: pointer; border-radius: 8px;
  border: 1px solid var(--border-color-primary); color: var(--body-text-color);
  background: var(--background-fill-primary); }
.plain:hover { border-color: var(--seal); }
.plain:focus-visible, .report:focus-visible, .filter:focus-visible, .field input:focus-visible,
.snapshots summary:focus-visible { outline: 2px solid var(--seal); outline-offset: 1px; }
.field { display: flex; align-items: end; gap: 8px; margin: 0 0 10px; }
.field label { display: flex; flex: 1; flex-direction: column; gap: 2px; font-size: .75rem;
  color: var(--body-text-color-subdued); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 12px; }
.details h3 { margin: 18px 0 6px; font-size: .875rem; font-weight: 600; }
.details .note { margin: 0 0 8px; font-size: .875rem; }
.outline button { padding: 0; border: 0; border-radius: 4px; background: none; font: inherit;
  text-align: left; color: inherit; cursor: pointer; }
.outline button:hover { color: var(--seal); text-decoration: underline; }
.outline button:focus-visible { outline: 2px solid var(--seal); }
.outline li { padding: 2px 0 2px calc((var(--level, 1) - 1) * 1.2em); font-size: .875rem; line-height: 1.6; }
.job { padding: 10px 14px; border: 1px solid var(--border-color-primary); border-radius: 11px;
  background: var(--background-fill-primary); }
.job + .job { margin-top: 8px; }
.job h3 { margin: 0 0 4px; font-size: .875rem; font-weight: 600; overflow-wrap: anywhere; }
.job progress { width: 100%; }
.job li { font-size: .8125rem; color: var(--seal); overflow-wrap: anywhere; }
.snapshots { margin-top: 14px; font-size: .8125rem; }
.snapshots summary { color: var(--seal); cursor: pointer; }
.snapshots li { padding: 4px 0; }
#left .form { flex: none; border: 0; background: none; overflow: visible; }
#scope { flex: none; padding: 0; border: 0; background: none; overflow: visible !important; }
#scope > .container { display: flex; align-items: center; gap: 10px; padding: 0;
  background: none !important; }
#scope span[data-testid="block-info"] { flex: none; margin: 0; padding: 0; font-size: .75rem;
  background: none; color: var(--body-text-color-subdued); }
#scope .container > .wrap { flex: 1; min-width: 0; border-radius: 9px;
  border: 1px solid var(--border-color-primary); background: var(--background-fill-primary); }
#scope .wrap-inner { padding: 2px 6px; font-size: .8125rem; }
#scope input { font-size: .8125rem; }

#evaluation { height: calc(100dvh - 7.25rem); padding: 4px 24px 24px; gap: 12px; flex-wrap: nowrap; }
#choosing { flex: none; display: grid; align-items: end; gap: 12px;
  grid-template-columns: minmax(0, 1fr) auto auto minmax(0, 1fr) minmax(0, 1fr); }
#choosing > .form { display: contents; }
#choosing .block { min-width: 0 !important; padding: 0; border: 0; background: none;
  overflow: visible !important; }
#choosing .container { padding: 0; background: none; }
#choosing span[data-testid="block-info"] { margin: 0 0 4px; padding: 0; font-size: .8125rem;
  background: none; color: var(--body-text-color-subdued); }
#choosing .container > .wrap { height: 2.625rem; border-radius: 11px;
  border: 1px solid var(--border-color-primary); background: var(--background-fill-primary); }
#choosing input, #scope input { color: var(--body-text-color) !important; }
#choosing > button { min-width: 110px !important; height: 2.625rem; border-radius: 11px;
  font-size: .9375rem; }
#choosing > button.secondary { border: 1px solid var(--border-color-primary); font-weight: 400;
  background: var(--background-fill-primary); }
#trial { flex: none; padding: 0; }
#trial:not(:has(.job)) { display: none; }
#trial .html-container { padding: 0; }
#result { flex: 1 1 0; min-height: 0; padding: 0; border-radius: 14px; overflow: hidden;
  border: 1px solid var(--border-color-primary) !important; background: var(--background-fill-primary); }
#result .html-container, #result .html-container > div { height: 100%; padding: 0; overflow: auto; }
/* The report in the frame takes its colours from the scheme of the frame, not from the system. */
.run { display: block; width: 100%; height: 100%; border: 0; border-radius: 13px;
  color-scheme: light; }
.dark .run { color-scheme: dark; }
:root[style*="118.75%"] .run { zoom: 1.1875; }
:root[style*="87.5%"] .run { zoom: .875; }
#result .compared { padding: 18px 24px 32px; }
#result .compared p { margin: 12px 0 0; }
#result .rules th, #result .rules td { padding: 4px 16px 4px 0; white-space: nowrap;
  border-bottom: 1px solid var(--border-color-primary); }
#result .rules thead th { min-width: 7em; white-space: normal; vertical-align: bottom; }
#result .rules th:first-child { position: sticky; left: 0; background: var(--background-fill-primary); }
#result { --good: #20703c; --bad: #a8231f; }
.dark #result { --good: #6cc48b; --bad: #f08c85; }
#result .better td:first-of-type, .flipped .better { color: var(--good); }
#result .worse td:first-of-type, .flipped .worse { color: var(--bad); }
#result .intro { max-width: 46em; }
#result .intro pre { margin: 0 0 18px; padding: 10px 14px; border-radius: 8px; white-space: pre-wrap;
  overflow-wrap: anywhere; font-size: .8125rem; background: var(--background-fill-secondary);
  color: var(--body-text-color); }
.flipped { margin: 8px 0 0; padding: 0; list-style: none; font-size: .875rem; line-height: 1.6; }
.flipped li { padding: 4px 0; overflow-wrap: anywhere; }
.flipped b { display: inline-block; min-width: 4em; font-weight: 600; }
.flipped small { margin-left: 8px; color: var(--body-text-color-subdued); }

@media (max-width: 860px) {
  #evaluation { height: auto; padding: 8px 14px 14px; }
  #choosing { grid-template-columns: 1fr 1fr; }
  #choosing .block { grid-column: 1 / -1; }
  #result { flex: none; height: auto; }
  .run { height: 90dvh; }
  #result .compared { padding: 14px 14px 24px; }
  #library { flex-direction: column; height: auto; padding: 8px 14px 0; }
  #shelf, #report { flex: none; width: 100%; height: auto; }
  #listed, #details { flex: none; height: auto; }
  #listed .html-container > div, #details .html-container > div { height: auto; max-height: 80dvh; }
  #top { height: auto; gap: 8px; padding: 12px 14px; }
  .brand p { display: none; }
  #work { flex-direction: column; height: auto; gap: 14px; padding: 0 14px; }
  #left, #right { flex: none; width: 100%; height: auto; padding-bottom: 8px; }
  #conversation, #source { flex: none; }
  #conversation .html-container > div { height: auto; min-height: 46dvh; padding: 16px; }
  #asking { position: sticky; bottom: 0; z-index: 2; padding: 8px 0;
    background: var(--body-background-fill); }
  #send, #clear, #export { padding: 0 12px; }
  #strictness { flex-wrap: wrap; padding-bottom: 8px; }
  #threshold { flex: 1 1 0; width: auto; }
  #cost { flex: 1 1 100%; margin-left: 0; min-height: 3.375rem; }
  #source .html-container > div { max-height: 88dvh; }
  header.place, .reader .text { padding-left: 16px; padding-right: 16px; }
  .back { display: inline-block; margin-top: 6px; padding: 2px 0; border: 0; background: none;
    color: var(--seal); font-size: .8125rem; cursor: pointer; }
}
"""
