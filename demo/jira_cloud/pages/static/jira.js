// The board: drag and drop, and a look every two seconds at what others did. All of it also works
// without this file, with the buttons on the cards and a reload.
"use strict";

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

const board = document.querySelector("[data-board]");
if (board) {
  let dragged = null;

  const show = (page) => {
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-board]");
    const busy = dragged || board.contains(document.activeElement);
    if (fresh && !busy && fresh.innerHTML !== board.innerHTML) board.innerHTML = fresh.innerHTML;
  };

  const look = async () => {
    try {
      const answer = await fetch(location.pathname);
      if (answer.ok) show(await answer.text());
    } catch {
      // The stand-in is being restarted; the next look tells.
    }
  };

  const move = async (card, column) => {
    const form = card.querySelector("form");
    const body = new URLSearchParams(new FormData(form));
    body.set("status", column.dataset.status);
    const answer = await fetch(form.action, { method: "POST", body });
    const words = answer.ok ? `is in ${column.dataset.name}` : "was not moved";
    document.getElementById("said").textContent = `${card.dataset.key} ${words}.`;
    if (answer.ok) show(await answer.text());
  };

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".card");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    board.querySelectorAll(".over").forEach((column) => column.classList.remove("over"));
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest(".column");
    if (!dragged || !column) return;
    event.preventDefault();
    board.querySelectorAll(".over").forEach((each) => each.classList.remove("over"));
    column.classList.add("over");
  });
  board.addEventListener("drop", (event) => {
    const column = event.target.closest(".column");
    if (!dragged || !column) return;
    event.preventDefault();
    const card = dragged;
    dragged = null;
    move(card, column);
  });

  setInterval(() => document.visibilityState === "visible" && look(), 2000);
}
