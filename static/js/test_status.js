// After Test Connection the result arrives in another tab, which cannot tell this one. So this one asks.
(() => {
  const form = document.getElementById("test-connection");
  const status = document.getElementById("test-status");
  if (!form || !status) return;

  const EVERY = 2000;
  const PATIENCE = 5 * 60 * 1000;
  let known = form.dataset.known;
  let timer = 0;
  let until = 0;

  const say = (words, id) => {
    const line = document.createElement("p");
    line.textContent = words;
    if (id) {
      const link = document.createElement("a");
      link.href = form.dataset.resultUrl.replace(/0{32}/, id);
      link.textContent = status.dataset.link;
      line.append(" ", link);
    }
    status.replaceChildren(line);
  };

  const stop = () => { window.clearInterval(timer); timer = 0; };

  const ask = async () => {
    let test;
    try {
      const response = await fetch(form.dataset.statusUrl, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      test = await response.json();
    } catch {
      return; // The network may be back at the next question.
    }
    if (!timer || !test.id || test.id === known) return;
    if (test.state === "passed" || test.state === "failed") {
      known = test.id;
      stop();
      status.dataset.state = test.state;
      say(status.dataset[test.state], test.id);
    } else if (Date.now() > until) {
      stop();
      say(status.dataset.late, test.id);
    }
  };

  form.addEventListener("submit", () => {
    stop();
    until = Date.now() + PATIENCE;
    status.dataset.state = "waiting";
    say(status.dataset.waiting);
    timer = window.setInterval(ask, EVERY);
  });
})();
