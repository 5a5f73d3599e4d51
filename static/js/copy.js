// Copy buttons: <button type="button" hidden data-copy-target="#id">, or data-copy-text="what is copied". They stay hidden where copying can't work.
(() => {
  const buttons = document.querySelectorAll("[data-copy-target], [data-copy-text]");
  if (!buttons.length || !navigator.clipboard) return;

  const announcer = document.createElement("div");
  announcer.className = "visually-hidden";
  announcer.setAttribute("aria-live", "polite");
  document.body.append(announcer);

  // Of an element, what is read: line breaks between its tags are none.
  const textOf = (element) => ("value" in element ? element.value : element.textContent.trim().replace(/\s+/g, " "));

  const say = (button, words) => {
    const label = button.querySelector("[data-copy-label]") || button;
    const usual = button.dataset.copyUsual || label.textContent;
    button.dataset.copyUsual = usual;
    label.textContent = words;
    button.classList.toggle("text-success-emphasis", words === (button.dataset.copied || "Copied"));
    announcer.textContent = "";
    window.setTimeout(() => { announcer.textContent = words; }, 50);
    window.clearTimeout(button.copyTimer);
    button.copyTimer = window.setTimeout(() => {
      label.textContent = usual;
      button.classList.remove("text-success-emphasis");
    }, 2000);
  };

  buttons.forEach((button) => {
    const text = button.dataset.copyText;
    const target = text === undefined ? document.querySelector(button.dataset.copyTarget) : null;
    if (text === undefined && !target) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(target ? textOf(target) : text);
        say(button, button.dataset.copied || "Copied");
      } catch {
        // Some browsers refuse the clipboard; a selected value is one key press from copied.
        if (target && target.select) target.select();
        say(button, button.dataset.copyFailed || "Press Ctrl+C");
      }
    });
  });

  // A value one clicks into is there to be copied.
  document.querySelectorAll("input[readonly]").forEach((input) => {
    input.addEventListener("focus", () => input.select());
  });
})();
