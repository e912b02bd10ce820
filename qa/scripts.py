"""How the page behaves in the browser."""

from __future__ import annotations

# Gradio hands `trigger` and `watch` to a component's script: a click becomes an event with data,
# and a new value of the component calls back once it is on the page.
HEADER_JS = """
const speak = () => {
  const language = element.querySelector('[data-language]').dataset.language;
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
};
speak();
watch('value', speak);
"""

_CENTRE = """
const centre = () => {
  const text = document.querySelector('#source .text'), lit = text?.querySelector('mark');
  if (lit) text.scrollTop += lit.getBoundingClientRect().top - text.getBoundingClientRect().top
    - Math.max(24, (text.clientHeight - lit.offsetHeight) / 3);
};
"""

CONVERSATION_JS = (
    _CENTRE
    + """
element.tabIndex = 0;
// A question that is lost on the way, as before the page is ready, is sent again under its key.
const waiting = new Map();
const put = (question, key) => {
  waiting.set(key, {question, tries: 0, due: Date.now() + 2000});
  trigger('ask', {question, key});
};
// What was asked is kept in this browser; a page that is loaded anew asks it again, which takes
// some 20 ms a question, so that it quotes what the reports say now.
const KEPT = 'yinju.asked', MOST_KEPT = 30;
const kept = () => {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? []; } catch { return []; }
};
const keep = (asked) => {
  try { localStorage.setItem(KEPT, JSON.stringify(asked.slice(-MOST_KEPT))); } catch { /* full */ }
};
const ask = (question) => {
  const key = Date.now().toString(36) + Math.random().toString(36).slice(2);
  keep([...kept(), {question, key}]);
  put(question, key);
};
for (const {question, key} of kept()) if (question && key) put(question, key);
// All answers with their references, as one Markdown file.
const exported = () => {
  const texts = [...element.querySelectorAll('[data-copy-style="markdown"]')];
  if (!texts.length) return;
  const told = texts.map((one) => one.dataset.copy).join('\\n---\\n\\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([told], {type: 'text/markdown'}));
  link.download = `yinju-${new Date().toISOString().slice(0, 10)}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
setInterval(() => {
  for (const [key, one] of waiting) {
    const turn = element.querySelector(`[data-turn="${key}"]`);
    if ((turn && !turn.querySelector('.pending')) || one.tries > 6) waiting.delete(key);
    else if (Date.now() > one.due) {
      one.due = Date.now() + 2000 * 2 ** ++one.tries;
      trigger('ask', {question: one.question, key});
    }
  }
}, 500);
// Gradio would read the box some time later, when the next question may be in it already.
const send = () => {
  const box = document.querySelector('#box textarea'), question = box.value;
  box.value = '';
  box.dispatchEvent(new Event('input', {bubbles: true}));
  if (question.trim()) ask(question);
};
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || !event.target.closest('#box')) return;
  event.preventDefault();
  send();
});
document.addEventListener('click', (event) => {
  if (event.target.closest('#send')) send();
  if (event.target.closest('#clear')) { waiting.clear(); keep([]); }
  if (event.target.closest('#export')) exported();
});
element.addEventListener('click', (event) => {
  const example = event.target.closest('.example');
  if (example) {
    ask(example.dataset.question);
    // The example is about to go, the focus with it; on a phone this would call the keyboard up.
    if (matchMedia('(hover: hover)').matches) document.querySelector('#box textarea').focus();
    return;
  }
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    const told = () => {
      const said = copy.textContent;
      copy.textContent = copy.parentNode.dataset.done;
      setTimeout(() => { copy.textContent = said; }, 1500);
    };
    const byHand = () => {  // on an address other than this machine's the clipboard is closed
      const area = document.body.appendChild(document.createElement('textarea'));
      area.value = copy.dataset.copy;
      area.select();
      document.execCommand('copy');
      area.remove();
      told();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(told, byHand);
    else byHand();
    return;
  }
  const judge = event.target.closest('[data-judge]');
  if (judge) {
    trigger('judge', {key: judge.closest('.turn').dataset.turn, verdict: judge.dataset.judge});
    return;
  }
  const clicked = event.target.closest('[data-document]');
  if (!clicked) return;
  event.preventDefault();
  const {document: path, start, end} = clicked.dataset;
  for (const one of element.querySelectorAll('[data-document]')) {
    const same = one.dataset.document === path && one.dataset.start === start
      && one.dataset.end === end && one.closest('.turn') === clicked.closest('.turn');
    same ? one.setAttribute('aria-current', 'true') : one.removeAttribute('aria-current');
  }
  trigger('open_place', {document: path, start: Number(start), end: Number(end)});
  centre();
  if (matchMedia('(max-width: 860px)').matches)
    document.getElementById('source').scrollIntoView({block: 'start', behavior: 'smooth'});
});
// Arrows go from mark to mark of an answer; Escape goes back to the question.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target.closest('#conversation, #source'))
    document.querySelector('#box textarea').focus();
  const mark = event.target.closest?.('.mark');
  if (!mark || !['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'].includes(event.key)) return;
  event.preventDefault();
  const marks = [...mark.closest('.turn').querySelectorAll('.mark')];
  const step = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : marks.length - 1;
  const next = marks[(marks.indexOf(mark) + step) % marks.length];
  next.focus();
  next.click();
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const key = event.target.closest('.turn').dataset.turn;
  trigger('judge', {key, verdict: 'bad', reason: event.target.elements.reason.value});
});
// A new turn makes all turns anew; what was unfolded stays so.
const unfolded = new Set();
element.addEventListener('toggle', (event) => {
  const key = event.target.closest('.turn')?.dataset.turn;
  if (key && event.target.matches('.why') && event.target.isConnected)
    event.target.open ? unfolded.add(key) : unfolded.delete(key);
}, true);
let before = '';
watch('value', () => {
  for (const why of element.querySelectorAll('.why'))
    if (unfolded.has(why.closest('.turn').dataset.turn)) why.open = true;
  const now = ['.turn', '.pending'].map((name) => element.querySelectorAll(name).length).join();
  if (now !== before) element.querySelector('.turn:last-child')?.scrollIntoView({block: 'start'});
  before = now;  // in another language it says the same, and stays where it is
});
"""
)

SOURCE_JS = (
    _CENTRE
    + """
watch('value', centre);
element.addEventListener('click', (event) => {
  const report = event.target.closest('.open-trail')?.dataset.trail;
  if (report) trigger('open_trail', {document: report});
  const raw = event.target.closest('.switch-raw');
  if (raw) {
    const [clean, asis] = element.querySelectorAll('.text');
    clean.hidden = asis.hidden;
    asis.hidden = !asis.hidden;
    raw.setAttribute('aria-pressed', String(clean.hidden));
    [raw.textContent, raw.dataset.other] = [raw.dataset.other, raw.textContent];
    if (!clean.hidden) centre();
  }
  const page = event.target.closest('[data-page]');
  if (page) trigger('open_page', {document: page.dataset.file, page: Number(page.dataset.page)});
  if (event.target.closest('.close-trail')) trigger('close_trail', {});
  if (!event.target.closest('.back')) return;
  const mark = document.querySelector('#conversation [aria-current]');
  mark?.scrollIntoView({block: 'center'});
  mark?.focus({preventScroll: true});
});
"""
)

# Buttons and forms of the tab of reports say what they do; the list is filtered in the browser.
LIBRARY_JS = """
const act = (name, data) => trigger('act', {act: name, report: data.report, value: data.value});
element.addEventListener('click', (event) => {
  const clicked = event.target.closest('button[data-act]');
  if (clicked) act(clicked.dataset.act, {...clicked.dataset, value: clicked.dataset.job ?? clicked.dataset.value});
  if (event.target.closest('.close-trail')) act('close', {});
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  act(form.dataset.act, {report: form.dataset.report, value: form.elements.value.value});
});
let sought = '';
const filter = () => {
  for (const item of element.querySelectorAll('[data-find]'))
    item.hidden = !item.dataset.find.includes(sought);
};
element.addEventListener('input', (event) => {
  if (!event.target.matches('.filter')) return;
  sought = event.target.value.trim().toLowerCase();
  filter();
});
watch('value', () => {
  const box = element.querySelector('.filter');
  if (box) { box.value = sought; filter(); }
});
"""

# A screen reader tells the cost of a threshold whenever it changes.
COST_JS = "element.setAttribute('aria-live', 'polite');"

# The Enter that ends the choice of an input method must not send the question. Gradio hides the
# container's overflow, and then nothing in there sticks; this cannot be in CSS, for what is within
# @media there is taken to be about the inside of the container.
HEAD = """
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%23b03a24'/%3E%3Cpath \
d='M8 8h6v8q0 6-6 8v-3q3-1 3-5H8zM18 8h6v8q0 6-6 8v-3q3-1 3-5h-3z' fill='%23fff'/%3E%3C/svg%3E">
<style>@media (max-width: 860px) { .gradio-container { overflow: visible !important; } }</style>
<script>
document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
}, true);
</script>
"""
