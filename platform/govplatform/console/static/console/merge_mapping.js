// Columns of a merge are dragged onto where they go; the lists beside them do the same without this. What was changed
// is marked until it is planned again.
"use strict";
(() => {
  const root = document.querySelector("[data-mapping]");
  if (!root) return;
  const places = root.querySelector("[data-mapping-places]");
  const said = root.querySelector("[data-mapping-said]");
  const rows = [...root.querySelectorAll("[data-mapping-row]")];
  const target = (row) => row.querySelector("select");
  const words = (select) => select.selectedOptions[0].textContent.trim();
  let dragged = null;

  const look = (row) => {
    const select = target(row);
    const other = select.value === "+" && row.querySelector("input").value.trim() !== "";
    row.classList.toggle("is-changed", select.value !== select.dataset.planned || other);
  };
  const told = () => {
    const changed = rows.filter((row) => row.classList.contains("is-changed")).length;
    said.textContent = changed ? said.dataset.mappingSaid.replace("{n}", changed) : "";
  };
  const choose = (row, value) => {
    target(row).value = value;
    target(row).dispatchEvent(new Event("change", { bubbles: true }));
  };
  const clear = () => {
    dragged?.classList.remove("is-dragged");
    places.querySelectorAll(".is-target").forEach((one) => one.classList.remove("is-target"));
    dragged = null;
  };

  for (const row of rows) {
    row.addEventListener("change", () => {
      look(row);
      told();
    });
    const handle = row.querySelector("[data-mapping-handle]");
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", handle.textContent.trim());
    });
    handle.addEventListener("dragend", clear);
    // The browser may have kept what was chosen before the page was loaded again.
    look(row);
  }
  for (const option of rows.length ? target(rows[0]).options : []) {
    const place = document.createElement("li");
    place.dataset.place = option.value;
    place.textContent = option.textContent;
    places.append(place);
    place.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      place.classList.add("is-target");
    });
    place.addEventListener("dragleave", () => place.classList.remove("is-target"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      const row = dragged;
      clear();
      if (!row) return;
      choose(row, option.value);
      if (option.value === "+") row.querySelector("input").focus();
      else said.textContent = `${row.querySelector("[data-mapping-handle]").textContent.trim()} → ${words(target(row)).trim()}${said.textContent ? `。${said.textContent}` : ""}`;
    });
  }
  root.classList.add("is-dragging-possible");
  told();
})();
