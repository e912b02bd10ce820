// Shows the raw text in place of the clean one, or the other way round.
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
