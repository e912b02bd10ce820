// Questions that a report answers are made after its details are shown, and come in a hidden panel.
// Both panels call this: either may be shown last.
const placeSuggested = () => {
  const made = document.querySelector('#suggested [data-report]');
  const details = document.querySelector('#details .details');
  if (!made || details?.dataset.report !== made.dataset.report) return;
  details.querySelector('.suggested').replaceChildren(...made.cloneNode(true).childNodes);
};
watch('value', placeSuggested);
