// Copies an answer with its references; the text is the button's own.
const copied = (button) => {
  const told = () => {
    const said = button.textContent;
    button.textContent = button.parentNode.dataset.done;
    setTimeout(() => { button.textContent = said; }, 1500);
  };
  const byHand = () => {  // on an address other than this machine's the clipboard is closed
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = button.dataset.copy;
    area.select();
    document.execCommand('copy');
    area.remove();
    told();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy).then(told, byHand);
  else byHand();
};
// All answers with their references, as one Markdown file.
const exported = () => {
  const texts = [...element.querySelectorAll('[data-copy-style="markdown"]')];
  if (!texts.length) return;
  const told = texts.map((one) => one.dataset.copy).join('\n---\n\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([told], {type: 'text/markdown'}));
  link.download = `yinju-${new Date().toISOString().slice(0, 10)}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
