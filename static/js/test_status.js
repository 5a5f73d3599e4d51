// After a test is started the result arrives in another tab, which cannot tell this one. So this one asks: for the test
// that this very window has started, whatever other windows do.
(() => {
  const place = document.querySelector("[data-test-forms]");
  const status = document.getElementById("test-status");
  if (!place || !status) return;

  const EVERY = 2000;
  let timer = 0;
  let window_name = "";

  const newName = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const copyOf = (name) => document.querySelector(`template[data-${name}]`).content.cloneNode(true);

  const say = (test) => {
    const words = copyOf(`test-state="${test.state}"`);
    const line = words.querySelector("p");
    if (test.summary) line.append(` ${test.summary}`);
    if (test.url) {
      const link = document.createElement("a");
      link.href = test.url;
      link.append(copyOf("test-link"));
      line.append(" ", link);
    }
    status.replaceChildren(words);
    if (test.checks) status.append(list(test.checks));
  };

  const list = (checks) => {
    const rows = copyOf("test-checks");
    rows.querySelector("ul").append(...checks.map(({ label, outcome }) => {
      const row = copyOf("test-check");
      const item = row.querySelector("li");
      item.dataset.outcome = outcome;
      item.append(label, copyOf(`outcome="${outcome}"`));
      return row;
    }));
    return rows;
  };

  const stop = () => { window.clearInterval(timer); timer = 0; };

  const ask = async () => {
    let test;
    const asked = window_name;
    try {
      const url = `${place.dataset.statusUrl}?window=${asked}`;
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      test = await response.json();
    } catch {
      return; // The network may be back at the next question.
    }
    if (!timer || asked !== window_name || test.state === status.dataset.state || test.state === "none") return;
    status.dataset.state = test.state;
    if (test.state === "waiting") return;
    if (test.state !== "late") stop(); // A late response is still welcome.
    say(test);
  };

  place.querySelectorAll("form").forEach((form) => form.addEventListener("submit", () => {
    stop();
    window_name = newName();
    form.elements.window.value = window_name;
    status.dataset.state = "waiting";
    say({ state: "waiting" });
    timer = window.setInterval(ask, EVERY);
  }));
})();
