// Light, dark, or as the system has it; kept on this device only.

const KEY = "torap-theme";

function stored() {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto";
  }
}

function apply(choice) {
  const root = document.documentElement;
  if (choice === "auto") delete root.dataset.theme;
  else root.dataset.theme = choice;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
  // Charts and maps are drawn in the colours of the scheme, so they draw themselves anew.
  document.dispatchEvent(new CustomEvent("torap:theme"));
}

export function setUpTheme() {
  apply(stored());
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.themeChoice);
    } catch {
      // Forbidden storage: the choice lasts for this page.
    }
    apply(button.dataset.themeChoice);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(stored()));
}
