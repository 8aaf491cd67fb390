// Saves a form of several pages a moment after the person stops typing, and says so. The button saves too; this only
// makes sure that nothing is lost when a phone runs out of power. Gives up when another tab was faster: the button then
// shows both versions.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const state = form.querySelector("[data-autosave-state]");
  const restMs = 3000;
  let rest;
  let isOver = false;

  const save = async () => {
    const headers = { "X-Autosave": "1", "X-Background": "1", Accept: "application/json" };
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", headers, body, redirect: "error" }).catch(() => null);
    if (!answer?.ok) {
      isOver = answer?.status === 409 || answer?.status === 401;
      return;
    }
    const saved = await answer.json();
    form.elements.seen.value = saved.seen;
    state.textContent = saved.message;
  };
  form.addEventListener("input", () => {
    clearTimeout(rest);
    if (!isOver) rest = setTimeout(save, restMs);
  });
  form.addEventListener("submit", () => {
    clearTimeout(rest);
    isOver = true;
  });
});
