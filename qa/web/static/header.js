// The header: the page's language and the size of its text.

const speak = () => {
  const language = spoken();
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
// So is its language.
const LANGUAGE = 'yinju.language';
const spoken = () => element.querySelector('[data-language]').dataset.language;
const speakAgain = () => {
  let wanted = null;
  try { wanted = localStorage.getItem(LANGUAGE); } catch { /* the page's own, then */ }
  if (['zh', 'en'].includes(wanted) && wanted !== spoken())
    document.querySelector(`#language input[value="${wanted}"]`)?.click();
};
// Gradio has no word of its own for a choice of which nothing is chosen.
const placeholders = () => {
  const scope = document.querySelector('#scope input');
  if (scope) scope.placeholder = element.querySelector('[data-all]').dataset.all;
  else setTimeout(placeholders, 100);
};
speak();
resize(chosen());
placeholders();
setTimeout(speakAgain);
watch('value', () => {
  try { localStorage.setItem(LANGUAGE, spoken()); } catch { /* as above */ }
  speak();
  resize(chosen());
  placeholders();
});
