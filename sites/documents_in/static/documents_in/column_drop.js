// A drop of files anywhere on the list of a column imports them into this column.
(() => {
  const { begin, most, bytes, session, words: said } = document.currentScript.dataset;
  const words = JSON.parse(said);
  const { Sending, filled } = window.DocumentsIn;
  window.DocumentsIn.settings = { begin, most: Number(most), bytes: Number(bytes), session, words };
  let column = "";
  let title = "";
  const veil = document.createElement("div");
  veil.className = "import-veil";
  veil.hidden = true;

  // Asked as soon as the page is read: its menu is taken out when Wagtail's scripts begin, at DOMContentLoaded.
  document.addEventListener("readystatechange", () => {
    const button = document.readyState === "interactive" && document.querySelector("[data-import-column]");
    if (!button) return;
    ({ importColumn: column, importTitle: title } = button.dataset);
    veil.textContent = filled(words.drop, { column: title });
    document.body.append(veil);
  });

  const hasFiles = (event) => Array.from(event.dataTransfer?.types ?? []).includes("Files");
  // The editor of a body and every field for files takes its own.
  const isOurs = (event) => column && hasFiles(event) && !document.querySelector("dialog[open]") && !event.target.closest?.("input, [data-import-drop], .Draftail-Editor");

  document.addEventListener("dragover", (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    veil.hidden = false;
  });
  document.addEventListener("dragleave", (event) => { if (event.relatedTarget === null) veil.hidden = true; });
  document.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!isOurs(event)) return;
    event.preventDefault();
    const files = Array.from(event.dataTransfer.files);
    if (files.length) open(files);
  });

  function make(tag, values, ...children) {
    const made = Object.assign(document.createElement(tag), values);
    made.append(...children);
    return made;
  }

  async function open(files) {
    const list = make("ul", { className: "import-chosen" });
    const told = make("p", { className: "import-dialog-told" });
    told.setAttribute("role", "alert");
    const again = make("button", { type: "button", className: "button button-small", textContent: words.again, hidden: true });
    const go = make("a", { className: "button button-small button-secondary", textContent: words.go, hidden: true });
    const close = make("button", { type: "button", className: "button button-small button-secondary", textContent: words.stop });
    const heading = make("h2", { className: "w-h2", id: "import-dialog-title", textContent: filled(words.title, { column: title }) });
    const dialog = make("dialog", { className: "import-dialog" }, heading, told, list, make("div", { className: "import-dialog-acts" }, again, go, close));
    dialog.setAttribute("aria-labelledby", heading.id);
    document.body.append(dialog);
    dialog.showModal();
    const sending = new Sending(list, files, { column, ...window.DocumentsIn.settings });
    const leave = (event) => { event.preventDefault(); event.returnValue = words.leave; };
    dialog.addEventListener("close", () => { sending.stop(); window.removeEventListener("beforeunload", leave); dialog.remove(); });
    close.addEventListener("click", () => dialog.close());

    const run = async () => {
      told.textContent = "";
      again.hidden = true;
      close.textContent = words.stop;
      window.addEventListener("beforeunload", leave);
      const refused = await sending.run();
      window.removeEventListener("beforeunload", leave);
      if (!dialog.isConnected) return;
      if (!refused.length && !sending.failed.length) {
        window.location.assign(sending.addresses.batch);
        return;
      }
      told.textContent = refused.join("");
      close.textContent = words.close;
      again.hidden = !sending.failed.some((entry) => !entry.never) && !(refused.length && !sending.addresses && files.length <= sending.settings.most);
      go.hidden = !sending.sent.length;
      if (sending.addresses) go.href = sending.addresses.batch;
    };
    again.addEventListener("click", run);
    await run();
  }
})();
