// Dropping a crawl and taking it out again; without script the plain file field does it all.
(() => {
  const form = document.querySelector("[data-import-form]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const area = form.querySelector("[data-import-drop]");
  const list = form.querySelector("[data-import-chosen]");
  // The browser's own button speaks the browser's language; ours speaks the console's.
  area.classList.add("import-drop--scripted");
  form.querySelector("[data-import-hint]").hidden = false;

  const sizeOf = (bytes) =>
    bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

  const choose = (files) => {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    show();
  };

  const show = () => {
    list.replaceChildren();
    const [file] = input.files;
    if (!file) return;
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = `${file.name}（${sizeOf(file.size)}）`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button-small button-secondary";
    remove.textContent = list.dataset.remove;
    remove.setAttribute("aria-label", `${list.dataset.remove} ${file.name}`);
    remove.addEventListener("click", () => {
      choose([]);
      input.focus();
    });
    line.append(name, remove);
    list.append(line);
  };

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
    choose(Array.from(event.dataTransfer.files).slice(0, 1));
  });
  form.addEventListener("submit", () => {
    const send = form.querySelector("[data-import-send]");
    send.textContent = send.dataset.sending;
    // After the browser has taken the form's values.
    setTimeout(() => { send.disabled = true; }, 0);
  });
  show();
})();
