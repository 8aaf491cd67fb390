// Two minutes before a session ends, says so and offers to go on (WCAG 2.2.1).
document.addEventListener("DOMContentLoaded", () => {
  const notice = document.querySelector("[data-session-ends-at]");
  if (!notice) return;

  const form = notice.querySelector("form");
  const warnMs = 120_000;
  let timer;

  const plan = (endsAt) => {
    notice.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(() => (notice.hidden = false), Math.max(0, Date.parse(endsAt) - Date.now() - warnMs));
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const headers = { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
    const answer = await fetch(form.action, { method: "POST", headers, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return location.reload();
    plan((await answer.json()).session_ends_at);
  });
  plan(notice.dataset.sessionEndsAt);
});
