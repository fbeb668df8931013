/* Files that are dropped into the body, or chosen many at once: each is sent by itself with its progress, and stands as a
   picture or an attachment where it was dropped. What was refused is said with its reason and may be tried again. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const AT_ONCE = 2;

  const made = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const megabytes = (size) => (size / 1048576).toFixed(1).replace(/\.0$/, "");
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

  class Uploading {
    constructor(body, options) {
      this.body = body;
      this.options = options;
      this.words = options.uploadWords;
      this.waiting = [];
      this.running = 0;
      this.chooser = made("input", { type: "file", multiple: true, hidden: true, accept: options.accept });
      this.chooser.addEventListener("change", () => {
        this.take([...this.chooser.files], this.body.children.length);
        this.chooser.value = "";
      });
      this.button = writing.button(this.words.choose, () => this.chooser.click());
      this.list = made("ul", { className: "writing-uploads", hidden: true });
      this.list.setAttribute("aria-label", this.words.list);
      this.list.setAttribute("aria-live", "polite");
      this.listen();
    }

    listen() {
      const { element } = this.body;
      element.addEventListener("dragover", (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        element.classList.add("writing-body--over");
      }, true);
      element.addEventListener("dragleave", (event) => {
        if (!element.contains(event.relatedTarget)) element.classList.remove("writing-body--over");
      });
      element.addEventListener("drop", (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        element.classList.remove("writing-body--over");
        this.take([...event.dataTransfer.files], this.placeAt(event));
      }, true);
    }

    /* Behind the block over which the files were let go. */
    placeAt(event) {
      const place = this.body.children.findIndex((child) => child.element.getBoundingClientRect().bottom > event.clientY);
      return place < 0 ? this.body.children.length : place + 1;
    }

    take(files, place) {
      /* behind which block: others may come or go before the answer is there */
      const after = this.body.children[place - 1] || null;
      const group = { after };
      files.forEach((file) => this.waiting.push(this.row(file, group)));
      this.list.hidden = false;
      this.go();
    }

    row(file, group) {
      const bar = made("progress", { max: 1, value: 0 });
      bar.setAttribute("aria-label", file.name);
      const told = made("span", { className: "writing-uploads__told", textContent: this.words.waits });
      const acts = made("span", { className: "writing-check__acts" });
      const item = made("li", {}, made("strong", { textContent: file.name }), bar, told, acts);
      this.list.append(item);
      return { file, group, item, bar, told, acts };
    }

    go() {
      while (this.running < AT_ONCE && this.waiting.length) {
        this.running += 1;
        this.send(this.waiting.shift()).finally(() => { this.running -= 1; this.go(); });
      }
    }

    limitOf(file) {
      const ending = file.name.split(".").pop().toLowerCase();
      return this.options.pictures.includes(ending) ? this.options.most.picture : this.options.most.file;
    }

    async send(row) {
      const limit = this.limitOf(row.file);
      if (row.file.size > limit) {
        this.fail(row, [this.words.large.replace("{size}", megabytes(row.file.size)).replace("{most}", megabytes(limit))], false);
        return;
      }
      const answer = await this.post(row);
      if (!answer) this.fail(row, [this.words.lost], true);
      else if (!answer.block) this.fail(row, answer.refused || [this.words.lost], false);
      else this.insert(row, answer);
    }

    /* What the server answers; null where it did not. */
    post(row) {
      const config = JSON.parse(document.getElementById("wagtail-config").textContent);
      const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || config.CSRF_TOKEN;
      const form = new FormData();
      form.append("file", row.file, row.file.name);
      return new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.upload.addEventListener("progress", (event) => {
          if (!event.lengthComputable) return;
          row.bar.value = event.loaded / event.total;
          row.told.textContent = event.loaded < event.total ? `${Math.round((100 * event.loaded) / event.total)}%` : this.words.reading;
        });
        request.addEventListener("load", () => {
          try {
            resolve(JSON.parse(request.responseText));
          } catch {
            resolve(null);
          }
        });
        ["error", "abort", "timeout"].forEach((name) => request.addEventListener(name, () => resolve(null)));
        request.open("POST", this.options.upload);
        request.setRequestHeader(config.CSRF_HEADER_NAME, token);
        request.setRequestHeader("Accept", "application/json");
        request.send(form);
      });
    }

    fail(row, reasons, again) {
      row.item.classList.add("writing-uploads--bad");
      row.bar.hidden = true;
      row.told.textContent = reasons.join(" ");
      const acts = [writing.button(this.words.close, () => this.drop(row))];
      if (again) {
        acts.unshift(writing.button(this.words.again, () => {
          row.item.classList.remove("writing-uploads--bad");
          row.bar.hidden = false;
          row.acts.replaceChildren();
          this.waiting.push(row);
          this.go();
        }));
      }
      row.acts.replaceChildren(...acts);
    }

    insert(row, { block, said, picture }) {
      const { body } = this;
      const at = body.children.indexOf(row.group.after);
      const place = row.group.after && at >= 0 ? at + 1 : body.children.length;
      body.insert(block, place);
      row.group.after = body.children[place];
      writing.tellChanged(body);
      row.bar.hidden = true;
      row.told.textContent = said || this.words.done;
      const acts = [writing.button(this.words.close, () => this.drop(row))];
      if (picture) acts.unshift(this.turnButton(row, picture), this.cropLink(picture));
      row.acts.replaceChildren(...acts);
    }

    turnButton(row, picture) {
      return writing.button(this.words.turn, async () => {
        const body = JSON.stringify({ picture, quarters: 1 });
        const answer = await writing.send(this.options.turn, body, { "Content-Type": "application/json" }).catch(() => null);
        row.told.textContent = answer?.preview ? this.words.turned : (answer?.refused || [this.words.lost]).join(" ");
        if (answer?.preview) this.showPicture(row, answer.preview);
      });
    }

    showPicture(row, address) {
      let image = row.item.querySelector("img");
      if (!image) {
        image = made("img", { alt: "", width: 96 });
        row.item.prepend(image);
      }
      image.src = address;
      row.group.after?.element.querySelectorAll("img").forEach((one) => { if (row.group.after.type === "image") one.src = address; });
    }

    /* Wagtail's own screen of the picture: its focal point decides what stays when it is cropped. */
    cropLink(picture) {
      const link = made("a", { className: "button button-small button-secondary", textContent: this.words.crop, target: "_blank" });
      link.href = this.options.picture.replace("0", picture);
      return link;
    }

    drop(row) {
      row.item.remove();
      this.list.hidden = !this.list.children.length;
    }
  }

  writing.Uploading = Uploading;
})();
