// The Action Items panel: a new copy of it is taken over row by row, so that a row whose form or
// menu is open stays as it is. Without this script the panel is swapped as a whole.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  let behind = false; // a row was left out because its menu was open

  const hasForm = (element) => Boolean(element.querySelector("form.item-form"));
  const hasMenu = (element) => Boolean(element.querySelector("[popover]:popover-open"));
  const isOpen = (element) => hasForm(element) || hasMenu(element);

  function insert(fresh, place) {
    place(fresh);
    window.htmx.process(fresh);
  }

  function mergeRows(list, wanted, asker) {
    const stays = (row) => isOpen(row) && !row.contains(asker);
    const names = new Set(wanted.map((row) => row.id));
    for (const row of [...list.children]) {
      if (!names.has(row.id) && !stays(row)) row.remove();
    }
    wanted.forEach((fresh, index) => {
      const row = byId(fresh.id);
      if (!row) {
        insert(fresh, (node) => list.insertBefore(node, list.children[index] || null));
      } else if (row.dataset.version !== fresh.dataset.version) {
        if (stays(row)) behind = behind || hasMenu(row);
        else insert(fresh, (node) => row.replaceWith(node));
      }
    });
  }

  function merge(fresh, asker) {
    const hint = fresh.querySelector("[autofocus]"); // the server's word on where it goes on
    const focus = (hint || document.activeElement || document.body).id;
    const line = byId("add-line");
    insert(fresh.querySelector("#panel-head"), (node) => byId("panel-head").replaceWith(node));
    mergeRows(byId("items"), [...fresh.querySelector("#items").children], asker);
    if (!hasForm(line) || line.contains(asker)) {
      insert(fresh.querySelector("#add-line"), (node) => line.replaceWith(node));
    }
    const wanted = focus && byId(focus);
    if (wanted && wanted !== document.activeElement) wanted.focus({ preventScroll: !hint });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, isError, requestConfig, serverResponse } = event.detail;
    if (!event.detail.shouldSwap || isError || !target) return;
    const dialog = byId("dialog");
    if (dialog && dialog.open && dialog.contains(requestConfig.elt) && !dialog.contains(target)) {
      dialog.close(); // before the swap: nothing behind an open dialog can take the focus
    }
    if (target.id === "panel") {
      const answer = new DOMParser().parseFromString(serverResponse, "text/html");
      const fresh = answer.getElementById("panel");
      if (!fresh) return;
      event.detail.shouldSwap = false;
      merge(document.adoptNode(fresh), requestConfig.elt);
      const said = answer.getElementById("announcer");
      if (said) window.unpack.announce(said.textContent);
    } else if (requestConfig.elt.matches("[data-passing]") && isOpen(target)) {
      event.detail.shouldSwap = false; // the time to undo is over, but the row is in use
      requestConfig.elt.remove();
    }
  });

  // A menu that closes lets its row catch up.
  document.addEventListener("toggle", (event) => {
    if (!behind || event.newState !== "closed" || !event.target.closest("#panel")) return;
    behind = false;
    const panel = byId("panel");
    window.htmx.ajax("GET", panel.dataset.url, { source: "#panel-head", target: "#panel", swap: "outerHTML" });
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
