/* Text size and the look with large type, both kept in this browser's storage; reading aloud; copying of an address, print, whole addresses for paper, closing of menus and of the floating notice, and suggestions once somebody goes to a search field. Everything else works without script. The chosen look is set first of all; what touches the page waits until it is there. */
(function () {
  "use strict";

  var ROOT = document.documentElement;
  var SIZE_KEY = "text-size";
  var ELDER_KEY = "elder-mode";
  var VARIANT_KEY = "variant";
  var SIZES = ["large", "medium", "small"];

  /* Storage may be switched off: a choice then lasts for this page. */
  function remembered(key) {
    try {
      return window.localStorage.getItem(key);
    } catch (refused) {
      return null;
    }
  }

  function remember(key, value) {
    try {
      window.localStorage.setItem(key, value);
    } catch (refused) {
      return;
    }
  }

  function applySize(chosen) {
    var size = SIZES.indexOf(chosen) === -1 ? "medium" : chosen;
    ROOT.setAttribute("data-size", size);
    document.querySelectorAll("[data-text-size]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-text-size") === size));
    });
  }

  function applyElder(isChosen) {
    ROOT.toggleAttribute("data-elder", isChosen);
    document.querySelectorAll("[data-elder-choice]").forEach(function (box) {
      box.checked = isChosen;
    });
  }

  function applyAll() {
    applySize(remembered(SIZE_KEY));
    applyElder(remembered(ELDER_KEY) === "on");
  }

  /* Whoever chose traditional characters gets them also behind a link from elsewhere. */
  function applyVariant() {
    var other = document.querySelector('link[rel="alternate"][hreflang="zh-Hant"]');
    if (other && ROOT.lang === "zh-CN" && remembered(VARIANT_KEY) === "zh-Hant") {
      window.location.replace(other.href);
    }
  }

  applyAll();
  applyVariant();
  /* A choice in another window, or one made since this page was left. */
  window.addEventListener("storage", applyAll);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      applyAll();
    }
  });

  /* Chinese names of files as they are written; what would end the address stays encoded. */
  function readable(address) {
    try {
      return decodeURI(address).replace(/\s/g, encodeURIComponent);
    } catch (broken) {
      return address;
    }
  }

  /* Reading aloud, by the browser's own speech. Paused is stopped with the place kept: on some phones a real pause is
     the end. A piece is a sentence, for long texts are broken off by some voices. */

  var READ = "h1, h2, h3, h4, p, li, dt, dd, tr, caption, figcaption, summary, blockquote";
  var PASSED_OVER = "nav, form, button, svg, video, audio, [aria-hidden=true], .visually-hidden, .reader-line, .reading-foot, .neighbours, .feed-link, .more, .paging";
  var SENTENCE = /.{1,150}?(?:[。！？；…]+[”’）]*|$)|.{1,150}[，、]|.{1,150}/g;
  var SECONDS_UNTIL_SILENT = 6;

  function isSeen(element) {
    return element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
  }

  function passages() {
    var root = document.querySelector("main .reading") || document.querySelector("main");
    var walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    var found = [];
    while (walker.nextNode()) {
      var holder = walker.currentNode.parentElement;
      var words = walker.currentNode.data.replace(/\s+/g, " ");
      var last = found[found.length - 1];
      if (!words.trim()) {
        /* Between two parts of a title: a breath. */
        if (last && last.block.contains(holder)) {
          last.words += " ";
        }
        continue;
      }
      if (holder.closest(PASSED_OVER) || !isSeen(holder)) {
        continue;
      }
      var block = holder.closest(READ) || holder;
      var cell = holder.closest("td, th, time");
      if (last && last.block === block) {
        last.words += (cell === last.cell ? "" : "，") + words;
        last.cell = cell;
      } else {
        found.push({ block: block, words: words, cell: cell });
      }
    }
    return found;
  }

  function pieces() {
    var all = [];
    passages().forEach(function (passage) {
      (passage.words.trim().match(SENTENCE) || []).forEach(function (words) {
        all.push({ block: passage.block, words: words });
      });
    });
    return all;
  }

  /* Traditional characters too are read in the common language. undefined: the voices are not known yet. */
  function chineseVoice() {
    var voices = window.speechSynthesis.getVoices();
    var chinese = voices.filter(function (voice) {
      return /^(zh|cmn)/i.test(voice.lang);
    });
    var common = chinese.filter(function (voice) {
      return /CN|Hans/i.test(voice.lang);
    });
    return voices.length ? common[0] || chinese[0] || null : undefined;
  }

  function readingAloud(bar) {
    var synthesis = window.speechSynthesis;
    var state = bar.querySelector("[data-speech-state]");
    var pauseButton = bar.querySelector("[data-speech-pause]");
    var stopButton = bar.querySelector("[data-speech-stop]");
    var queue = [];
    var at = 0;
    var turn = 0; /* counts what is spoken: what was cancelled reports its end later, and is not listened to */
    var isPaused = false;
    var startedBy = null;
    var spoken = null; /* held, or some browsers forget to say that it ended */

    function say(what) {
      state.textContent = state.dataset[what];
      isPaused = what !== "reading";
      /* Where there is no voice, there is nothing to go on with. */
      pauseButton.hidden = what === "silent";
      pauseButton.textContent = isPaused ? pauseButton.dataset.resume : pauseButton.dataset.pause;
    }

    function mark(block) {
      document.querySelectorAll("[data-being-read]").forEach(function (before) {
        before.removeAttribute("data-being-read");
      });
      if (!block) {
        return;
      }
      block.setAttribute("data-being-read", "");
      var box = block.getBoundingClientRect();
      if (box.top < 0 || box.bottom > bar.getBoundingClientRect().top) {
        block.scrollIntoView({ block: box.height > window.innerHeight / 2 ? "start" : "center" });
      }
    }

    function hush() {
      turn += 1;
      synthesis.cancel();
    }

    function silent(mine) {
      if (mine === turn) {
        hush();
        mark(null);
        if (document.activeElement === pauseButton) {
          stopButton.focus();
        }
        say("silent");
      }
    }

    function speak() {
      var mine = (turn += 1);
      var voice = chineseVoice();
      if (at >= queue.length) {
        stop();
        return;
      }
      say("reading");
      mark(queue[at].block);
      if (voice === null) {
        silent(mine);
        return;
      }
      var began = false;
      spoken = new window.SpeechSynthesisUtterance(queue[at].words);
      spoken.lang = "zh-CN";
      spoken.voice = voice || null;
      spoken.rate = ROOT.hasAttribute("data-elder") ? 0.9 : 1;
      spoken.onstart = function () {
        began = true;
      };
      spoken.onend = function () {
        if (mine === turn) {
          at += 1;
          speak();
        }
      };
      spoken.onerror = function () {
        silent(mine);
      };
      synthesis.speak(spoken);
      window.setTimeout(function () {
        if (!began) {
          silent(mine);
        }
      }, SECONDS_UNTIL_SILENT * 1000);
    }

    function start(button) {
      hush();
      startedBy = button;
      queue = pieces();
      at = 0;
      bar.hidden = false;
      pauseButton.hidden = false;
      pauseButton.focus();
      speak();
    }

    function stop() {
      var hadFocus = bar.contains(document.activeElement);
      hush();
      mark(null);
      bar.hidden = true;
      if (hadFocus && startedBy) {
        startedBy.focus();
      }
    }

    function pauseOrGoOn() {
      if (isPaused) {
        speak();
      } else {
        hush();
        say("paused");
      }
    }

    document.addEventListener("click", function (event) {
      var starter = event.target.closest("[data-read-aloud]");
      if (starter) {
        start(starter);
      } else if (event.target.closest("[data-speech-pause]")) {
        pauseOrGoOn();
      } else if (event.target.closest("[data-speech-stop]")) {
        stop();
      }
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && !bar.hidden) {
        stop();
      }
    });
    window.addEventListener("pagehide", hush);
    document.querySelectorAll("[data-read-aloud]").forEach(function (button) {
      button.hidden = false;
    });
  }

  function whenThePageIsThere() {
    applyAll();
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

    var bar = document.querySelector("[data-speech]");
    if (bar && window.speechSynthesis && window.SpeechSynthesisUtterance) {
      readingAloud(bar);
    }
  }

  document.addEventListener("DOMContentLoaded", whenThePageIsThere);

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
      applySize(size);
      remember(SIZE_KEY, size);
    }
    var variantLink = event.target.closest("[data-variant]");
    if (variantLink) {
      remember(VARIANT_KEY, variantLink.dataset.variant);
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

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-elder-choice]")) {
      applyElder(event.target.checked);
      remember(ELDER_KEY, event.target.checked ? "on" : "off");
    }
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
