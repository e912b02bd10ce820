// Brings the quotation that is lit into the middle of its panel.
const centre = (panel = document.getElementById('source')) => {
  const text = panel.querySelector('.text'), lit = text?.querySelector('mark');
  if (lit) text.scrollTop += lit.getBoundingClientRect().top - text.getBoundingClientRect().top
    - Math.max(24, (text.clientHeight - lit.offsetHeight) / 3);
};
