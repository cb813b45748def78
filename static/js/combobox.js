// Turns select[data-combobox] into a list that is searched by typing (ARIA 1.2 combobox with list
// autocomplete). The select stays, hidden, and holds the value: without script it is all there is.
(() => {
  "use strict";

  const TYPING_PAUSE = 150; // milliseconds
  let missed = false; // a swap was left out because somebody was at a list

  class Combobox {
    constructor(select) {
      this.select = select;
      this.id = select.id;
      this.active = -1;
      this.asked = 0;
      this.build();
      this.listen();
    }

    build() {
      const { select, id } = this;
      const hadFocus = document.activeElement === select || select.autofocus;
      this.root = Object.assign(document.createElement("div"), { className: "combo" });
      this.input = document.createElement("input");
      this.input.className = `form-control${select.classList.contains("is-invalid") ? " is-invalid" : ""}`;
      this.list = Object.assign(document.createElement("ul"), { id: `${id}-list` });
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", select.dataset.field);
      this.foot = Object.assign(document.createElement("p"), { className: "combo-foot" });
      this.popup = Object.assign(document.createElement("div"), { className: "combo-list", hidden: true });
      this.popup.append(this.list, this.foot);
      select.before(this.root);
      select.hidden = true;
      select.removeAttribute("id");
      this.describeInput(id);
      this.root.append(this.input, this.end(), this.popup, select);
      this.showChoice();
      if (hadFocus) this.input.focus();
    }

    describeInput(id) {
      const attributes = {
        id, role: "combobox", autocomplete: "off", spellcheck: "false",
        "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list",
      };
      for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
      for (const name of ["aria-describedby", "aria-invalid"]) {
        const value = this.select.getAttribute(name);
        if (value) this.input.setAttribute(name, value.trim());
      }
    }

    end() {
      const end = Object.assign(document.createElement("span"), { className: "combo-end" });
      const source = document.querySelector(".icon use");
      if (!source) return end;
      const sprite = source.getAttribute("href").split("#")[0];
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      svg.setAttribute("class", "icon icon-s");
      svg.setAttribute("aria-hidden", "true");
      use.setAttribute("href", `${sprite}#i-selector`);
      svg.append(use);
      end.append(svg);
      return end;
    }

    listen() {
      const { input, list } = this;
      input.addEventListener("click", () => this.open(""));
      input.addEventListener("input", (event) => {
        event.stopPropagation(); // typing is not a choice yet
        input.toggleAttribute("data-typing", true);
        clearTimeout(this.pause);
        this.pause = setTimeout(() => this.open(input.value), TYPING_PAUSE);
      });
      input.addEventListener("change", (event) => event.stopPropagation());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.leave());
      list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option && option.getAttribute("aria-disabled") !== "true") this.choose(option);
      });
    }

    key(event) {
      const keys = {
        ArrowDown: () => (this.popup.hidden ? this.open("") : this.move(1)),
        ArrowUp: () => (this.popup.hidden ? this.open("") : this.move(-1)),
        Enter: () => this.chooseActive(),
        Escape: () => this.leave(),
      };
      const shut = this.popup.hidden && (event.key === "Enter" || event.key === "Escape");
      if (!keys[event.key] || shut) return;
      event.preventDefault();
      keys[event.key]();
    }

    async open(query) {
      const asked = ++this.asked;
      const url = new URL(this.select.dataset.combobox, location.href);
      url.searchParams.set("query", query);
      if ("emptyChoice" in this.select.dataset) url.searchParams.set("default", "");
      let html = "";
      try {
        const answer = await fetch(url, { headers: { "HX-Request": "true" } });
        if (!answer.ok) throw new Error(answer.status);
        html = await answer.text();
      } catch {
        if (asked === this.asked) window.unpack.alertWith("The project list did not arrive. Try again.");
        return;
      }
      if (asked !== this.asked || document.activeElement !== this.input) return;
      this.fill(new DOMParser().parseFromString(html, "text/html"));
    }

    fill(page) {
      const options = [...page.querySelectorAll("[role=option]")];
      options.forEach((option, index) => { option.id = `${this.id}-option-${index}`; });
      this.list.replaceChildren(...options);
      const foot = page.querySelector(".combo-foot");
      this.foot.textContent = foot ? foot.textContent : "";
      this.popup.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const chosen = this.choosable().findIndex((option) => option.dataset.value === this.select.value);
      this.activate(chosen >= 0 ? chosen : 0);
    }

    choosable() {
      return [...this.list.children].filter((option) => option.getAttribute("aria-disabled") !== "true");
    }

    move(step) {
      const count = this.choosable().length;
      if (count) this.activate((this.active + step + count) % count);
    }

    activate(index) {
      const options = this.choosable();
      this.active = options.length ? index : -1;
      for (const option of this.list.children) {
        option.classList.toggle("is-active", option === options[this.active]);
        option.setAttribute("aria-selected", String(option.dataset.value === this.select.value));
      }
      const option = options[this.active];
      if (option) {
        this.input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        this.input.removeAttribute("aria-activedescendant");
      }
    }

    chooseActive() {
      const option = this.choosable()[this.active];
      if (option) this.choose(option);
    }

    choose(option) {
      const { value, label } = option.dataset;
      const changed = this.select.value !== value;
      if (![...this.select.options].some((one) => one.value === value)) {
        this.select.add(new Option(label, value));
      }
      this.select.value = value;
      this.close();
      if (changed) this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    leave() {
      this.close();
      if (!missed) return;
      missed = false;
      window.htmx.trigger(document.body, "jira-look");
    }

    close() {
      clearTimeout(this.pause);
      this.asked += 1;
      this.popup.hidden = true;
      this.input.removeAttribute("data-typing");
      this.active = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      this.showChoice();
    }

    showChoice() {
      const option = this.select.selectedOptions[0];
      this.input.value = option ? option.text : "";
    }
  }

  function enhance() {
    for (const select of document.querySelectorAll("select[data-combobox]:not([hidden])")) {
      new Combobox(select);
    }
  }

  const inUse = () => document.querySelector(".combo-list:not([hidden]), .combo [data-typing]");

  // An answer must not take the list away from under the person who is at it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "choices" || !inUse()) return;
    event.detail.shouldSwap = false;
    missed = true;
  });
  document.addEventListener("htmx:afterSwap", enhance);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
  else enhance();
})();
