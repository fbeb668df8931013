/* A file that is too large is refused before it is sent. Each field names its limit (data-most-bytes); none may be
   larger than what the server takes at all. */
"use strict";

(() => {
  const { most, words } = document.currentScript.dataset;
  const { large, empty } = JSON.parse(words);
  const megabytes = (size) => (size / 1048576).toFixed(1).replace(/\.0$/, "");

  function faultOf(input) {
    const limit = Number(input.dataset.mostBytes || most);
    for (const file of input.files) {
      if (file.size > limit) return large.replace("{name}", file.name).replace("{size}", megabytes(file.size)).replace("{most}", megabytes(limit));
      if (!file.size && input.hasAttribute("data-most-bytes")) return empty.replace("{name}", file.name);
    }
    const sum = [...input.files].reduce((whole, file) => whole + file.size, 0);
    return sum > Number(most) ? large.replace("{name}", input.files[0].name + "…").replace("{size}", megabytes(sum)).replace("{most}", megabytes(Number(most))) : "";
  }

  function tell(input, fault) {
    const id = `${input.id || input.name}-too-large`;
    let told = document.getElementById(id);
    if (!told) {
      told = Object.assign(document.createElement("p"), { id, className: "upload-fault" });
      told.setAttribute("role", "alert");
      input.after(told);
    }
    told.textContent = fault;
    input.setAttribute("aria-describedby", [...new Set([...(input.getAttribute("aria-describedby") || "").split(" "), id])].join(" ").trim());
    input.toggleAttribute("aria-invalid", Boolean(fault));
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    /* the screens for many files at once name each file that they leave out */
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || input.hasAttribute("data-max-file-size")) return;
    const fault = faultOf(input);
    tell(input, fault);
    if (!fault) return;
    input.value = "";
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();
