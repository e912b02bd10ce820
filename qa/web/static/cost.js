// A screen reader tells the cost of a threshold whenever it changes.
element.setAttribute('aria-live', 'polite');
