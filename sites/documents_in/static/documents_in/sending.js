// Sends files into a new batch, one after the other, each with its own bar; what could not be sent can be sent again.
(() => {
  const MEGABYTE = 1048576;
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");
  const sizeOf = (bytes) => (bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`);
  // Whoever signed in again in a new window has another token, which the platform tells.
  let fresh = "";
  const renewToken = async () => {
    try {
      const answer = await fetch(window.DocumentsIn.settings.session, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
      fresh = (await answer.json()).csrf || fresh;
    } catch { /* not signed in, or no connection: what is sent says so */ }
  };
  const tokenOf = () => fresh || document.querySelector("input[name=csrfmiddlewaretoken]")?.value || window.wagtailConfig?.CSRF_TOKEN || "";

  function lineFor(file, words) {
    const line = document.createElement("li");
    line.className = "import-sent";
    const name = Object.assign(document.createElement("span"), { className: "import-sent-name", textContent: `${file.name}（${sizeOf(file.size)}）` });
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", file.name);
    const told = Object.assign(document.createElement("span"), { className: "import-sent-told", textContent: words.waiting });
    line.append(name, bar, told);
    return { line, bar, told };
  }

  // {answer, refused}: answer is null where the server did not speak JSON; refused names the words that say why.
  function post(address, data, onProgress, holder) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      if (holder) holder.request = request;
      request.open("POST", address);
      request.setRequestHeader("X-CSRFToken", tokenOf());
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.setRequestHeader("Accept", "application/json");
      if (onProgress) request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
      const end = () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* a page to sign in */ }
        // Whoever is no longer signed in is led to the page to sign in.
        const refused = !request.status ? "lost" : /\/login\//.test(request.responseURL) || request.status === 403 ? "signin" : "fault";
        resolve({ answer, refused });
      };
      for (const kind of ["load", "error", "abort"]) request.addEventListener(kind, end);
      request.send(data);
    });
  }

  class Sending {
    // list: the <ul> that shows the files; settings: {column, begin, most, bytes, words}.
    constructor(list, files, settings) {
      this.settings = settings;
      this.entries = files.map((file) => ({ file, ...lineFor(file, settings.words), state: "waiting" }));
      list.replaceChildren(...this.entries.map((entry) => entry.line));
      this.addresses = null;
      this.stopped = false;
    }

    get failed() { return this.entries.filter((entry) => entry.state === "failed"); }
    get sent() { return this.entries.filter((entry) => entry.state === "sent"); }

    fail(entry, words) {
      entry.state = "failed";
      entry.told.textContent = words;
      entry.line.classList.add("import-sent--failed");
    }

    // Sends what is not sent yet. Answers the refusals that concern no single file.
    async run() {
      const { column, begin, most, bytes, words } = this.settings;
      if (this.entries.length > most) return [filled(words.many, { most })];
      if (this.began) await renewToken();
      this.began = true;
      if (this.addresses === null) {
        const data = new FormData();
        data.append("column", column);
        const { answer, refused } = await post(begin, data);
        if (answer?.refused) return answer.refused;
        if (!answer?.add) return [words[refused]];
        this.addresses = answer;
      }
      for (const entry of this.entries) {
        if (this.stopped) break;
        if (entry.state === "sent") continue;
        entry.line.classList.remove("import-sent--failed");
        if (entry.file.size > bytes) {
          this.fail(entry, filled(words.large, { size: (entry.file.size / MEGABYTE).toFixed(1), most: bytes / MEGABYTE }));
          entry.never = true;
          continue;
        }
        const data = new FormData();
        data.append("document", entry.file, entry.file.name);
        const { answer, refused } = await post(this.addresses.add, data, (share) => {
          entry.bar.value = Math.round(share * 100);
          entry.told.textContent = filled(words.sending, { percent: Math.round(share * 100) });
        }, this);
        if (answer?.item) {
          entry.state = "sent";
          entry.bar.value = 100;
          entry.told.textContent = answer.reason || words.sent;
        } else if (answer?.refused) {
          this.fail(entry, answer.refused.join(""));
        } else {
          this.fail(entry, words[refused]);
        }
      }
      return [];
    }

    stop() {
      this.stopped = true;
      this.request?.abort();
    }
  }

  window.DocumentsIn = { Sending, filled, sizeOf, tokenOf, renewToken };
})();
