// A double click must not send a form twice. The server is safe against it too; this saves the confusion.
// The lock opens by itself: an export leaves the page where it is, and may be asked for again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});
