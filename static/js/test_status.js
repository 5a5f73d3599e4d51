// After a test is started the result arrives in another tab, which cannot tell this one. So this one asks: for the test
// that this very window has started, whatever other windows do.
(() => {
  const place = document.querySelector("[data-test-forms]");
  const status = document.getElementById("test-status");
  if (!place || !status) return;

  const EVERY = 2000;
  let timer = 0;
  let window_name = "";

  const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const say = (words, test) => {
    const line = document.createElement("p");
    line.textContent = words;
    if (test) {
      const link = document.createElement("a");
      link.href = test.url;
      link.textContent = status.dataset.link;
      line.append(" ", link);
    }
    const parts = [line];
    if (test && test.checks) parts.push(list(test.checks));
    status.replaceChildren(...parts);
  };

  const list = (checks) => {
    const items = checks.map(({ label, outcome }) => {
      const item = document.createElement("li");
      const mark = document.createElement("span");
      const word = document.createElement("span");
      item.className = `is-${outcome}`;
      mark.className = "jc-live-mark";
      mark.setAttribute("aria-hidden", "true");
      word.className = "jc-live-word";
      word.textContent = status.dataset[`outcome${outcome === "not_reached" ? "NotReached" : outcome[0].toUpperCase() + outcome.slice(1)}`];
      item.append(mark, `${label} `, word);
      return item;
    });
    const rows = document.createElement("ul");
    rows.className = "jc-live";
    rows.append(...items);
    return rows;
  };

  const stop = () => { window.clearInterval(timer); timer = 0; };

  const ask = async () => {
    let test;
    const asked = window_name;
    try {
      const response = await fetch(`${place.dataset.statusUrl}?window=${asked}`, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      test = await response.json();
    } catch {
      return; // The network may be back at the next question.
    }
    if (!timer || asked !== window_name || test.state === status.dataset.state || test.state === "none") return;
    status.dataset.state = test.state;
    if (test.state === "waiting") return;
    if (test.state !== "late") stop(); // A late response is still welcome.
    say([status.dataset[test.state], test.summary].filter(Boolean).join(" "), test);
  };

  place.querySelectorAll("form").forEach((form) => form.addEventListener("submit", () => {
    stop();
    window_name = newName();
    form.elements.window.value = window_name;
    status.dataset.state = "waiting";
    say(status.dataset.waiting);
    timer = window.setInterval(ask, EVERY);
  }));
})();
