// Light or dark, as the person's system says.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const show = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
show();
dark.addEventListener("change", show);
