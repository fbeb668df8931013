/* Suggestions under the search field while somebody types. Without it the field is an ordinary one. */
(function () {
  "use strict";

  var PAUSE = 180; /* milliseconds without a key before anybody is asked */
  var REMEMBERED = 50;

  function suggestFor(field, number) {
    var form = field.form;
    var box = document.createElement("ul");
    var told = document.createElement("span");
    var answers = new Map();
    var timer = 0;
    var asked = 0;
    var chosen = -1;
    var typed = field.value;

    box.id = "suggestions-" + number;
    box.className = "suggestions";
    box.hidden = true;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", field.dataset.suggestLabel);
    told.className = "visually-hidden";
    told.setAttribute("aria-live", "polite");
    form.append(box, told);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", box.id);

    function options() {
      return Array.from(box.children);
    }

    function close() {
      box.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function choose(place) {
      var all = options();
      chosen = place;
      all.forEach(function (option, index) {
        option.setAttribute("aria-selected", String(index === place));
      });
      if (place < 0) {
        field.removeAttribute("aria-activedescendant");
        field.value = typed;
        return;
      }
      field.setAttribute("aria-activedescendant", all[place].id);
      field.value = all[place].dataset.text;
      all[place].scrollIntoView({ block: "nearest" });
    }

    function show(suggestions) {
      box.replaceChildren();
      suggestions.forEach(function (suggestion, index) {
        var option = document.createElement("li");
        option.id = box.id + "-" + index;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.text = suggestion.text;
        option.dataset.origin = suggestion.origin;
        option.textContent = suggestion.text;
        box.append(option);
      });
      chosen = -1;
      box.hidden = suggestions.length === 0;
      field.setAttribute("aria-expanded", String(!box.hidden));
      field.removeAttribute("aria-activedescendant");
      told.textContent = box.hidden ? field.dataset.suggestNone : suggestions.length + " " + field.dataset.suggestSome;
    }

    function ask() {
      var text = field.value.trim();
      var mine = ++asked;
      if (!text || text.length > 60) {
        close();
        return;
      }
      if (answers.has(text)) {
        show(answers.get(text));
        return;
      }
      var scope = form.elements.namedItem("scope");
      var address = field.dataset.suggest + "?q=" + encodeURIComponent(text);
      if (scope) {
        address += "&scope=" + encodeURIComponent(scope.value);
      }
      fetch(address, { credentials: "omit" })
        .then(function (answer) {
          return answer.ok ? answer.json() : { suggestions: [] };
        })
        .then(function (found) {
          if (answers.size >= REMEMBERED) {
            answers.clear();
          }
          answers.set(text, found.suggestions);
          if (mine === asked && document.activeElement === field) {
            show(found.suggestions);
          }
        })
        .catch(close);
    }

    field.addEventListener("input", function (event) {
      /* while Chinese is being composed, what stands in the field is not what is meant */
      if (event.isComposing) {
        return;
      }
      typed = field.value;
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE);
    });
    field.addEventListener("compositionend", function () {
      typed = field.value;
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE);
    });

    field.addEventListener("keydown", function (event) {
      if (event.isComposing) {
        return;
      }
      var last = options().length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (box.hidden) {
          if (event.key === "ArrowDown" && field.value.trim()) {
            event.preventDefault();
            typed = field.value;
            ask();
          }
          return;
        }
        event.preventDefault();
        var step = event.key === "ArrowDown" ? 1 : -1;
        var next = chosen + step;
        choose(next > last ? -1 : next < -1 ? last : next);
      } else if (event.key === "Escape" && !box.hidden) {
        event.preventDefault();
        field.value = typed;
        close();
      } else if (event.key === "Enter" || event.key === "Tab") {
        window.clearTimeout(timer);
        asked += 1;
        close();
      }
    });

    /* pressing a suggestion must not take the focus, or the list would close first */
    box.addEventListener("pointerdown", function (event) {
      event.preventDefault();
    });
    box.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) {
        field.value = option.dataset.text;
        close();
        form.requestSubmit();
      }
    });
    field.addEventListener("blur", close);

    /* whoever was quicker than this file has typed something already */
    if (document.activeElement === field && field.value !== field.defaultValue) {
      timer = window.setTimeout(ask, PAUSE);
    }
  }

  document.querySelectorAll("input[data-suggest]").forEach(suggestFor);
})();
