// What was asked: sent until it arrives, kept in this browser, asked again by a page loaded anew.

// A question that is lost on the way, as before the page is ready, is sent again under its key.
const waiting = new Map();
const put = (...asked) => {
  for (const one of asked) waiting.set(one.key, {asked: one, tries: 0, due: Date.now() + 2000});
  trigger('ask', {asked});  // at once, so that they stay in their order
};
// What was asked is kept in this browser; a page that is loaded anew asks it again, which takes
// some 20 ms a question, so that it quotes what the reports say now.
const KEPT = 'yinju.asked', MOST_KEPT = 30;
const kept = () => {
  let found = [];
  try { found = JSON.parse(localStorage.getItem(KEPT)); } catch { /* nothing, then */ }
  const fits = (one) => typeof one?.question === 'string' && typeof one.key === 'string';
  return Array.isArray(found) ? found.filter(fits) : [];
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
const before = kept();
if (before.length) put(...before);
// Once in a while at most, whatever goes wrong.
const reload = () => {
  const last = Number(sessionStorage.getItem('yinju.reloaded'));
  if (Date.now() - last < 10000) return;
  sessionStorage.setItem('yinju.reloaded', String(Date.now()));
  location.reload();
};
// Each is asked again of the same reports, as strictly, whatever the controls say by then.
const seen = new Set();
const shownTurns = () =>
  new Map([...element.querySelectorAll('.turn')].map((one) => [one.dataset.turn, one]));
const lost = (turns) => kept().some(({key}) => seen.has(key) && !turns.has(key));
const remember = () => {
  const turns = shownTurns();
  // A server that was started anew knows nothing of this page: what was there is asked again.
  // One that is late shows less for a moment, which is no sign of that.
  if (lost(turns)) setTimeout(() => { if (lost(shownTurns())) reload(); }, 1500);
  for (const key of turns.keys()) seen.add(key);
  keep(kept().map((one) => turns.has(one.key) ? {...one, ...howOf(turns.get(one.key))} : one));
};
const offline = (lost) => {
  let told = document.querySelector('.offline');
  if (!lost) { told?.remove(); return; }
  told ??= document.body.appendChild(document.createElement('div'));
  told.className = 'offline';
  told.setAttribute('role', 'alert');
  told.textContent = document.querySelector('[data-offline]').dataset.offline;
};
setInterval(() => {
  for (const [key, one] of waiting) {
    const turn = element.querySelector(`[data-turn="${CSS.escape(key)}"]`);
    if (turn && !turn.querySelector('.pending')) waiting.delete(key);
    else if (Date.now() > one.due) {
      one.due = Date.now() + 2000 * 2 ** Math.min(++one.tries, 4);
      trigger('ask', {asked: [one.asked]});
    }
  }
  offline([...waiting].some(([key, one]) =>
    one.tries > 1 && !element.querySelector(`[data-turn="${CSS.escape(key)}"]`)));
}, 500);
// Another tab asks, of one report.
document.addEventListener('yinju-ask', ({detail}) => {
  document.querySelector('#tabs [role=tab]').click();
  ask(detail.question, {scope: detail.scope});
});
