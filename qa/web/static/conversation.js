// The conversation: questions go out, marks open their places. Comes behind asked, peek and copy.

element.tabIndex = 0;
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
    copied(copy);
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
let shown = '';
watch('value', () => {
  remember();
  for (const why of element.querySelectorAll('.why'))
    if (unfolded.has(why.closest('.turn').dataset.turn)) why.open = true;
  const now = ['.turn', '.pending'].map((name) => element.querySelectorAll(name).length).join();
  if (now !== shown) element.querySelector('.turn:last-child')?.scrollIntoView({block: 'start'});
  shown = now;  // in another language it says the same, and stays where it is
});
