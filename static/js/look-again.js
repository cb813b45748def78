// On the page that says that Unpack cannot answer: asks whether it can, and only then loads it anew,
// so that nobody who reads is interrupted.
(() => {
  "use strict";

  const script = document.currentScript;

  const later = () => setTimeout(look, Number(script.dataset.seconds) * 1000);

  function look() {
    const asked = fetch(location.href, { cache: "no-store" });
    // An answer of any other kind is better than this page; none at all is what it waits for.
    asked.then((answer) => (answer.status === 503 ? later() : location.reload()), later);
  }

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("looks-again").hidden = false;
    later();
  });
})();
