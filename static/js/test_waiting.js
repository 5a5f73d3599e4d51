// The page of a test without a response asks until there is one, then shows it. Without this, "Look again" does.
(() => {
  const waits = document.getElementById("test-waits");
  if (!waits) return;

  const late = () => document.querySelectorAll("template[data-late]").forEach((template) => {
    document.querySelector(template.dataset.late).replaceChildren(template.content);
    template.remove();
  });

  const ask = async () => {
    try {
      const response = await fetch(waits.dataset.statusUrl, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const { state } = await response.json();
      if (state === "passed" || state === "failed") window.location.reload();
      if (state === "late") late();
    } catch {
      // The network may be back at the next question.
    }
  };

  window.setInterval(ask, 2000);
})();
