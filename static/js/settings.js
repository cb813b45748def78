// The settings form: says what has changed since the last save, keeps the save bar in sight while
// something has, and asks before unsaved changes are left behind.
(() => {
  "use strict";

  const form = () => document.querySelector("form[data-settings]");
  const controls = () => [...form().querySelectorAll("[data-saved]")];
  let leaving = false;

  function valueOf(control) {
    if (control.type === "checkbox") return control.checked ? "on" : "";
    return control.value;
  }

  const changed = () => controls().filter((control) => valueOf(control) !== control.dataset.saved);

  function show() {
    if (!form()) return;
    const names = new Set(changed().map((control) => control.name));
    for (const mark of form().querySelectorAll("[data-changed-for]")) {
      mark.hidden = !mark.dataset.changedFor.split(" ").some((name) => names.has(name));
    }
    showBar(changed().map((control) => control.dataset.field));
  }

  function showBar(fields) {
    const bar = form().querySelector(".savebar");
    const summary = bar.querySelector("[data-summary]");
    summary.dataset.quiet ??= summary.textContent;
    bar.toggleAttribute("data-dirty", fields.length > 0);
    bar.querySelector("[data-discard]").hidden = fields.length === 0;
    if (fields.length) {
      const count = document.createElement("span");
      count.className = "strong";
      count.textContent = fields.length === 1 ? "1 unsaved change:" : `${fields.length} unsaved changes:`;
      summary.replaceChildren(count, ` ${fields.join(", ")}`);
    } else {
      summary.textContent = summary.dataset.quiet;
    }
    leaveRoomFor(bar, fields.length > 0);
  }

  // What takes the focus is scrolled to where the bar does not hide it.
  function leaveRoomFor(bar, sticks) {
    const room = sticks ? bar.offsetHeight + 2 * parseFloat(getComputedStyle(bar).bottom) : 0;
    document.documentElement.style.scrollPaddingBottom = room ? `${room}px` : "";
  }

  // So was what the page asks Jira by itself, whose answer is left out, and asked for anew.
  let touched = false;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.matches("[data-asks-jira]")) touched = false;
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!touched || !detail.requestConfig.elt.matches("[data-asks-jira]")) return;
    detail.shouldSwap = false;
    window.htmx.trigger(document.body, "jira-look");
  });
  document.addEventListener("change", (event) => {
    if (!form() || !form().contains(event.target)) return;
    touched = true;
    // A poll under way was drawn from what the form said before this change.
    const choices = document.getElementById("choices");
    if (window.htmx && choices && !event.target.matches("[hx-post]")) window.htmx.trigger(choices, "htmx:abort");
    show();
  });
  // What Jira has changed in the rows waits until nobody is typing in them. What somebody asked for
  // does not: of both, the rows are the target.
  const rows = () => document.getElementById("values");
  let waiting = false;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.requestConfig.elt !== rows() || !rows().contains(document.activeElement)) return;
    detail.shouldSwap = false;
    waiting = true;
  });
  document.addEventListener("focusout", (event) => {
    if (!waiting || !rows() || rows().contains(event.relatedTarget)) return;
    waiting = false;
    window.htmx.trigger(document.body, "jira-fields");
  });
  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-discard]")) leaving = true;
  });
  for (const name of ["submit", "leaving"]) document.addEventListener(name, () => { leaving = true; });
  document.addEventListener("htmx:afterRequest", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && form() && changed().length) event.preventDefault();
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
})();
