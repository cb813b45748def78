// Turns a select[data-combobox] into a list that is searched by typing (ARIA 1.2 combobox with list
// autocomplete). The select stays, hidden, and holds the value: without script it is all there is.
// What takes its place is in the <template> behind it, and the server sends the options.
(() => {
  "use strict";

  const TYPING_PAUSE = 150; // milliseconds
  const PARTS = { input: "input", popup: ".combo-list", list: "[role=listbox]", foot: ".combo-foot" };
  const SAID = ["aria-label", "aria-labelledby", "aria-describedby", "aria-invalid"];
  let missed = false; // a swap was left out because somebody was at a list
  let early = null; // what was typed where Jira has not told its list yet, and into which field

  class Combobox {
    constructor(select) {
      const hadFocus = document.activeElement === select || select.autofocus;
      const root = select.nextElementSibling.content.firstElementChild.cloneNode(true);
      for (const [name, selector] of Object.entries(PARTS)) this[name] = root.querySelector(selector);
      this.select = select;
      for (const name of SAID) {
        if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
      }
      this.input.classList.toggle("is-invalid", select.classList.contains("is-invalid"));
      this.input.id = select.id; // the label's
      select.removeAttribute("id");
      select.hidden = true;
      select.before(root);
      this.listen();
      if (hadFocus) this.input.focus();
      this.close();
      if (hadFocus && early?.id === this.input.id) this.goOnWith(early.words);
    }

    goOnWith(words) {
      early = null;
      this.input.value = words;
      this.input.toggleAttribute("data-typing", true);
      this.open(words);
    }

    listen() {
      const { input, list } = this;
      input.addEventListener("mousedown", (event) => this.hold(event));
      input.addEventListener("click", () => this.look());
      input.addEventListener("input", (event) => {
        event.stopPropagation(); // typing is not a choice yet
        input.toggleAttribute("data-typing", true);
        this.chooses = false;
        clearTimeout(this.pause);
        this.pause = setTimeout(() => this.open(input.value), TYPING_PAUSE);
      });
      input.addEventListener("change", (event) => event.stopPropagation());
      input.addEventListener("keydown", (event) => this.press(event));
      input.addEventListener("blur", () => this.leave());
      list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
      list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    }

    press(event) {
      const isShut = this.popup.hidden;
      const keys = {
        ArrowDown: () => (isShut ? this.look() : this.move(1)),
        ArrowUp: () => (isShut ? this.look() : this.move(-1)),
        Enter: isShut ? this.isAwaited && (() => { this.chooses = true; }) : () => this.choose(this.active),
        Escape: isShut ? null : () => this.leave(),
      };
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    }

    // The list is on its way: Enter is meant for what comes first in it, not for the form.
    get isAwaited() {
      return this.input.matches("[data-typing], [data-asking]");
    }

    // The words are selected, so that typing takes their place; the browser would put its caret
    // among them, as late as after the click.
    hold(event) {
      if (this.input.hasAttribute("data-typing")) return;
      event.preventDefault();
      this.input.focus();
      this.input.select();
    }

    look() {
      if (!this.input.hasAttribute("data-typing")) this.open("");
    }

    async open(query) {
      const asked = ++this.asked;
      this.input.toggleAttribute("data-asking", true);
      const url = new URL(this.select.dataset.combobox, location.href);
      url.searchParams.set("query", query);
      let html = "";
      try {
        const answer = await fetch(url, { headers: { "HX-Request": "true" } });
        if (!answer.ok) throw new Error(answer.status);
        html = await answer.text();
      } catch {
        if (asked !== this.asked) return;
        this.input.removeAttribute("data-asking");
        window.unpack.alertWith("The list did not arrive. Try again.");
        return;
      }
      if (asked !== this.asked || document.activeElement !== this.input) return;
      this.fill(new DOMParser().parseFromString(html, "text/html"));
    }

    fill(page) {
      this.input.removeAttribute("data-asking");
      const options = [...page.querySelectorAll("[role=option]")];
      options.forEach((option, index) => {
        option.id = `${this.list.id}-${index}`;
        option.setAttribute("aria-selected", String(option.dataset.value === this.select.value));
      });
      this.list.replaceChildren(...options);
      this.foot.textContent = page.querySelector(".combo-foot").textContent;
      this.popup.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.activate(this.list.querySelector("[aria-selected=true]") || this.choosable()[0]);
      if (this.chooses) this.choose(this.choosable()[0]);
      this.chooses = false;
    }

    choosable() {
      return [...this.list.querySelectorAll("[role=option]:not([aria-disabled=true])")];
    }

    move(step) {
      const options = this.choosable();
      const next = options.indexOf(this.active) + step;
      this.activate(options.at(next % options.length));
    }

    activate(option) {
      this.active = option;
      for (const each of this.list.children) each.classList.toggle("is-active", each === option);
      this.input.removeAttribute("aria-activedescendant");
      if (!option) return;
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    choose(option) {
      if (!option || !this.choosable().includes(option)) return;
      const { value, label } = option.dataset;
      const changed = this.select.value !== value;
      if (![...this.select.options].some((one) => one.value === value)) {
        this.select.add(new Option(label, value));
      }
      if (this.select.dataset.labels && value) this.remember(value, label);
      this.select.value = value;
      this.close();
      if (changed) this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // What the form tells of something that was searched for: no list of ours has its name.
    remember(value, label) {
      const told = document.createElement("input");
      Object.assign(told, { type: "hidden", name: this.select.dataset.labels + value, value: label });
      this.select.after(told);
    }

    leave() {
      this.close();
      if (!missed) return;
      missed = false;
      window.htmx.trigger(document.body, "jira-look");
    }

    // Shows what is chosen; what stands for no choice is a hint, not words to type behind.
    close() {
      clearTimeout(this.pause);
      this.chooses = false;
      this.asked = (this.asked || 0) + 1;
      this.activate(null);
      this.popup.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("data-typing");
      this.input.removeAttribute("data-asking");
      const words = this.select.selectedOptions[0]?.text ?? "";
      this.input.value = this.select.value ? words : "";
      this.input.placeholder = this.select.value ? "" : words;
      if (document.activeElement === this.input) this.input.select();
    }
  }

  function enhance() {
    for (const field of document.querySelectorAll("[data-awaits-list]")) {
      field.readOnly = false;
      if (early?.id === field.id) field.value = early.words;
    }
    for (const select of document.querySelectorAll("select[data-combobox]:not([hidden])")) {
      new Combobox(select);
    }
  }

  const IN_USE = ".combo-list:not([hidden]), .combo [data-typing], .combo [data-asking]";
  const isInUse = () => document.querySelector(IN_USE);

  // An answer must not take the list away from under the person who is at it, nor before it is
  // there: who opened it would wait for a list that nobody fills any more.
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-awaits-list]")) early = { id: target.id, words: target.value };
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "choices" || !isInUse()) return;
    event.detail.shouldSwap = false;
    missed = true;
  });
  document.addEventListener("htmx:afterSwap", enhance);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
  else enhance();
})();
