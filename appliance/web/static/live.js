// Keeps a page's live part up to date: asks every few seconds while the tab is seen, and swaps what has changed.
// Focus, scroll, open tables and selected text stay where they are. The page works without this file.
"use strict";

(() => {
  const POLL_MS = 4000;
  const TIMEOUT_MS = 10000;
  const WARN_SECONDS = 120;

  const live = document.getElementById("live");
  const status = document.getElementById("live-status");
  const warning = document.getElementById("session-warning");
  const shown = new Map([...live.children].map((part) => [part.id, part.outerHTML]));
  let version = live.dataset.version;
  let clock = status.dataset.clock;
  let somebodyIsHere = false;
  let timer = 0;

  function tell(isStale) {
    status.classList.toggle("stale", isStale);
    status.textContent = (isStale ? status.dataset.stale : status.dataset.updated).replace("{time}", clock);
  }

  function topmost() {
    const inView = (element) => element.getBoundingClientRect().bottom > 0;
    return window.scrollY > 0 ? [...live.querySelectorAll("[id]")].find((e) => inView(e) && !e.querySelector("[id]")) : null;
  }

  function isBeingSelected(part) {
    const selection = document.getSelection();
    return !selection.isCollapsed && selection.containsNode(part, true);
  }

  function swap(html) {
    const incoming = document.createElement("template");
    incoming.innerHTML = html;
    const focused = document.activeElement && live.contains(document.activeElement) ? document.activeElement.id : "";
    const held = topmost();
    const heldId = held ? held.id : "";
    const heldTop = held ? held.getBoundingClientRect().top : 0;
    const isWhole = replaceParts([...incoming.content.children]);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const moved = heldId ? document.getElementById(heldId) : null;
    if (moved) window.scrollBy(0, moved.getBoundingClientRect().top - heldTop);
    return isWhole;
  }

  function replaceParts(parts) {
    const wanted = new Set(parts.map((part) => part.id));
    for (const old of [...live.children]) if (!wanted.has(old.id)) old.remove();
    let isWhole = true;
    let before = null;
    for (const part of parts) {
      let current = document.getElementById(part.id);
      const html = part.outerHTML;
      if (!current) {
        live.insertBefore(part, before ? before.nextElementSibling : live.firstElementChild);
        shown.set(part.id, html);
        current = part;
      } else if (shown.get(part.id) !== html && isBeingSelected(current)) {
        isWhole = false; // the person is reading this; it comes with the next poll
      } else if (shown.get(part.id) !== html) {
        for (const open of current.querySelectorAll("details[open]")) part.querySelector("#" + open.id)?.setAttribute("open", "");
        current.replaceWith(part);
        shown.set(part.id, html);
        current = part;
      }
      before = current;
    }
    return isWhole;
  }

  function hasChanged(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.options ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue;
  }

  function isSomethingUnsaved() {
    // A form that came back with faults is filled in with what was written: nothing in it has changed since.
    const fields = [...document.querySelectorAll("form :is(input, select, textarea)")];
    return document.querySelector("form[data-unsaved]") !== null || fields.some(hasChanged);
  }

  function tellSessionIsOver() {
    // Loading the page again asks for the log-in, and would lose what somebody is writing beside the live part.
    if (!isSomethingUnsaved()) return location.reload();
    warning.firstElementChild.textContent = warning.dataset.over;
    document.getElementById("stay").hidden = true;
    warning.hidden = false;
  }

  async function poll() {
    window.clearTimeout(timer);
    if (document.hidden) return;
    try {
      const url = new URL(live.dataset.url, location.href);
      url.searchParams.set("version", version);
      const response = await fetch(url, {
        headers: somebodyIsHere ? { "X-Active": "1" } : {},
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 401) return tellSessionIsOver();
      if (!response.ok) throw new Error(response.statusText);
      const news = await response.json();
      somebodyIsHere = false;
      if (news.html === null || swap(news.html)) version = news.version;
      clock = news.clock;
      warning.hidden = news.seconds_left > WARN_SECONDS;
      tell(false);
    } catch {
      tell(true);
    }
    timer = window.setTimeout(poll, POLL_MS);
  }

  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(sign, () => { somebodyIsHere = true; }, { passive: true });
  }
  document.addEventListener("visibilitychange", poll);
  document.getElementById("stay").addEventListener("click", () => { somebodyIsHere = true; poll(); });
  timer = window.setTimeout(poll, POLL_MS);
})();
