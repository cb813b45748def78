// The Sync Log: a new copy of it is taken over part by part, so that what somebody types stays and
// an entry that is open stays open. Without this script the log is swapped as a whole.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);

  function keepOpen(old, fresh) {
    for (const details of old.querySelectorAll("details[open][id]")) {
      const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
      if (same) same.open = true;
    }
  }

  function replace(old, fresh) {
    keepOpen(old, fresh);
    old.replaceWith(fresh);
    window.htmx.process(fresh);
  }

  // Rows that show the same stay where they are, with the focus and the selection in them.
  function mergeRows(list, wanted) {
    const names = new Set(wanted.map((row) => row.id));
    for (const row of [...list.children]) if (!names.has(row.id)) row.remove();
    wanted.forEach((fresh, index) => {
      let row = byId(fresh.id);
      const same = row && row.dataset.version === fresh.dataset.version;
      if (row && !same) {
        replace(row, fresh);
        row = fresh;
      } else if (!row) {
        row = fresh;
      }
      if (list.children[index] !== row) {
        list.insertBefore(row, list.children[index] || null);
        if (!same) window.htmx.process(row);
      }
    });
  }

  function merge(answer) {
    const focused = document.activeElement && document.activeElement.id;
    for (const part of answer.querySelectorAll("[data-live]")) {
      const old = byId(part.id);
      if (part.matches("ol")) mergeRows(old, [...part.children]);
      else if (!old.isEqualNode(part)) replace(old, part);
    }
    const wanted = focused && byId(focused);
    if (wanted && wanted !== document.activeElement) wanted.focus({ preventScroll: true });
  }

  const parts = (root) => [...root.querySelectorAll("[data-live]")].map((part) => part.id).join(" ");

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, isError, serverResponse } = event.detail;
    if (!event.detail.shouldSwap || isError || !target || !target.matches("#sync-log, #log")) return;
    const answer = new DOMParser().parseFromString(serverResponse, "text/html");
    const fresh = answer.getElementById(target.id);
    // The first entry, or the last one gone: another shape, so htmx swaps it all.
    if (!fresh || parts(fresh) !== parts(target)) return;
    event.detail.shouldSwap = false;
    merge(document.adoptNode(fresh));
    const said = answer.getElementById("announcer");
    if (said) window.unpack.announce(said.textContent);
  });

  // One row after Retry: it stays as open as it was, and the focus goes to what is left of it.
  let open = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    open = Boolean(target && target.matches(".entry") && target.querySelector("details[open]"));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const row = event.detail.target.id && byId(event.detail.target.id);
    if (!row || !row.matches(".entry")) return;
    const details = row.querySelector("details");
    if (open && details) details.open = true;
    const next = row.querySelector("summary, .entry-title a");
    if (next) next.focus({ preventScroll: true });
  });
})();
