// On a page with a form: says that the session soon ends, and keeps it while somebody is there.
// What has been written stays on the page, also when the session is over. The page works without this file.
"use strict";

(() => {
  const ASK_MS = 30000;
  const TIMEOUT_MS = 10000;
  const WARN_SECONDS = 120;

  const warning = document.getElementById("session-warning");
  const stay = document.getElementById("stay");
  let somebodyIsHere = false;
  let timer = 0;

  function tellItIsOver() {
    warning.firstElementChild.textContent = warning.dataset.over;
    stay.hidden = true;
    warning.hidden = false;
  }

  async function ask() {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, ASK_MS);
    try {
      const response = await fetch(warning.dataset.url, {
        headers: somebodyIsHere ? { "X-Active": "1" } : {},
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 401) return tellItIsOver();
      if (!response.ok) throw new Error(response.statusText);
      somebodyIsHere = false;
      warning.hidden = (await response.json()).seconds_left > WARN_SECONDS;
      stay.hidden = false;
    } catch {
      return; // without contact nothing is known of the session; the next time asks again
    }
  }

  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(sign, () => { somebodyIsHere = true; }, { passive: true });
  }
  document.addEventListener("visibilitychange", ask);
  stay.addEventListener("click", () => { somebodyIsHere = true; ask(); });
  timer = window.setTimeout(ask, ASK_MS);
})();
