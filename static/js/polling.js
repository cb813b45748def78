// Parts of a page that ask again by themselves: how often they do, and the word beside them. "Live"
// is said only while it is true, else when the part was last known to be so. Without this script
// the word stays as the server wrote it: "Updated at" the moment that the part was drawn.
(() => {
  "use strict";

  const SECOND = 1_000; // milliseconds
  const MINUTE = 60 * SECOND;
  // Who touches nothing and is shown nothing new for so long, is asked for only so often.
  const CALM = [[15 * MINUTE, MINUTE], [3 * MINUTE, 15 * SECOND]];
  // After so many failures in a row each wait is twice as long as the last.
  const FAILURES = 3;
  const LONGEST_WHEN_AWAY = 15 * SECOND;
  // Of the time that a part asks, an answer may take one in so many: a server that many ask at once
  // is asked less often by each.
  const SHARE = 20;
  const LONGEST_WHEN_BUSY = 5 * SECOND;
  // How long the server has everybody wait is so much less or more, by chance: nobody goes in step
  // with others.
  const SPREAD = 0.1;
  const SLOWEST_ANSWER = 3 * SECOND; // of a part that is called live

  const { isPoll } = window.unpack;

  // By the id of the element that asks.
  const asked = new Map();
  const failed = new Map();
  const took = new Map(); // milliseconds, its last answer
  const spread = new Map(); // of this wait
  const slowed = new Map(); // { address, every: milliseconds that it asks by now }
  const known = new Map(); // { moment: of the server, arrived: of this browser }
  const begun = new WeakMap(); // a request: when
  const drawn = new WeakMap(); // word: the moment that the server wrote into it

  let told = 0; // milliseconds that the server has each part wait, as it last said
  let lastSign = Date.now(); // that somebody is there, or that something happens

  // --- How often -----------------------------------------------------------------------------

  // htmx wakes as often as the part was drawn with; it slows down while it stays as it was drawn.
  const tickOf = (element) =>
    Number(/\bevery (\d+)s/.exec(element.getAttribute("hx-trigger"))[1]) * SECOND;

  function intervalOf(element) {
    const { address, every } = slowed.get(element.id) ?? {};
    const slower = address === element.getAttribute("hx-get") ? every : 0;
    return Math.max(tickOf(element), slower);
  }

  function waitOf(element) {
    const quiet = Date.now() - lastSign;
    const [, calm] = CALM.find(([after]) => quiet >= after) ?? [0, 0];
    const more = (failed.get(element.id) ?? 0) - FAILURES + 1;
    const doubled = more > 0 ? intervalOf(element) * 2 ** more : 0;
    const failing = Math.min(doubled, LONGEST_WHEN_AWAY);
    const busy = Math.min(SHARE * (took.get(element.id) ?? 0), LONGEST_WHEN_BUSY);
    return Math.max(intervalOf(element), calm, failing, busy, told * (spread.get(element.id) ?? 1));
  }

  function mayAsk(element) {
    if (document.hidden) return false;
    const since = Date.now() - (asked.get(element.id) ?? -Infinity);
    return since >= waitOf(element) - tickOf(element) / 2;
  }

  // The server counts by it how many pages there are.
  document.addEventListener("htmx:configRequest", ({ detail: { elt, headers } }) => {
    if (!isPoll(elt)) return;
    const since = asked.has(elt.id) ? Date.now() - asked.get(elt.id) : intervalOf(elt);
    headers["Poll-Waited"] = (since / SECOND).toFixed(1);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    if (!isPoll(elt)) return;
    const isTick = !requestConfig.triggeringEvent; // else somebody's act, or one who came back
    if (isTick && !mayAsk(elt)) {
      event.preventDefault();
    } else {
      asked.set(elt.id, Date.now());
      spread.set(elt.id, 1 + SPREAD * (2 * Math.random() - 1));
      begun.set(requestConfig, Date.now());
    }
  });

  // Who comes back, from another tab such as Jira's or from a break, sees at once what changed.
  function comeBack() {
    if (window.htmx) window.htmx.trigger(document.body, "came-back");
  }

  function noteSign() {
    const wasAway = Date.now() - lastSign >= CALM.at(-1)[0];
    lastSign = Date.now();
    if (wasAway) comeBack();
  }

  for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focus"]) {
    window.addEventListener(name, noteSign, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    lastSign = Date.now();
    comeBack();
  });
  document.addEventListener("came-back", () => failed.clear());

  // --- What is known -------------------------------------------------------------------------

  // Before what it brings is there: by then another element may be the one that asks.
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, requestConfig, xhr } }) => {
    if (!begun.has(requestConfig)) return;
    told = secondsIn(xhr, "Poll-After") ?? told;
    const every = secondsIn(xhr, "Poll-Every");
    if (every) slowed.set(elt.id, { address: elt.getAttribute("hx-get"), every });
  });

  function secondsIn(xhr, name) {
    const seconds = xhr.getResponseHeader(name);
    return seconds === null ? null : Number(seconds) * SECOND;
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, requestConfig, successful, xhr } = event.detail;
    if (!isPoll(elt) || !begun.has(requestConfig)) return; // it became one by its own answer
    took.set(elt.id, Date.now() - begun.get(requestConfig));
    if (!successful) {
      failed.set(elt.id, (failed.get(elt.id) ?? 0) + 1);
    } else {
      failed.delete(elt.id);
      if (xhr.status === 204) note(elt.id, new Date(xhr.getResponseHeader("Date") ?? Date.now()));
      else lastSign = Date.now(); // news: who looks on without a touch goes on seeing it at once
    }
    write();
  });

  const note = (id, moment) => known.set(id, { moment, arrived: Date.now() });

  function isLive(id) {
    const element = document.getElementById(id);
    if (!element || !isPoll(element) || !window.htmx) return false;
    if (document.hidden || !navigator.onLine || failed.has(id)) return false;
    const age = Date.now() - known.get(id).arrived;
    const atMost = intervalOf(element) + SLOWEST_ANSWER;
    return waitOf(element) <= atMost && age <= atMost;
  }

  // --- The word --------------------------------------------------------------------------------
  // It stands in no live region: it changes, and nobody is told.

  function write() {
    for (const word of document.querySelectorAll("[data-live]")) {
      const { live: id, seen, zone } = word.dataset;
      if (drawn.get(word) !== seen) note(id, new Date(seen)); // a swap brought it
      drawn.set(word, seen);
      const live = isLive(id);
      word.toggleAttribute("data-now", live);
      if (live) say(word, "Live");
      else sayWhen(word, known.get(id).moment, zone);
    }
  }

  function say(word, ...parts) {
    const text = parts.map((part) => part.textContent ?? part).join("");
    if (word.textContent !== text) word.replaceChildren(...parts);
  }

  function sayWhen(word, moment, zone) {
    const time = document.createElement("time");
    time.dateTime = moment.toISOString();
    time.textContent = written(moment, "en-GB", zone, { hour: "2-digit", minute: "2-digit" });
    const day = (of) => `${written(of, "en-US", zone, { day: "numeric" })} ${
      written(of, "en-US", zone, { month: "short" })}`;
    const isToday = day(moment) === day(new Date());
    say(word, "Updated at ", time, isToday ? "" : ` on ${day(moment)}`);
  }

  const written = (moment, language, timeZone, parts) =>
    moment.toLocaleString(language, { timeZone, ...parts });

  for (const name of ["htmx:load", "htmx:afterSwap", "htmx:oobAfterSwap", "visibilitychange"]) {
    document.addEventListener(name, write);
  }
  for (const name of ["online", "offline"]) window.addEventListener(name, write);
  setInterval(write, SECOND);
})();
