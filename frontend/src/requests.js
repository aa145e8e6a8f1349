// How htmx talks to the server: same origin only, no evaluated code, errors told in words.

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value || cookie("csrftoken");
}

export function announce(text) {
  const region = document.getElementById("announce");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

function showFailure(target, text) {
  const notice = document.createElement("div");
  notice.className = "notice notice--error";
  notice.setAttribute("role", "alert");
  const line = document.createElement("p");
  line.textContent = text;
  notice.append(line);
  if (target && target !== document.body) target.replaceChildren(notice);
  else document.getElementById("main")?.prepend(notice);
}

export function setUpRequests(htmx) {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    timeout: 30000,
    scrollIntoViewOnBoost: false,
  });
  const bar = document.getElementById("busy");
  let running = 0;
  const busy = (change) => {
    running = Math.max(0, running + change);
    bar?.classList.toggle("is-busy", running > 0);
  };
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  const texts = document.body.dataset;
  document.addEventListener("htmx:responseError", (event) => {
    // A refused form comes back as 422 with the form in it: show that, not a general sentence.
    showFailure(
      event.detail.target,
      event.detail.xhr.status === 403 ? texts.textForbidden : texts.textFailed,
    );
  });
  document.addEventListener("htmx:sendError", (event) => showFailure(event.detail.target, texts.textOffline));
  document.addEventListener("htmx:timeout", (event) => showFailure(event.detail.target, texts.textOffline));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
}
