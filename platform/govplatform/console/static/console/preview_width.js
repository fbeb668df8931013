// The page under review as wide as on a screen, made smaller to fit its column, or as on a phone.
"use strict";
(() => {
  const widths = document.querySelector("[data-widths]");
  const box = document.querySelector("[data-window]");
  if (!widths || !box) return;
  const frame = box.querySelector("iframe");
  const buttons = [...widths.querySelectorAll("[data-width]")];
  const KEY = "review-width";
  let wanted = buttons[0];
  const fit = () => {
    const own = box.clientWidth;
    const width = Number(wanted.dataset.width);
    const phone = wanted !== buttons[0];
    // What is wide enough by itself stays as it is, and on a phone everything is.
    const scale = phone || own >= width || own < 480 ? 1 : own / width;
    frame.style.width = phone ? `${Math.min(own, width)}px` : `${own / scale}px`;
    frame.style.height = scale < 1 ? `${box.clientHeight / scale}px` : "";
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    box.classList.toggle("review__window--phone", phone);
  };
  const choose = (button) => {
    wanted = button;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    fit();
  };
  widths.addEventListener("click", (event) => {
    const button = event.target.closest("[data-width]");
    if (!button) return;
    choose(button);
    sessionStorage.setItem(KEY, button.dataset.width);
  });
  widths.hidden = false;
  choose(buttons.find((one) => one.dataset.width === sessionStorage.getItem(KEY)) || buttons[0]);
  new ResizeObserver(fit).observe(box);
})();
