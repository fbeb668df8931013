/* Nothing typed is lost: what a form holds is kept in the browser until the server has it. A session that ended, or a
   connection that went, is said with its reason; who signs in again in a new window goes on here.

   Forms: the editor of a page, and every form with a text to write in. */
"use strict";

(() => {
  const { state: STATE, signin: SIGN_IN, words: said } = document.currentScript.dataset;
  const WORDS = JSON.parse(said);
  const FIELD = "kept_text";
  const TOKEN = "csrfmiddlewaretoken";
  const EVERY = 5000;
  const TOLD = new Set(["console:edited", "w-unsaved:add"]);
  const RESTORED = "kept-texts:restored";
  /* true of a form that writes in the page that is open: dialogues of choosers send and show their own */
  const isKept = (form) => form instanceof HTMLFormElement && /^post$/i.test(form.getAttribute("method") ?? "") && !form.closest("[role=dialog], dialog, .modal") && Boolean(form.matches("[data-edit-form]") || form.querySelector("textarea"));
  /* the editor of a page: the server draws what was kept; all other forms are filled in here */
  const isPage = (form) => form.id === "page-edit-form" || form.matches("[data-edit-form][action*='/pages/']");
  const placeOf = (form) => new URL(form.getAttribute("action") || "", location).pathname;

  let texts = null;
  /* whom the page was made for: whoever is signed in later may be somebody else */
  const user = Number(document.querySelector("meta[name=signed-in]")?.content) || null;
  const forms = new Map();

  function stateOf(form) {
    if (!forms.has(form)) forms.set(form, { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, edits: 0, saved: 0, timer: 0, sent: null });
    return forms.get(form);
  }
  const isDirty = (form) => forms.has(form) && forms.get(form).edits > forms.get(form).saved;

  /* ---- what is shown ---- */

  const panel = document.createElement("div");
  panel.className = "kept-texts";
  panel.setAttribute("role", "status");
  panel.hidden = true;

  let shown = "";
  function show(lines, acts = [], kind = "") {
    /* said once: a screen reader would hear it again, and a button that has the focus would lose it */
    const name = JSON.stringify([kind, lines]);
    if (!panel.hidden && name === shown) return;
    shown = name;
    panel.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    const row = panel.appendChild(document.createElement("div"));
    row.className = "kept-texts__acts";
    acts.forEach(([label, act]) => {
      const made = document.createElement(typeof act === "string" ? "a" : "button");
      made.className = "button button-small button-secondary";
      made.textContent = label;
      if (typeof act === "string") Object.assign(made, { href: act, target: "_blank" });
      else Object.assign(made, { type: "button", onclick: act });
      row.append(made);
    });
    panel.dataset.kind = kind;
    if (!panel.isConnected) document.body.append(panel);
    panel.hidden = false;
  }
  const hide = () => { panel.hidden = true; };

  /* ---- how the session stands ---- */

  /* {user, …} of somebody signed in; {user: null, reason}; null where no server answers. */
  async function ask() {
    try {
      const answer = await fetch(STATE, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
      /* half signed in: the second factor is still asked for */
      if (answer.type === "opaqueredirect") return { user: null, reason: WORDS.half };
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  let watching = 0;
  function watch() {
    clearTimeout(watching);
    watching = setTimeout(look, EVERY);
  }

  async function look() {
    clearTimeout(watching);
    const state = await ask();
    if (!state) lost();
    else if (state.user === null) ended(state.reason);
    else if (state.user !== user) somebodyElse();
    else {
      begin(state);
      back(state);
    }
  }

  const keeps = () => (texts?.key ? WORDS.kept : WORDS.open);

  function lost() {
    show([WORDS.lost, keeps()], [], "lost");
    watch();
  }

  function ended(reason) {
    show([reason || WORDS.ended, keeps()], [[WORDS.signIn, SIGN_IN], [WORDS.check, look]], "ended");
    watch();
  }

  /* The window belongs to somebody else: nothing of it is saved, and nothing of it is shown any longer. */
  function somebodyElse() {
    document.documentElement.classList.add("kept-texts-covered");
    show([WORDS.other], [[WORDS.signIn, SIGN_IN], [WORDS.check, look]], "other");
    watch();
  }

  /* The token that a new session asks for. Scripts of Wagtail's go on with the one that the page came with. */
  let token = "";
  function takeToken(fresh) {
    token = fresh;
    document.querySelectorAll(`input[name=${TOKEN}]`).forEach((field) => { field.value = fresh; });
    const config = document.getElementById("wagtail-config");
    if (config) config.textContent = JSON.stringify({ ...JSON.parse(config.textContent), CSRF_TOKEN: fresh });
  }

  const isToken = (name) => token && /^x-csrftoken$/i.test(name);
  const { fetch: plainFetch, XMLHttpRequest: { prototype: request } } = window;
  window.fetch = (address, options) => {
    if (!token || !options?.headers) return plainFetch(address, options);
    const headers = new Headers(options.headers);
    headers.forEach((_value, name) => { if (isToken(name)) headers.set(name, token); });
    return plainFetch(address, { ...options, headers });
  };
  const setHeader = request.setRequestHeader;
  request.setRequestHeader = function setRequestHeader(name, value) {
    setHeader.call(this, name, isToken(name) ? token : value);
  };

  let telling = false;
  function saveByItself(form) {
    /* no edit of its own */
    telling = true;
    form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, detail: { type: "edits" } }));
    telling = false;
  }

  function back(state) {
    document.documentElement.classList.remove("kept-texts-covered");
    takeToken(state.csrf);
    document.dispatchEvent(new CustomEvent("console:back"));
    const waiting = [...forms.keys()].filter((form) => form.isConnected && isDirty(form));
    const byItself = waiting.filter((form) => form.matches("[data-controller~='w-autosave']"));
    const told = ["lost", "ended", "other"].includes(panel.dataset.kind) && !panel.hidden;
    byItself.forEach(saveByItself);
    if (!told) return;
    show([byItself.length ? WORDS.backSaving : waiting.length ? WORDS.backAgain : WORDS.back], [[WORDS.close, hide]], "back");
  }

  window.addEventListener("focus", () => { if (!panel.hidden && panel.dataset.kind !== "back" && panel.dataset.kind !== "offer") look(); });
  window.addEventListener("online", () => { if (panel.dataset.kind === "lost" && !panel.hidden) look(); });
  window.addEventListener("offline", () => { if ([...forms.keys()].some((form) => form.isConnected && isDirty(form))) lost(); });

  /* ---- keeping ---- */

  const entriesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== TOKEN && name !== FIELD);

  async function keep(form) {
    const own = stateOf(form);
    clearTimeout(own.timer);
    own.timer = 0;
    await texts?.put(own.id, placeOf(form), entriesOf(form)).catch(() => false);
  }

  function edited(event) {
    const form = event.target.closest?.("form");
    /* what a script writes into a field is no typing, save where the editor says that something changed */
    if (telling || !form || !isKept(form) || (!event.isTrusted && !TOLD.has(event.type))) return;
    const own = stateOf(form);
    own.edits += 1;
    /* the editor hands its text to the form a moment after the last key */
    if (!own.timer) own.timer = setTimeout(() => keep(form), 1000);
  }
  ["input", "change", ...TOLD].forEach((name) => document.addEventListener(name, edited, true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") forms.forEach((own, form) => { if (own.timer) keep(form); });
  });

  document.addEventListener("w-autosave:save", (event) => { if (forms.has(event.target)) forms.get(event.target).sent = forms.get(event.target).edits; });
  document.addEventListener("w-autosave:success", (event) => {
    const own = forms.get(event.target);
    if (["lost", "ended", "back"].includes(panel.dataset.kind)) hide();
    if (!own) return;
    own.saved = Math.max(own.saved, own.sent ?? 0);
    if (isDirty(event.target)) return;
    clearTimeout(own.timer);
    own.timer = 0;
    texts?.remove(own.id).catch(() => {});
  });
  let tries = 0;
  document.addEventListener("w-autosave:error", async (event) => {
    const type = event.detail?.type;
    if (type === "network_error") lost();
    /* what the server says of the text itself is Wagtail's to tell; anything else may be the session */
    if (type !== "server_error" || tries > 3) return;
    tries += 1;
    await look();
  });
  document.addEventListener("w-autosave:success", () => { tries = 0; });
  /* another script of this page got no answer of ours */
  document.addEventListener("console:unanswered", look);

  /* ---- sending ---- */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (placeOf(form).endsWith("/logout/") && user !== null && window.KeptTexts.mayHave() && !form.dataset.keptChecked) {
      event.preventDefault();
      form.dataset.keptSending = "";
      const go = () => { form.dataset.keptChecked = "1"; form.requestSubmit(); };
      /* also of a page that has not been told yet under which key */
      new window.KeptTexts(user, "").leave().then(go, go);
      return;
    }
    if (!isKept(form) || form.dataset.keptChecked || !isDirty(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(form, event.submitter);
  }, true);

  async function send(form, submitter) {
    const own = stateOf(form);
    /* told to who looks from outside: the page is about to leave */
    form.dataset.keptSending = "";
    await keep(form);
    const state = await ask();
    if (!state || state.user === null || state.user !== user) {
      delete form.dataset.keptSending;
      if (submitter) Object.assign(submitter, { disabled: false }).removeAttribute("data-w-progress-loading-value");
      if (!state) lost();
      else if (state.user === null) ended(state.reason);
      else somebodyElse();
      return;
    }
    takeToken(state.csrf);
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: FIELD, value: own.id }));
    /* a button that shows its progress is disabled by now, and would not be sent */
    if (submitter?.name && submitter.disabled) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
    form.dataset.keptChecked = "1";
    form.requestSubmit(submitter?.form === form ? submitter : null);
    /* the browser itself may refuse it: a field is missing */
    if (!form.noValidate && !submitter?.formNoValidate && !form.checkValidity()) delete form.dataset.keptSending;
  }
  /* last of all who hear of it: what another script sends in its own way does not leave with its page */
  window.addEventListener("submit", (event) => { if (event.defaultPrevented) delete event.target.dataset.keptSending; });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-kept-sending]").forEach((form) => delete form.dataset.keptSending);
  });

  /* ---- giving back ---- */

  const time = (at) => new Date(at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

  function restorePage(form, kept) {
    const made = Object.assign(document.createElement("form"), { method: "post", action: placeOf(form), hidden: true });
    const add = (name, value) => made.append(Object.assign(document.createElement("textarea"), { name, value }));
    kept.entries.filter(([name]) => !name.startsWith("action-")).forEach(([name, value]) => add(name, value));
    add("action-restore", "1");
    add(TOKEN, form.elements.namedItem(TOKEN).value);
    sessionStorage.setItem(RESTORED, kept.id);
    document.body.append(made);
    made.submit();
  }

  function fill(form, kept) {
    const own = stateOf(form);
    own.id = kept.id;
    own.edits += 1;
    for (const field of form.elements) {
      const values = kept.entries.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.matches("input[type=checkbox], input[type=radio]")) field.checked = values.includes(field.value);
      else if (field.matches("textarea, select, input:not([type=hidden], [type=file])") && values.length) field.value = values[0];
    }
  }

  const forget = (kept) => { texts.remove(kept.id).catch(() => {}); hide(); };

  /* A preview, or a form that was refused, shows what was sent: there is nothing to give back. */
  const standsIn = (form, kept) => kept.entries.every(([name, value]) => {
    const field = form.elements.namedItem(name);
    return !(field instanceof HTMLTextAreaElement) || field.value.trim() === value.trim();
  });

  async function offer() {
    const here = [...document.forms].filter(isKept);
    const page = here.find(isPage);
    const place = page ? placeOf(page) : location.pathname;
    const [kept] = await texts.of(place);
    if (!kept) return;
    if (page && kept.id === stateOf(page).id) return;
    const written = kept.entries.filter(([name, value]) => value.trim() && /(^|_)(opinion|reason|text|note|title|answer|prepared)$/.test(name));
    /* several forms of one screen may have a field of the same name: each says with what it is sent */
    const act = (entries) => entries.find(([name]) => name === "act")?.[1];
    const form = page || here.find((one) => one.querySelector("textarea") && act(entriesOf(one)) === act(kept.entries) && kept.entries.some(([name]) => one.elements.namedItem(name) instanceof HTMLTextAreaElement));
    if (form && !isPage(form) && standsIn(form, kept)) {
      stateOf(form).id = kept.id;
      return;
    }
    const told = WORDS.offer.replace("{when}", time(kept.at));
    if (form && !isPage(form)) show([told], [[WORDS.restore, () => { fill(form, kept); hide(); }], [WORDS.drop, () => forget(kept)]], "offer");
    else if (form) show([told], [[WORDS.restore, () => restorePage(form, kept)], [WORDS.drop, () => forget(kept)]], "offer");
    else if (written.length) show([told, ...written.map(([, value]) => value)], [[WORDS.drop, () => forget(kept)]], "offer");
  }

  /* Once it is known who writes here. */
  function begin(state) {
    if (texts) return;
    texts = new window.KeptTexts(state.user, state.key);
    /* what was typed before that */
    forms.forEach((own, form) => { if (isDirty(form) && !own.timer) keep(form); });
  }

  /* What was given back goes on under its own name: it is kept until the server has it. */
  function adopt() {
    const adopted = sessionStorage.getItem(RESTORED);
    sessionStorage.removeItem(RESTORED);
    const page = [...document.forms].find(isPage);
    if (!adopted || page?.getAttribute("data-w-unsaved-force-value") !== "true") return;
    const own = stateOf(page);
    own.id = adopted;
    own.edits += 1;
  }

  document.addEventListener("DOMContentLoaded", async () => {
    if (user === null) return;
    adopt();
    /* pages without anything to write in ask only while something is kept that may belong there */
    if (![...document.forms].some(isKept) && !window.KeptTexts.mayHave()) return;
    const state = await ask();
    if (!state || state.user === null || state.user !== user) return;
    begin(state);
    for (const id of state.arrived) await texts.remove(id).catch(() => {});
    await offer().catch(() => {});
  });
})();
