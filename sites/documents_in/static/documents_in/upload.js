// Dropping files, taking single ones out again, and sending them one by one; without script the plain form does it all.
(() => {
  const form = document.querySelector("[data-import-form]");
  if (!form || !window.DocumentsIn?.settings) return;
  const { Sending, sizeOf, settings } = window.DocumentsIn;
  const input = form.querySelector("input[type=file]");
  const area = form.querySelector("[data-import-drop]");
  const list = form.querySelector("[data-import-chosen]");
  const told = form.querySelector("[data-import-told]");
  const send = form.querySelector("[data-import-send]");
  const go = form.querySelector("[data-import-go]");
  let sending = null;
  // The browser's own button speaks the browser's language; ours speaks the console's.
  area.classList.add("import-drop--scripted");
  form.querySelector("[data-import-hint]").hidden = false;

  const setFiles = (files) => {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    show();
  };

  const show = () => {
    sending = null;
    send.textContent = send.dataset.start;
    const files = Array.from(input.files);
    list.replaceChildren(
      ...files.map((file, index) => {
        const line = document.createElement("li");
        const name = document.createElement("span");
        name.textContent = `${file.name}（${sizeOf(file.size)}）`;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "button button-small button-secondary";
        remove.textContent = list.dataset.remove;
        remove.setAttribute("aria-label", `${list.dataset.remove} ${file.name}`);
        remove.addEventListener("click", () => {
          setFiles(files.filter((_file, other) => other !== index));
          input.focus();
        });
        line.append(name, remove);
        return line;
      }),
    );
  };

  const isKnown = (file) =>
    Array.from(input.files).some((known) => known.name === file.name && known.size === file.size);

  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("import-drop--over");
    });
  }
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("import-drop--over");
  });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("import-drop--over");
    const added = Array.from(event.dataTransfer.files).filter((file) => !isKnown(file));
    setFiles([...input.files, ...added]);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = Array.from(input.files);
    const column = form.elements.column.value;
    told.textContent = !column ? told.dataset.column : files.length ? "" : told.dataset.files;
    if (told.textContent || send.disabled) return;
    send.disabled = true;
    send.textContent = send.dataset.sending;
    if (!sending || sending.settings.column !== column) sending = new Sending(list, files, { column, ...settings });
    const refused = await sending.run();
    if (!refused.length && !sending.failed.length) {
      window.location.assign(sending.addresses.batch);
      return;
    }
    told.textContent = refused.join("");
    send.disabled = false;
    send.textContent = settings.words.again;
    send.hidden = !refused.length && sending.failed.every((entry) => entry.never);
    go.hidden = !sending.sent.length;
    if (sending.addresses) go.href = sending.addresses.batch;
  });
  show();
})();
