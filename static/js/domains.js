// While the page of the domains is open and seen, it looks again for records that are not there yet. Without this script
// there is the button "Check now".
(() => {
  const news = document.getElementById("domain-news");
  const waiting = () => document.querySelectorAll('[data-domain]:not([data-domain="verified"])');
  if (!news || !waiting().length) return;

  const EVERY = 30000;
  const said = (section) => section.querySelector("[data-domain-said]");
  const tell = (section) => section.querySelectorAll("[data-domain-watch]").forEach((line) => { line.hidden = false; });

  const look = async (section) => {
    const form = section.querySelector("[data-domain-check]");
    const fields = new URLSearchParams(new FormData(form));
    fields.set("watch", "1");
    const response = await fetch(form.action, { method: "POST", body: fields });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("[data-domain]");
    if (!found) return;
    if (found.dataset.domain === section.dataset.domain) {
      said(section).replaceChildren(...said(found).childNodes);
      return;
    }
    news.textContent = said(found).textContent;
    const wasHere = section.contains(document.activeElement);
    section.replaceWith(found);
    tell(found);
    if (wasHere) found.querySelector("h2").focus();
  };

  const lookAtAll = async () => {
    if (document.visibilityState === "visible") {
      for (const section of waiting()) {
        try {
          await look(section);
        } catch {
          // The network may be back at the next look.
        }
      }
    }
    if (waiting().length) window.setTimeout(lookAtAll, EVERY);
  };

  waiting().forEach(tell);
  window.setTimeout(lookAtAll, EVERY);
})();
