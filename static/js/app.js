// What every page needs beside htmx. Nothing here is needed to use Unpack: every form and link
// works without script.
(() => {
  "use strict";

  const CDN_PATIENCE = 2000; // milliseconds
  const ownHtmx = document.currentScript.dataset.ownHtmx;

  document.documentElement.classList.add("has-script");

  // --- htmx from our own copy, when the CDN fails or does not answer -------------------------
  // The script's id is not "htmx": an element's id is a name on window, so that `window.htmx`
  // would be the element for as long as the library is missing.

  let parsed = false;
  let fellBack = false;

  document.addEventListener("DOMContentLoaded", () => { parsed = true; }, { once: true });

  function startLateHtmx() {
    // htmx waits for DOMContentLoaded unless the page is complete. A script that hangs keeps the
    // page from ever being complete, so that a htmx which arrives late would wait for ever.
    if (parsed && document.readyState !== "complete") {
      document.dispatchEvent(new Event("DOMContentLoaded"));
    }
  }

  function fallBack() {
    if (fellBack || window.htmx) return;
    fellBack = true;
    const late = document.getElementById("htmx-script");
    // A pending script of another document is never run: no second htmx, however late it comes.
    if (late) document.implementation.createHTMLDocument("").adoptNode(late);
    const script = document.createElement("script");
    script.src = ownHtmx;
    script.addEventListener("load", startLateHtmx);
    document.head.append(script);
  }

  document.addEventListener("error", (event) => {
    if (event.target.id === "htmx-script") fallBack();
  }, true);
  document.addEventListener("load", (event) => {
    if (event.target.id === "htmx-script") startLateHtmx();
  }, true);
  setTimeout(fallBack, CDN_PATIENCE);

  // --- Requests of htmx ----------------------------------------------------------------------

  const NO_ANSWER = "The server did not answer. Check your connection, then try again.";

  const alerts = () => document.getElementById("alerts");
  const dialog = () => document.getElementById("dialog");

  function isPoll(element) {
    const trigger = element && element.getAttribute && element.getAttribute("hx-trigger");
    return Boolean(trigger && /\bevery\b/.test(trigger));
  }

  function announce(words) {
    const announcer = document.getElementById("announcer");
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = words; }, 50); // said again even if it is the same
  }

  function alertWith(words) {
    const notice = document.createElement("div");
    notice.className = "notice mb-6u";
    notice.dataset.tone = "bad";
    const sentence = document.createElement("p");
    sentence.textContent = words;
    notice.append(sentence);
    alerts().replaceChildren(notice);
    closeDialog();
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    if (isPoll(element)) return;
    alerts().replaceChildren();
    element.setAttribute("aria-busy", "true");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isPoll(event.detail.elt)) event.detail.elt.removeAttribute("aria-busy");
  });

  // --- A session that ended, perhaps in another tab --------------------------------------------
  // A form goes as a page of its own: the sign-in page takes its words along. Else, while somebody
  // is writing, they are told and stay; who writes nothing is led to the sign-in page.

  const SIGNED_OUT = "You are signed out, perhaps in another tab. What you typed is still here: "
    + "send it, and you are asked to sign in first.";

  const isTyped = (field) => field.type !== "hidden" && field.value !== field.defaultValue;
  const isWritten = (form) => [...form.querySelectorAll("input, textarea")].some(isTyped);

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (xhr.status !== 401) return;
    if (elt.matches("form:has([name=typed_by])")) {
      event.preventDefault();
      setTimeout(() => sendAsPage(elt));
    } else if ([...document.querySelectorAll("form:has([name=typed_by])")].some(isWritten)) {
      event.preventDefault();
      if (!alerts().textContent.includes(SIGNED_OUT)) alertWith(SIGNED_OUT);
    }
  });

  function sendAsPage(form) {
    document.dispatchEvent(new Event("leaving")); // with what is typed: nobody has to be asked
    HTMLFormElement.prototype.submit.call(form);
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    // A poll that failed is not news: the next one may succeed.
    if (event.detail.isError && isPoll(event.detail.requestConfig.elt)) {
      event.detail.shouldSwap = false;
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    if (!isPoll(event.detail.requestConfig.elt)) closeDialog();
  });

  document.addEventListener("htmx:timeout", (event) => {
    if (!isPoll(event.detail.elt)) alertWith(NO_ANSWER);
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!isPoll(event.detail.elt)) closeDialog(); // offline.js says why, on the page behind it
  });

  // --- The focus: a button that is disabled while its request runs, or swapped, loses it -------
  // It goes back to what had it, else to what stands in its place now; never to the page's top.

  const TAKES_FOCUS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  let left = []; // the ids of what had it and of what that stood in, until the person goes on

  function giveBack() {
    const [own] = left;
    if (document.activeElement && document.activeElement !== document.body) return;
    if (own && document.getElementById(own)?.disabled) return; // its request is still under way
    const heir = left.map(heirAt).find(Boolean);
    if (heir) heir.focus({ preventScroll: heir.id === own });
  }

  function heirAt(id) {
    const place = document.getElementById(id);
    if (!place || !place.checkVisibility()) return null; // such as a dialog that is closed by now
    const within = place.matches(TAKES_FOCUS) ? [place] : place.querySelectorAll(TAKES_FOCUS);
    return [...within].find((each) => !each.disabled && each.checkVisibility());
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (isPoll(elt) || !elt.contains(document.activeElement)) return;
    left = [];
    for (let each = document.activeElement; each; each = each.parentElement) {
      if (each.id) left.push(each.id);
    }
  });
  document.addEventListener("htmx:afterSettle", giveBack);
  document.addEventListener("htmx:afterRequest", () => { setTimeout(giveBack); });
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, () => { left = []; }, true);
  }

  // --- Dialogs: the #confirm of a confirm page ------------------------------------------------

  function closeDialog() {
    if (dialog() && dialog().open) dialog().close();
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const opened = dialog();
    if (!opened || event.detail.target !== opened) return;
    const heading = opened.querySelector("h1, h2");
    if (heading) opened.setAttribute("aria-label", heading.textContent);
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    opened.showModal();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const opened = dialog();
    const { elt, requestConfig, successful, xhr } = event.detail;
    const wrote = requestConfig && requestConfig.verb !== "get"; // a choice may be looked up
    const taken = successful && xhr.status < 400; // or the dialog says what is wrong (422)
    if (taken && wrote && opened && opened.contains(elt)) closeDialog();
  });

  // --- Clicks ---------------------------------------------------------------------------------

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      announce(`${text} copied`);
      button.classList.add("is-copied");
      setTimeout(() => button.classList.remove("is-copied"), 1500);
    } catch {
      announce(`${text} could not be copied`);
    }
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = target && target.closest("[data-copy], [data-dismiss], [data-dialog-close]");
    if (!button) return;
    if (button.matches("[data-copy]")) copy(button);
    if (button.matches("[data-dismiss]")) button.closest(".notice").remove();
    if (button.matches("[data-dialog-close]") && dialog().contains(button)) {
      event.preventDefault();
      closeDialog();
    }
  });

  // A button in a menu that sends a request closes its menu.
  document.addEventListener("htmx:afterRequest", (event) => {
    const menu = event.detail.elt.closest("[popover]");
    if (menu && menu.matches(":popover-open")) menu.hidePopover();
  });

  // --- The viewer's time zone, told once at sign-in -------------------------------------------

  document.addEventListener("DOMContentLoaded", () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const input of document.querySelectorAll("input[name=time_zone]")) input.value = zone;
  }, { once: true });

  // --- A form that had to wait in line: sent again, but not by all at the same moment ---------

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-send-again]")) {
      document.getElementById("sends-again").hidden = false;
      const seconds = Number(form.dataset.sendAgain) - 0.5 + Math.random();
      setTimeout(() => form.submit(), seconds * 1000);
    }
  }, { once: true });

  window.unpack = { announce, alertWith, isPoll };
})();
