// The reviewer's queue by keyboard: j next, k previous, Enter opens (the links are real links), c claims or lets go.
"use strict";
// After claiming, the page comes back at the same line.
const line = location.hash.startsWith("#waits-") && document.getElementById(location.hash.slice(1));
if (line) line.querySelector("[data-queue-link]").focus();
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || !["j", "k", "c"].includes(event.key)) return;
  const links = [...document.querySelectorAll("[data-queue-link]")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  if (event.key === "c") {
    const button = here >= 0 && links[here].closest("tr").querySelector("[data-claim] button");
    if (button) button.click();
    return;
  }
  const next = event.key === "j" ? Math.min(here + 1, links.length - 1) : Math.max(here - 1, 0);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
