// hx-swap="morph": an answer changes the page in place, so that the focus, the caret, what is typed
// and what is open stay. A row whose form or menu is open is left out. Without this script a part is
// swapped as a whole.
(() => {
  "use strict";

  let asker = null; // the element whose answer is swapped in
  const waiting = new Set(); // elements whose request is under way, polls aside

  const isField = (element) =>
    element.matches("input:not([type=hidden]), select, textarea") && !element.form?.contains(asker);
  const isInUse = (row) =>
    row.matches(".items > li, #add-line") && !row.contains(asker)
    && Boolean(row.querySelector(".item-form, [popover]:popover-open, [data-passing]"));

  // Another answer knows nothing of a button that was pressed a moment ago: it would enable it again.
  const HELD = ["disabled", "data-disabled-by-htmx", "aria-busy"];
  const isPending = (element) =>
    [...waiting].some((each) => each !== asker && each.contains(element));

  const callbacks = {
    beforeNodeMorphed(old, fresh) {
      if (!(old instanceof Element)) return true;
      if (isField(old)) return false; // the person's word counts, not the server's
      if (!isInUse(old)) return true;
      if (old.dataset.version !== fresh.dataset.version) old.toggleAttribute("data-behind", true);
      return false;
    },
    beforeNodeRemoved: (old) => !(old instanceof Element && isInUse(old)),
    beforeAttributeUpdated(name, element, change) {
      if (name === "open" && element.matches("details")) return false;
      return !(change === "remove" && HELD.includes(name) && isPending(element));
    },
  };

  function handleSwap(style, target, fragment) {
    if (style !== "morph") return false;
    const fresh = fragment.firstElementChild;
    const hint = fresh.querySelector("[autofocus]"); // the server's word on where it goes on
    const asking = target.querySelectorAll("[hx-trigger]");
    window.Idiomorph.morph(target, fresh, { callbacks });
    for (const element of [target, ...asking]) window.htmx.process(element);
    const wanted = hint && document.getElementById(hint.id);
    if (wanted) wanted.focus();
    return []; // nothing is left for htmx to process
  }

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!window.unpack.isPoll(detail.elt)) waiting.add(detail.elt);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => waiting.delete(detail.elt));
  document.addEventListener("htmx:beforeSwap", (event) => { asker = event.detail.requestConfig.elt; });
  document.addEventListener("htmx:load", () => {
    window.htmx.defineExtension("morph", { isInlineSwap: (style) => style === "morph", handleSwap });
  }, { once: true });
})();
