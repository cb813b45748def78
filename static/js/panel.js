// The Action Items panel: what else its rows, menus and forms do. It is swapped by morph.js.
(() => {
  "use strict";

  const isOpen = (row) => Boolean(row.querySelector(".item-form, [popover]:popover-open"));

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, isError, requestConfig } = event.detail;
    if (!event.detail.shouldSwap || isError || !target) return;
    const dialog = document.getElementById("dialog");
    if (dialog && dialog.open && dialog.contains(requestConfig.elt) && !dialog.contains(target)) {
      dialog.close(); // before the swap: nothing behind an open dialog can take the focus
    }
    if (requestConfig.elt.matches("[data-passing]") && isOpen(target)) {
      event.detail.shouldSwap = false; // the time to undo is over, but the row is in use
      requestConfig.elt.remove();
    }
  });

  // A menu that closes lets its row catch up.
  document.addEventListener("toggle", (event) => {
    const row = event.newState === "closed" && event.target.closest("[data-behind]");
    if (!row) return;
    row.removeAttribute("data-behind");
    const { url } = document.getElementById("panel").dataset;
    window.htmx.ajax("GET", url, { source: "#panel-head", target: "#panel", swap: "morph", event });
  }, true);

  // A form opens on its title, with the text selected.
  function select(root) {
    const field = root.querySelector(".item-form input[autofocus]");
    if (field && field.type === "text" && field.getAttribute("aria-invalid") !== "true") field.select();
  }
  document.addEventListener("htmx:load", (event) => select(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => select(document));

  // Escape leaves the form as Cancel does.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !(event.target instanceof Element)) return;
    const form = event.target.closest(".item-form");
    const cancel = form && form.querySelector("[data-cancel]");
    if (cancel) cancel.click();
  });
})();
