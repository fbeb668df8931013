/* A picture turned and cropped where it is used: by pointer, by keys, by numbers. What comes out is a new picture, which
   the field then names; the old one stays as it is.

   Opened by the button in each chooser of a picture, and on the screen of a picture in the library. */
"use strict";

(() => {
  const { address, words: said } = document.currentScript.dataset;
  const WORDS = JSON.parse(said);
  const STEP = 0.01;
  const SMALLEST = 0.02;
  const HANDLE = 24;
  const RATIOS = [["", WORDS.free], ["own", WORDS.own], ["1", "1:1"], ["4/3", "4:3"], ["3/2", "3:2"], ["16/9", "16:9"], ["3/4", "3:4"], ["5/7", WORDS.portrait]];
  const ROOM = 0.55;

  const made = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const button = (label, act, kind = "button-secondary") => made("button", { type: "button", className: `button button-small ${kind}`, textContent: label, onclick: act });
  const held = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));
  const at = (number) => address.replace("/0/", `/${number}/`);
  const WHOLE = { left: 0, top: 0, width: 1, height: 1 };

  /* What a server of ours answers; null where there is no answer. */
  async function ask(where, body) {
    const config = JSON.parse(document.getElementById("wagtail-config").textContent);
    const headers = { Accept: "application/json", "Content-Type": "application/json", [config.CSRF_HEADER_NAME]: config.CSRF_TOKEN };
    try {
      const answer = await fetch(where, body ? { method: "POST", body: JSON.stringify(body), headers } : { headers });
      return await answer.json();
    } catch {
      document.dispatchEvent(new CustomEvent("console:unanswered"));
      return null;
    }
  }
  const faultOf = (answer) => (answer ? (answer.refused || [answer.error_message || WORDS.lost]).join(" ") : WORDS.lost);

  class Shaping {
    /* drawn: {src, width, height, full}; use(shape): null, or the reason why not. */
    constructor(drawn, image, use) {
      Object.assign(this, { drawn, image, use, quarters: 0, box: { ...WHOLE }, drag: null });
      this.canvas = made("canvas", { className: "shaping__picture" });
      this.frame = made("div", { className: "shaping__box", tabIndex: 0 }, ...["nw", "ne", "sw", "se"].map((corner) => made("i", { className: `shaping__corner shaping__corner--${corner}` })));
      this.frame.setAttribute("role", "group");
      this.frame.setAttribute("aria-label", WORDS.box);
      this.frame.setAttribute("aria-describedby", "shaping-keys");
      this.stage = made("div", { className: "shaping__stage" }, this.canvas, this.frame);
      this.ratio = made("select", { id: "shaping-ratio" }, ...RATIOS.map(([value, label]) => made("option", { value, textContent: label })));
      this.numbers = Object.fromEntries(["left", "top", "width", "height"].map((name) => [name, made("input", { type: "number", min: 0, step: 1, id: `shaping-${name}` })]));
      this.status = made("p", { className: "shaping__status" });
      this.status.setAttribute("role", "status");
      this.apply = button(WORDS.apply, () => this.done(), "");
      this.element = this.dialog();
      this.listen();
    }

    dialog() {
      const label = (name, field) => made("label", { htmlFor: field.id, className: "shaping__label" }, made("span", { textContent: WORDS[name] }), field);
      const element = made("dialog", { className: "shaping" },
        made("h2", { id: "shaping-title", textContent: WORDS.name }),
        made("p", { className: "shaping__help", id: "shaping-keys", textContent: WORDS.keys }),
        made("div", { className: "shaping__bar" }, button(WORDS.left90, () => this.turn(3)), button(WORDS.right90, () => this.turn(1)), label("ratio", this.ratio), button(WORDS.whole, () => this.reset())),
        this.stage,
        made("div", { className: "shaping__bar" }, ...Object.entries(this.numbers).map(([name, field]) => label(name, field))),
        this.status,
        made("div", { className: "shaping__acts" }, this.apply, button(WORDS.cancel, () => this.close())));
      element.setAttribute("aria-labelledby", "shaping-title");
      return element;
    }

    listen() {
      this.ratio.addEventListener("change", () => this.fit());
      Object.entries(this.numbers).forEach(([name, field]) => field.addEventListener("change", () => this.typed(name, Number(field.value))));
      this.frame.addEventListener("keydown", (event) => this.key(event));
      this.stage.addEventListener("pointerdown", (event) => this.grasp(event));
      this.stage.addEventListener("pointermove", (event) => this.pull(event));
      ["pointerup", "pointercancel"].forEach((name) => this.stage.addEventListener(name, () => { this.drag = null; }));
      this.element.addEventListener("close", () => this.element.remove());
      /* the form behind it hears nothing of what is set here */
      ["input", "change"].forEach((name) => this.element.addEventListener(name, (event) => event.stopPropagation()));
      this.fitted = new ResizeObserver(() => this.place());
      this.fitted.observe(this.canvas);
    }

    open() {
      document.body.append(this.element);
      this.paint();
      this.element.showModal();
      this.frame.focus();
    }

    close() {
      this.fitted.disconnect();
      this.element.close();
    }

    get size() {
      const { width, height } = this.drawn;
      return this.quarters % 2 ? [height, width] : [width, height];
    }

    get wanted() {
      const { value } = this.ratio;
      const [width, height] = this.size;
      if (!value) return 0;
      if (value === "own") return 1;
      const [across, down = 1] = value.split("/").map(Number);
      /* of the parts, whose sides are as long as those of the picture */
      return (across / down) * (height / width);
    }

    paint() {
      const [width, height] = this.size;
      Object.assign(this.canvas, { width, height });
      const pen = this.canvas.getContext("2d");
      pen.translate(width / 2, height / 2);
      pen.rotate((this.quarters * Math.PI) / 2);
      pen.drawImage(this.image, -this.drawn.width / 2, -this.drawn.height / 2, this.drawn.width, this.drawn.height);
      this.canvas.style.maxHeight = `${ROOM * 100}vh`;
      this.place();
    }

    place() {
      const { left, top, width, height } = this.box;
      const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.canvas;
      Object.assign(this.frame.style, { left: `${offsetLeft + left * offsetWidth}px`, top: `${offsetTop + top * offsetHeight}px`, width: `${width * offsetWidth}px`, height: `${height * offsetHeight}px` });
      const [across, down] = this.full;
      const shown = { left: left * across, top: top * down, width: width * across, height: height * down };
      Object.entries(this.numbers).forEach(([name, field]) => {
        field.value = Math.round(shown[name]);
        field.max = Math.round(name === "left" || name === "width" ? across : down);
      });
      this.status.textContent = WORDS.size.replace("{width}", Math.round(shown.width)).replace("{height}", Math.round(shown.height));
    }

    get full() {
      const scale = this.drawn.full / Math.max(this.drawn.width, this.drawn.height);
      return this.size.map((side) => Math.round(side * scale));
    }

    put(box) {
      this.box = box;
      this.place();
    }

    turn(quarters) {
      const once = ({ left, top, width, height }) => ({ left: 1 - top - height, top: left, width: height, height: width });
      for (let turns = 0; turns < quarters; turns += 1) this.box = once(this.box);
      this.quarters = (this.quarters + quarters) % 4;
      if (this.ratio.value !== "1") this.ratio.value = "";
      this.paint();
    }

    reset() {
      this.quarters = 0;
      this.ratio.value = "";
      this.box = { ...WHOLE };
      this.paint();
    }

    /* The largest box of the chosen ratio about the middle of the one that stands. */
    fit() {
      const ratio = this.wanted;
      if (!ratio) return;
      const { left, top, width, height } = this.box;
      const across = Math.min(width, height * ratio, 1);
      this.put({ left: held(left + (width - across) / 2, 0, 1 - across), top: held(top + (height - across / ratio) / 2, 0, 1 - across / ratio), width: across, height: across / ratio });
    }

    /* A box from the corner (x, y), which stays, as far as (toX, toY). */
    from(x, y, toX, toY) {
      const ratio = this.wanted;
      let width = Math.max(SMALLEST, Math.abs(toX - x));
      let height = Math.max(SMALLEST, Math.abs(toY - y));
      const roomAcross = toX < x ? x : 1 - x;
      const roomDown = toY < y ? y : 1 - y;
      if (ratio) {
        width = Math.min(Math.max(width, height * ratio), roomAcross, roomDown * ratio);
        height = width / ratio;
      }
      width = Math.min(width, roomAcross);
      height = Math.min(height, roomDown);
      if (width > 0 && height > 0) this.put({ left: toX < x ? x - width : x, top: toY < y ? y - height : y, width, height });
    }

    move(left, top) {
      const { width, height } = this.box;
      this.put({ left: held(left, 0, 1 - width), top: held(top, 0, 1 - height), width, height });
    }

    typed(name, value) {
      const [across, down] = this.full;
      const part = held(value / (name === "left" || name === "width" ? across : down), 0, 1) || 0;
      const { left, top, width, height } = this.box;
      if (name === "left") this.move(part, top);
      else if (name === "top") this.move(left, part);
      else if (name === "width") this.from(left, top, left + part, top + (this.wanted ? 0 : height));
      else this.from(left, top, left + (this.wanted ? 0 : width), top + part);
    }

    key(event) {
      const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (!way) return;
      event.preventDefault();
      const { left, top, width, height } = this.box;
      if (!event.shiftKey) this.move(left + way[0], top + way[1]);
      else if (this.wanted) this.from(left, top, left + Math.max(SMALLEST, width + way[0] + way[1]), top);
      else this.from(left, top, left + Math.max(SMALLEST, width + way[0]), top + Math.max(SMALLEST, height + way[1]));
    }

    where(event) {
      const box = this.canvas.getBoundingClientRect();
      return [held((event.clientX - box.left) / box.width, 0, 1), held((event.clientY - box.top) / box.height, 0, 1)];
    }

    grasp(event) {
      if (event.button) return;
      event.preventDefault();
      this.frame.focus({ preventScroll: true });
      try {
        this.stage.setPointerCapture(event.pointerId);
      } catch {
        /* a pointer that is gone already */
      }
      const [x, y] = this.where(event);
      const { left, top, width, height } = this.box;
      const { offsetWidth, offsetHeight } = this.canvas;
      const near = (one, other, length) => Math.abs(one - other) * length < HANDLE;
      const corner = [[left, top], [left + width, top], [left, top + height], [left + width, top + height]].findIndex(([cx, cy]) => near(cx, x, offsetWidth) && near(cy, y, offsetHeight));
      const whole = width > 0.999 && height > 0.999;
      if (corner >= 0) this.drag = { corner: [corner % 2 ? left : left + width, corner > 1 ? top : top + height] };
      else if (!whole && x > left && x < left + width && y > top && y < top + height) this.drag = { by: [x - left, y - top] };
      else this.drag = { corner: [x, y] };
    }

    pull(event) {
      if (!this.drag) return;
      const [x, y] = this.where(event);
      if (this.drag.by) this.move(x - this.drag.by[0], y - this.drag.by[1]);
      else this.from(...this.drag.corner, x, y);
    }

    async done() {
      this.apply.disabled = true;
      this.status.textContent = WORDS.working;
      const fault = await this.use({ quarters: this.quarters, ...this.box });
      this.apply.disabled = false;
      if (fault) {
        this.status.textContent = fault;
        this.apply.focus();
      } else this.close();
    }
  }

  /* Open for the picture of that number; `took` hears what the server made. */
  async function shape(number, say, took) {
    say("");
    const drawn = await ask(at(number));
    if (!drawn?.src) {
      say(faultOf(drawn));
      return;
    }
    const image = new Image();
    image.onerror = () => say(WORDS.lost);
    image.onload = () => new Shaping(drawn, image, async (wanted) => {
      const answer = await ask(`${at(number)}shape/`, wanted);
      if (!answer?.chosen) return faultOf(answer);
      took(answer);
      return null;
    }).open();
    image.src = drawn.src;
  }

  /* The line beside a button that says what came of it. */
  function lineBeside(opener) {
    const line = opener.parentNode.querySelector(".shaping__told") || made("span", { className: "shaping__told" });
    line.setAttribute("role", "status");
    opener.after(line);
    return line;
  }

  function ofChooser(opener) {
    const chooser = opener.closest(".image-chooser");
    const { widget } = chooser;
    const before = widget?.getState();
    if (!before) return;
    const line = lineBeside(opener);
    const put = (state) => {
      widget.setState(state);
      chooser.dispatchEvent(new CustomEvent("console:edited", { bubbles: true }));
    };
    shape(before.id, (words) => { line.textContent = words; }, ({ chosen }) => {
      put(chosen);
      const back = button(WORDS.back, () => { put(before); line.textContent = ""; opener.focus(); });
      line.replaceChildren(WORDS.shaped, " ", back);
      opener.focus();
    });
  }

  document.documentElement.classList.add("shaping-ready");
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-shape-picture]");
    if (opener) ofChooser(opener);
  });

  /* In the library the new picture has a screen of its own. */
  document.addEventListener("DOMContentLoaded", () => {
    const stands = document.querySelector(".focal-point-chooser");
    const number = /\/images\/(\d+)\//.exec(location.pathname)?.[1];
    if (!stands || !number) return;
    const opener = button(WORDS.name, () => shape(number, (words) => { line.textContent = words; }, ({ edit }) => { location.assign(edit); }));
    stands.before(made("p", { className: "shaping__library" }, opener));
    const line = lineBeside(opener);
  });
})();
