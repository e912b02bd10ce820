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
