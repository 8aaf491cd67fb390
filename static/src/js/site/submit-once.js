// A double click must not send a form twice. The server is safe against it too; this saves the confusion.
// The lock opens by itself: an export leaves the page where it is, and may be asked for again. Another button of the
// same form is another wish.
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form) && sent.get(form) === event.submitter) return event.preventDefault();
  sent.set(form, event.submitter);
  setTimeout(() => sent.delete(form), 3000);
});
