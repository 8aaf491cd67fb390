// Saves a form of several pages a moment after the person stops typing, and says so. The button saves too; this only
// makes sure that nothing is lost when a phone runs out of power or a link is followed. Gives up when another tab was
// faster: the button then shows both versions.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const state = form.querySelector("[data-autosave-state]");
  const restMs = 3000;
  const patienceMs = 2000;
  let rest = null;
  let running = null;
  let isOver = false;

  const save = async (options) => {
    const headers = { "X-Autosave": "1", "X-Background": "1", Accept: "application/json" };
    const request = { method: "POST", headers, body: new FormData(form), redirect: "error", ...options };
    const answer = await fetch(form.action, request).catch(() => null);
    if (!answer?.ok) {
      isOver ||= answer?.status === 409 || answer?.status === 401;
      state.textContent = state.dataset.notSaved;
      return;
    }
    const saved = await answer.json();
    form.elements.seen.value = saved.seen;
    state.textContent = saved.message;
  };
  const begin = (options = {}) => {
    rest = null;
    running = save(options).finally(() => (running = null));
  };
  form.addEventListener("input", () => {
    clearTimeout(rest);
    if (!isOver) rest = setTimeout(begin, restMs);
  });
  // What is under way is awaited, so that the button is not taken for another window.
  form.addEventListener("submit", (event) => {
    clearTimeout(rest);
    rest = null;
    isOver = true;
    if (!running) return;
    event.preventDefault();
    const patience = new Promise((done) => setTimeout(done, patienceMs));
    Promise.race([running, patience]).then(() => {
      running = null;
      form.requestSubmit(event.submitter);
    });
  });
  window.addEventListener("pagehide", () => {
    if (rest === null) return;
    clearTimeout(rest);
    begin({ keepalive: true });
  });
});
