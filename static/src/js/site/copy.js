// A button that puts the content of a field into the clipboard. Without it the field can be selected by hand.
document.addEventListener("DOMContentLoaded", () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
      } catch {
        field.focus(); // refused by the browser: it is selected, ready for the keyboard
      }
    });
  }
});
