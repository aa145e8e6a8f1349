// The header: the menu on a phone, pop-overs that close, dialogs that ask.

function setUpMenu() {
  const button = document.querySelector("[data-menu-button]");
  const nav = document.getElementById("site-nav");
  if (!button || !nav) return;
  button.setAttribute("role", "button");
  button.setAttribute("aria-expanded", "false");
  const show = (open) => {
    nav.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const open = !nav.hasAttribute("data-open");
    show(open);
    if (open) nav.querySelector("a, input")?.focus();
  });
  button.addEventListener("keydown", (event) => {
    if (event.key === " ") button.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.hasAttribute("data-open")) return;
    show(false);
    button.focus();
  });
  document.addEventListener("click", (event) => {
    if (!nav.contains(event.target) && !button.contains(event.target)) show(false);
  });
}

function setUpPopovers() {
  const closeOthers = (keep) => {
    for (const open of document.querySelectorAll("details.pop[open]")) {
      if (open !== keep && !open.contains(keep)) open.open = false;
    }
  };
  document.addEventListener("click", (event) => closeOthers(event.target.closest?.("details.pop")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.activeElement?.closest?.("details.pop[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function setUpDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-confirm]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.confirm);
      if (dialog?.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest?.("[data-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
    }
  });
}

function setUpPrint() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
}

function setUpSearchKey() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.getElementById("site-search");
    if (!field || field.offsetParent === null) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

/** Tabs that do not fit are slid so that the open one is seen. */
function setUpTabs() {
  for (const list of document.querySelectorAll(".tabs")) {
    const open = list.querySelector("[aria-current]");
    if (!open || list.scrollWidth <= list.clientWidth) continue;
    const [room, tab] = [list.getBoundingClientRect(), open.getBoundingClientRect()];
    list.scrollLeft += tab.left - room.left - (room.width - tab.width) / 2;
  }
}

export function setUpFrame() {
  setUpTabs();
  setUpMenu();
  setUpPopovers();
  setUpDialogs();
  setUpPrint();
  setUpSearchKey();
}
