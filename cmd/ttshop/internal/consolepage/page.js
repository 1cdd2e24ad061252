// Keeps the page up to date: fetches it again and puts the new panels in the place of
// the old ones. Without this script the page loads itself again.
'use strict';

const interval = 2000;
const search = document.getElementById('q');
const pause = document.getElementById('pause');
let paused = false;
let asked = 0;

function address() {
  const url = new URL('/console', location.href);
  if (search.value.trim()) url.searchParams.set('q', search.value.trim());
  return url;
}

async function refresh() {
  const mine = ++asked;
  let text;
  try {
    const answer = await fetch(address());
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    text = await answer.text();
  } catch {
    if (mine === asked) document.body.dataset.stale = 'true';
    return;
  }
  if (mine !== asked) return; // a later look is under way
  delete document.body.dataset.stale;
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  document.getElementById('at').textContent = fresh.getElementById('at').textContent;
  for (const body of document.querySelectorAll('[data-panel]')) {
    const next = fresh.querySelector(`[data-panel="${body.dataset.panel}"]`);
    // What somebody has the focus in, or selects, stays.
    if (!next || body.contains(document.activeElement) || selects(body)) continue;
    if (body.innerHTML !== next.innerHTML) {
      const across = [...body.querySelectorAll('.scroll')].map((box) => box.scrollLeft);
      body.replaceChildren(...next.childNodes);
      body.querySelectorAll('.scroll').forEach((box, i) => { box.scrollLeft = across[i] ?? 0; });
    }
  }
}

function selects(body) {
  const selection = getSelection();
  return selection && !selection.isCollapsed && body.contains(selection.anchorNode);
}

pause.hidden = false;
pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', String(paused));
  pause.textContent = paused ? 'Go on' : 'Pause';
});

let typing;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    history.replaceState(null, '', address());
    refresh();
  }, 150);
});
search.form.addEventListener('submit', (event) => {
  event.preventDefault();
  history.replaceState(null, '', address());
  refresh();
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});
setInterval(() => { if (!paused && !document.hidden) refresh(); }, interval);
