// The page under review as on a screen, made smaller to fit its column; as wide as this screen; or as on a phone.
"use strict";
(() => {
  const widths = document.querySelector("[data-widths]");
  const box = document.querySelector("[data-window]");
  if (!widths || !box) return;
  const frame = box.querySelector("iframe");
  const buttons = [...widths.querySelectorAll("[data-width]")];
  const KEY = "review-width";
  let wanted = buttons[0];
  const SCREEN = 1120;
  const PHONE = 390;
  const fit = () => {
    const own = box.clientWidth;
    const phone = wanted.dataset.width === "phone";
    // What is wide enough by itself stays as it is, and on a phone everything is.
    const scale = phone || own >= SCREEN || own < 480 ? 1 : own / SCREEN;
    frame.style.width = `${phone ? Math.min(own, PHONE) : own / scale}px`;
    frame.style.height = scale < 1 ? `${box.clientHeight / scale}px` : "";
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    box.classList.toggle("review__window--phone", phone);
  };
  const choose = (button) => {
    wanted = button;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    box.closest(".review").classList.toggle("review--wide", button.dataset.width === "wide");
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
