// The panel of sources. Comes behind centre and switch.

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
