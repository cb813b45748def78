// Without a connection: says so and of when the page is, keeps what was typed, and sends it once
// it can be sent. A form that may have arrived is sent again by a person alone.
(() => {
  "use strict";

  const POLLS = 3; // that failed in a row are a connection that is gone, not a moment's trouble

  let seenAt = new Date();
  let failedPolls = 0;
  let pending = null; // the form that could not be sent
  let neverLeft = false; // the browser knew that it could not

  const shown = () => document.querySelector("#alerts [data-offline]");
  const { isPoll } = window.unpack;
  const clock = (moment) => {
    const timeZone = document.querySelector("[data-zone]")?.dataset.zone; // as times on the page
    return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  };

  function sentence() {
    const seen = `You see the state of ${clock(seenAt)}.`;
    if (!pending) return seen;
    const title = pending.querySelector("[name=title]");
    const what = title && title.value ? `“${title.value}”` : "What you typed";
    return `${seen} ${what} was not saved; it is still in its form.`;
  }

  function show() {
    const template = document.getElementById("offline");
    if (!template) return;
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.querySelector("[data-trouble]").textContent = navigator.onLine
      ? "The server did not answer."
      : "No connection to Unpack.";
    notice.querySelector("[data-words]").textContent = sentence();
    document.getElementById("alerts").replaceChildren(notice);
  }

  function note(form) {
    forget(form);
    const words = document.createElement("p");
    words.className = "field-error";
    words.dataset.notSaved = "";
    words.textContent = neverLeft
      ? "Not saved. We try again when you are connected."
      : "Not saved, as far as we know. Try again when you are connected.";
    form.append(words);
  }

  function forget(form) {
    for (const words of form.querySelectorAll("[data-not-saved]")) words.remove();
  }

  function sendAgain() {
    const form = pending;
    pending = null;
    if (form && form.isConnected) {
      forget(form);
      form.requestSubmit();
    } else {
      location.reload();
    }
  }

  function cameBack() {
    failedPolls = 0;
    if (!shown() && !pending) return;
    if (pending && neverLeft) {
      sendAgain();
    } else if (!pending) {
      shown().remove();
      if (window.htmx) window.htmx.trigger(document.body, "came-back");
    }
  }

  document.addEventListener("htmx:sendError", (event) => {
    const { elt } = event.detail;
    if (isPoll(elt)) {
      failedPolls += 1;
      if (failedPolls >= POLLS && !shown()) show();
      return;
    }
    const form = elt.closest("form");
    const writes = event.detail.requestConfig && event.detail.requestConfig.verb !== "get";
    if (form && writes) {
      pending = form;
      neverLeft = !navigator.onLine;
      note(form);
    }
    show();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    seenAt = new Date();
    failedPolls = 0;
    if (shown() && !pending) shown().remove();
  });

  window.addEventListener("offline", show);
  window.addEventListener("online", cameBack);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-try-now]")) sendAgain();
  });
})();
