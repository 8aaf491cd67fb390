// Counts down while a person types, and tells a screen reader only when the typing rests.
document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll("[data-count-limit]")) {
    const limit = Number(field.dataset.countLimit);
    const message = document.getElementById(field.dataset.countMessage);
    const spoken = document.createElement("span");
    spoken.className = "usa-sr-only";
    spoken.setAttribute("aria-live", "polite");
    message.after(spoken);

    let rest;
    const update = () => {
      const left = limit - [...field.value].length;
      const words = left < 0 ? message.dataset.over : message.dataset.left;
      message.textContent = words.replace("{n}", Math.abs(left).toLocaleString());
      message.classList.toggle("usa-error-message", left < 0);
      clearTimeout(rest);
      rest = setTimeout(() => (spoken.textContent = message.textContent), 1000);
    };
    field.addEventListener("input", update);
    if (field.value) update();
  }
});
