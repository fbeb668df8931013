// Puts columns in another order by dragging; the order goes out with the form's button. The buttons beside each work without this.
"use strict";
(() => {
  for (const form of document.querySelectorAll("[data-arranged]")) {
    const rows = () => [...form.querySelectorAll("[data-arranged-row]")];
    if (rows().length < 2) continue;
    let dragged = null;
    const clear = () => rows().forEach((row) => row.classList.remove("is-dragged", "is-target"));
    for (const row of rows()) {
      row.querySelector("[data-arranged-handle]").hidden = false;
      row.draggable = true;
      row.addEventListener("dragstart", (event) => {
        dragged = row;
        row.classList.add("is-dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.id);
      });
      row.addEventListener("dragend", clear);
      row.addEventListener("dragover", (event) => {
        if (!dragged) return;
        event.preventDefault();
        rows().forEach((other) => other.classList.toggle("is-target", other === row && row !== dragged));
      });
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        if (dragged && dragged !== row) {
          const all = rows();
          if (all.indexOf(dragged) < all.indexOf(row)) row.after(dragged);
          else row.before(dragged);
          const now = rows();
          now.forEach((each, place) => {
            each.querySelector("[name=up]").disabled = place === 0;
            each.querySelector("[name=down]").disabled = place === now.length - 1;
          });
          form.querySelector("[data-arranged-save]").hidden = false;
        }
        clear();
        dragged = null;
      });
    }
  }
})();
