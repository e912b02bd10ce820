"""How the page behaves in the browser."""

from __future__ import annotations

# Gradio hands `trigger` and `watch` to a component's script: a click becomes an event with data,
# and a new value of the component calls back once it is on the page.
HEADER_JS = """
const speak = () => {
  const language = element.querySelector('[data-language]').dataset.language;
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
};
// The size of the text is this browser's own; all sizes in the style sheet follow the root's.
const SIZES = {small: '87.5%', normal: '', large: '118.75%'}, SIZE = 'yinju.size';
const resize = (size) => {
  document.documentElement.style.fontSize = SIZES[size] ?? '';
  for (const one of element.querySelectorAll('[data-size]'))
    one.setAttribute('aria-pressed', String(one.dataset.size === size));
};
const chosen = () => {
  try { return localStorage.getItem(SIZE) ?? 'normal'; } catch { return 'normal'; }
};
element.addEventListener('click', (event) => {
  const size = event.target.closest('[data-size]')?.dataset.size;
  if (!size) return;
  try { localStorage.setItem(SIZE, size); } catch { /* it holds until the page is left */ }
  resize(size);
});
speak();
resize(chosen());
watch('value', () => { speak(); resize(chosen()); });
"""

_CENTRE = """
const centre = (panel = document.getElementById('source')) => {
  const text = panel.querySelector('.text'), lit = text?.querySelector('mark');
  if (lit) text.scrollTop += lit.getBoundingClientRect().top - text.getBoundingClientRect().top
    - Math.max(24, (text.clientHeight - lit.offsetHeight) / 3);
};
"""

# Shows the raw text in place of the clean one, or the other way round.
_SWITCH = """
const switchRaw = (event) => {
  const raw = event.target.closest('.switch-raw');
  if (!raw) return;
  const [clean, asis] = element.querySelectorAll('.text');
  clean.hidden = asis.hidden;
  asis.hidden = !asis.hidden;
  raw.setAttribute('aria-pressed', String(clean.hidden));
  [raw.textContent, raw.dataset.other] = [raw.dataset.other, raw.textContent];
  if (!clean.hidden) centre();
};
"""

CONVERSATION_JS = (
    _CENTRE
    + """
element.tabIndex = 0;
// A question that is lost on the way, as before the page is ready, is sent again under its key.
const waiting = new Map();
const put = (asked) => {
  waiting.set(asked.key, {asked, tries: 0, due: Date.now() + 2000});
  trigger('ask', asked);
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
// What is different from the controls below: a threshold, or the reports that are asked.
const howOf = ({dataset}) => {
  const how = {};
  if (dataset.threshold) how.threshold = Number(dataset.threshold);
  if (dataset.scope) how.scope = JSON.parse(dataset.scope);
  return how;
};
const ask = (question, how = {}) => {
  const key = Date.now().toString(36) + Math.random().toString(36).slice(2);
  keep([...kept(), {question, key, ...how}]);
  put({question, key, ...how});
};
for (const asked of kept()) if (asked.question && asked.key) put(asked);
// Each is asked again of the same reports, as strictly, whatever the controls say by then.
const seen = new Set();
const remember = () => {
  const turns = new Map([...element.querySelectorAll('.turn')].map((one) => [one.dataset.turn, one]));
  // A server that was started anew knows nothing of this page: what was there is asked again.
  if (kept().some(({key}) => seen.has(key) && !turns.has(key))) location.reload();
  for (const key of turns.keys()) seen.add(key);
  keep(kept().map((one) => turns.has(one.key) ? {...one, ...howOf(turns.get(one.key))} : one));
};
// Another tab asks, of one report.
document.addEventListener('yinju-ask', ({detail}) => {
  document.querySelector('#tabs [role=tab]').click();
  ask(detail.question, {scope: detail.scope});
});
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
    if (turn && !turn.querySelector('.pending')) waiting.delete(key);
    else if (Date.now() > one.due) {
      one.due = Date.now() + 2000 * 2 ** Math.min(++one.tries, 4);
      trigger('ask', one.asked);
    }
  }
  const scope = document.querySelector('#scope input');
  if (scope) scope.placeholder = document.querySelector('[data-all]').dataset.all;
  offline([...waiting].some(([key, one]) =>
    one.tries > 1 && !element.querySelector(`[data-turn="${key}"]`)));
}, 500);
const offline = (lost) => {
  let told = document.querySelector('.offline');
  if (!lost) { told?.remove(); return; }
  told ??= document.body.appendChild(document.createElement('div'));
  told.className = 'offline';
  told.setAttribute('role', 'alert');
  told.textContent = document.querySelector('[data-offline]').dataset.offline;
};
// What a mark cites is shown beside it, as long as the pointer or the focus is on it.
const peek = (mark) => {
  document.querySelector('.peek')?.remove();
  const same = (card) => ['document', 'start', 'end'].every((k) => card.dataset[k] === mark.dataset[k]);
  const card = mark && [...mark.closest('.turn').querySelectorAll('.card')].find(same);
  if (!card) return;
  const box = document.querySelector('.gradio-container').appendChild(document.createElement('div'));
  box.className = 'peek';
  box.setAttribute('role', 'tooltip');
  box.append(...[...card.lastElementChild.cloneNode(true).childNodes]);
  const at = mark.getBoundingClientRect(), size = box.getBoundingClientRect();
  box.style.left = `${Math.max(14, Math.min(at.left, innerWidth - size.width - 14))}px`;
  const below = at.bottom + 6 + size.height < innerHeight;
  box.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - size.height - 6)}px`;
};
for (const [on, off] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
  element.addEventListener(on, (event) => {
    const mark = event.target.closest('.mark');
    if (mark) peek(mark);
  });
  element.addEventListener(off, (event) => { if (event.target.closest('.mark')) peek(); });
}
element.addEventListener('scroll', () => peek(), true);
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
  const stop = event.target.closest('[data-stop]');
  if (stop) {
    waiting.delete(stop.dataset.stop);
    trigger('stop', {key: stop.dataset.stop});
    return;
  }
  const example = event.target.closest('[data-question]');
  if (example) {
    ask(example.dataset.question, howOf(example));
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
  if (event.key === 'Escape') peek();
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
  remember();
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
    + _SWITCH
    + """
// The button of a page that was opened is gone; the focus goes to its like on the new page.
let turnedTo = null;
watch('value', () => {
  centre();
  const picture = turnedTo !== null && element.querySelector('.picture');
  if (!picture) return;
  if (!picture.querySelector('mark')) picture.scrollTop = 0;
  const step = element.querySelector(`[data-step="${turnedTo}"]:enabled`);
  (step ?? picture).focus({preventScroll: true});
  turnedTo = null;
});
element.addEventListener('click', (event) => {
  const report = event.target.closest('.open-trail')?.dataset.trail;
  if (report) trigger('open_trail', {document: report});
  switchRaw(event);
  const page = event.target.closest('[data-page]');
  if (page) {
    const {file, page: number, start, end, step} = page.dataset;
    turnedTo = step ?? '';
    const quote = end && {start: Number(start), end: Number(end)};
    trigger('open_page', {document: file, page: Number(number), ...quote});
  }
  if (event.target.closest('.close-trail')) trigger('close_trail', {});
  if (!event.target.closest('.back')) return;
  const mark = document.querySelector('#conversation [aria-current]');
  mark?.scrollIntoView({block: 'center'});
  mark?.focus({preventScroll: true});
});
"""
)

# Buttons and forms of the tab of reports say what they do; the list is filtered in the browser.
LIBRARY_JS = (
    _CENTRE
    + _SWITCH
    + """
const act = (name, data) => trigger('act', {act: name, report: data.report, value: data.value});
element.addEventListener('click', (event) => {
  const clicked = event.target.closest('button[data-act]');
  if (clicked) act(clicked.dataset.act, {...clicked.dataset, value: clicked.dataset.job ?? clicked.dataset.value});
  if (clicked?.matches('.report')) {  // a long list is not sent again for this
    element.querySelector('.report[aria-current]')?.removeAttribute('aria-current');
    clicked.setAttribute('aria-current', 'true');
  }
  if (event.target.closest('.close-trail')) act('close', {});
  if (event.target.closest('.report') && matchMedia('(max-width: 860px)').matches)
    document.getElementById('details').scrollIntoView({block: 'start', behavior: 'smooth'});
  switchRaw(event);
  const asked = event.target.closest('[data-ask]')?.dataset;
  if (asked) document.dispatchEvent(new CustomEvent('yinju-ask', {
    detail: {question: asked.ask, scope: JSON.parse(asked.scope)},
  }));
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  act(form.dataset.act, {report: form.dataset.report, value: form.elements.value.value});
});
let sought = '';
const filter = () => {
  // Of a list that is laid out, Chromium takes 20 times as long to hide most of 1,000 items.
  const list = element.querySelector('.reports');
  list.style.display = 'none';
  for (const item of list.children) item.hidden = !item.dataset.find.includes(sought);
  list.offsetHeight;
  list.style.display = '';
};
element.addEventListener('input', (event) => {
  if (!event.target.matches('.filter')) return;
  sought = event.target.value.trim().toLowerCase();
  filter();
});
// Who comes back from a section finds the outline where he left it.
let left = {};
element.addEventListener('scroll', ({target}) => {
  if (target.matches('.details')) left = {report: target.dataset.report, top: target.scrollTop};
}, true);
watch('value', () => {
  const box = element.querySelector('.filter');
  if (box && sought) { box.value = sought; filter(); }
  const details = element.querySelector('.details');
  if (details && details.dataset.report === left.report) details.scrollTop = left.top;
  if (element.id === 'details' && !details) centre(element);
});
"""
)

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
