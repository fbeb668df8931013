/* Text size, copying of an address, print, whole addresses for paper, closing of menus and of the floating notice, and suggestions once somebody goes to a search field. Everything else works without script. */
(function () {
  "use strict";

  var STORAGE_KEY = "text-size";
  var SIZES = ["large", "medium", "small"];

  function remembered() {
    try {
      var size = window.localStorage.getItem(STORAGE_KEY);
      return SIZES.indexOf(size) === -1 ? "medium" : size;
    } catch (refused) {
      return "medium"; /* storage may be switched off: the size then lasts for this page */
    }
  }

  function remember(size) {
    try {
      window.localStorage.setItem(STORAGE_KEY, size);
    } catch (refused) {
      return;
    }
  }

  function apply(size) {
    document.documentElement.setAttribute("data-size", size);
    document.querySelectorAll("[data-text-size]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-text-size") === size));
    });
  }

  /* Chinese names of files as they are written; what would end the address stays encoded. */
  function readable(address) {
    try {
      return decodeURI(address).replace(/\s/g, encodeURIComponent);
    } catch (broken) {
      return address;
    }
  }

  /* On paper an address is of use when it is whole. */
  document.querySelectorAll("main a[href]").forEach(function (link) {
    if (link.host === window.location.host && !link.getAttribute("href").startsWith("#")) {
      link.setAttribute("data-whole-address", readable(link.href));
    }
  });

  /* Browsers let scripts copy on safe hosts alone; the address stands beside the button anyway. */
  if (window.navigator.clipboard) {
    document.querySelectorAll("[data-copy]").forEach(function (button) {
      button.hidden = false;
    });
  }

  document.querySelectorAll("[data-reader-tools]").forEach(function (tools) {
    tools.hidden = false;
  });
  apply(remembered());

  /* A notice that was closed stays closed in this browser, until it says something else. */
  document.querySelectorAll("details[data-closed-for]").forEach(function (notice) {
    var words = notice.getAttribute("data-closed-for");
    try {
      if (window.localStorage.getItem("closed-notice") === words) {
        notice.open = false;
      }
      notice.addEventListener("toggle", function () {
        if (notice.open) {
          window.localStorage.removeItem("closed-notice");
        } else {
          window.localStorage.setItem("closed-notice", words);
        }
      });
    } catch (refused) {
      return;
    }
  });

  document.addEventListener("click", function (event) {
    var step = event.target.closest(".slide-links a");
    var slide = step && document.getElementById(step.hash.slice(1));
    if (slide) {
      /* The row alone is scrolled; without a script the link takes the whole page to the picture. */
      event.preventDefault();
      slide.parentElement.scrollTo({ left: slide.offsetLeft - slide.parentElement.offsetLeft });
    }
    var sizeButton = event.target.closest("[data-text-size]");
    if (sizeButton) {
      var size = sizeButton.getAttribute("data-text-size");
      apply(size);
      remember(size);
    }
    var copyButton = event.target.closest("[data-copy]");
    if (copyButton) {
      window.navigator.clipboard.writeText(copyButton.dataset.copy).then(function () {
        copyButton.parentElement.querySelector("[role=status]").textContent = copyButton.dataset.copied;
      });
    }
    if (event.target.closest("[data-print]")) {
      window.print();
    }
    document.querySelectorAll("details[data-dismiss][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });

  document.addEventListener("focusin", function (event) {
    var field = event.target.closest("input[data-suggest]");
    if (field && !document.querySelector("script[data-suggestions]")) {
      var script = document.createElement("script");
      script.src = field.dataset.suggestScript;
      script.setAttribute("data-suggestions", "");
      document.head.append(script);
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") {
      return;
    }
    document.querySelectorAll("details[data-dismiss][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
