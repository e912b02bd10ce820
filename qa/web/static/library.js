// The tab of reports: buttons and forms say what they do, the list is filtered here. Comes behind
// centre and switch; the tab of evaluation uses it too.

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
  if (element.closest('#details') && !details) centre(element);
});
