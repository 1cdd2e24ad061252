// Keeps an open page up to date. The server says that there is news; the page
// is fetched once more and the regions marked data-live are exchanged. All of
// the page works without this file.
"use strict";
(() => {
  const settled = 250; // ms without news before a look
  let stream = null, timer = 0, looking = false, again = false;

  // After a form the address says what was done; a reload need not.
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(null, "", here);
  }

  // On a phone the bar scrolls; where we are is to be seen.
  document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // exchangeRows replaces the children of a list with those of a fresh one. What is
  // the same stays, so that focus and clicks are not lost.
  function exchangeRows(old, fresh) {
    const known = new Map([...old.children].map((row) => [row.id, row]));
    const next = [...fresh.children].map((row) => {
      const same = known.get(row.id);
      if (same && same.isEqualNode(unmarked(row, same))) return same;
      if (!same) row.classList.add("fresh");
      return row;
    });
    const kept = new Set(next);
    const focused = document.activeElement && old.contains(document.activeElement) ? document.activeElement.id : "";
    for (const row of [...old.children]) if (!kept.has(row)) row.remove();
    let at = old.firstElementChild;
    for (const row of next) {
      if (row === at) at = at.nextElementSibling;
      else old.insertBefore(row, at);
    }
    refocus(old, focused);
  }

  // unmarked gives a fresh row the mark that the old one carries.
  function unmarked(row, old) {
    if (old.classList.contains("fresh")) row.classList.add("fresh");
    return row;
  }

  function refocus(within, id) {
    if (!id || document.activeElement?.id === id) return;
    const target = within.querySelector("#" + CSS.escape(id));
    if (target) target.focus({ preventScroll: true });
    else document.getElementById("main")?.focus({ preventScroll: true }); // what had the focus is gone
  }

  function selecting(region) {
    const selection = getSelection();
    return selection && !selection.isCollapsed && region.contains(selection.anchorNode);
  }

  function exchange(page) {
    let held = false;
    for (const region of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(region.id);
      if (!fresh || region.dataset.live === "paused") continue;
      if (selecting(region)) { held = true; continue; } // somebody copies from it
      announce(region, fresh);
      const rows = region.querySelector("[data-rows]"), freshRows = fresh.querySelector("[data-rows]");
      if (rows && freshRows && rows.id === freshRows.id) {
        exchangeRows(rows, freshRows);
        freshRows.replaceWith(rows.cloneNode(false));
        const hollow = region.cloneNode(true);
        hollow.querySelector("[data-rows]").replaceChildren();
        if (hollow.isEqualNode(fresh)) continue;
        // Something around the rows has changed.
        fresh.querySelector("[data-rows]").replaceWith(rows);
      } else if (region.isEqualNode(fresh)) {
        continue;
      }
      const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
      region.replaceChildren(...fresh.childNodes);
      for (const { name, value } of fresh.attributes) region.setAttribute(name, value);
      refocus(region, focused);
    }
    return held;
  }

  // announce tells those who do not see the page how many rows came.
  function announce(region, fresh) {
    const came = Number(fresh.dataset.newest) - Number(region.dataset.newest);
    region.dataset.newest === undefined || came <= 0 ||
      (document.getElementById("announce").textContent = came === 1 ? "1 new request" : came + " new requests");
    if (fresh.dataset.newest !== undefined) region.dataset.newest = fresh.dataset.newest;
  }

  async function look() {
    if (looking) { again = true; return; }
    looking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (exchange(page)) soon(2000);
    } catch {
      // The sandbox has ended or is restarting; the stream tells when it is back.
    }
    looking = false;
    if (again) { again = false; soon(settled); }
  }

  function soon(ms) {
    if (!timer) timer = setTimeout(() => { timer = 0; look(); }, ms);
  }

  function show(open) {
    for (const mark of document.querySelectorAll("[data-state]")) {
      mark.hidden = false;
      mark.textContent = open ? "Live" : "Not connected";
      mark.classList.toggle("off", !open);
    }
  }

  // Pages in the background do not listen: browsers allow few connections.
  function listen() {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource("/_sandbox/ui/news");
      stream.onopen = () => show(true);
      stream.onerror = () => show(false);
      stream.onmessage = () => soon(settled);
    }
  }
  if (document.querySelector("[data-live]")) {
    document.addEventListener("visibilitychange", listen);
    addEventListener("pagehide", () => { stream?.close(); stream = null; });
    addEventListener("pageshow", listen);
    listen();
  }

  // Texts are copied with a click, where the browser lets pages do that.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let said = "Copied.";
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      } catch {
        said = "The browser does not allow it.";
      }
      document.getElementById("announce").textContent = said;
      button.classList.toggle("copied", said === "Copied.");
    });
  }

  // Clocks that run are shown running.
  setInterval(() => {
    for (const clock of document.querySelectorAll("[data-clock=runs]")) {
      const base = Date.parse(clock.dateTime);
      if (clock.base !== base) { clock.base = base; clock.since = Date.now(); }
      const now = new Date(base + Date.now() - clock.since).toISOString();
      clock.textContent = now.slice(0, 10) + " " + now.slice(11, 19);
    }
  }, 1000);
})();
