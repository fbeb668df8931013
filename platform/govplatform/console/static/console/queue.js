// The reviewer's queue by keyboard: j next, k previous, Enter opens (the links are real links).
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || (event.key !== "j" && event.key !== "k")) return;
  const links = [...document.querySelectorAll("[data-queue-link]")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const next = event.key === "j" ? Math.min(here + 1, links.length - 1) : Math.max(here - 1, 0);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
