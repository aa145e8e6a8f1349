// Runs before the first paint, so that a chosen scheme never flashes the other one.
(function () {
  try {
    var chosen = localStorage.getItem("torap-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) {
    // Storage can be forbidden; the scheme of the system then stands.
  }
})();
