/* Texts that could not be saved yet, in this browser: sealed under a key that only their writer's session is given. */
"use strict";

(() => {
  const DAYS = 7;
  const STORE = "texts";

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("kept-texts", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function inStore(mode, act) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const work = database.transaction(STORE, mode);
        const asked = act(work.objectStore(STORE));
        work.oncomplete = () => resolve(asked.result);
        work.onerror = work.onabort = () => reject(work.error);
      });
    } finally {
      database.close();
    }
  }

  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  /* A mark for pages that have nothing to keep: whether there may be anything at all. */
  const MARK = "kept-texts";
  function mark(is) {
    try {
      if (is) localStorage.setItem(MARK, "1");
      else localStorage.removeItem(MARK);
    } catch {
      /* without storage nothing is kept either */
    }
  }

  class KeptTexts {
    static mayHave() {
      try {
        return localStorage.getItem(MARK) === "1";
      } catch {
        return false;
      }
    }

    /* user: key of the person; key: 32 bytes in base64, '' where the browser has none yet. */
    constructor(user, key) {
      this.user = user;
      this.key = key && crypto.subtle ? crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
    }

    /* Keep `entries`, pairs of a field and what stands in it; `place`: the path that its form is sent to. */
    async put(id, place, entries) {
      if (!this.key) return false;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const words = new TextEncoder().encode(JSON.stringify(entries));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key, words);
      mark(true);
      await inStore("readwrite", (store) => store.put({ id, user: this.user, place, at: Date.now(), iv, sealed }));
      return true;
    }

    /* This person's texts of one place, the newest first: {id, at, entries}. What no key opens any more goes. */
    async of(place) {
      if (!this.key) return [];
      const all = await inStore("readonly", (store) => store.getAll());
      if (!all.length) mark(false);
      const found = [];
      for (const one of all) {
        if (one.at < Date.now() - DAYS * 86400000) {
          await this.remove(one.id);
        } else if (one.user === this.user) {
          const entries = await this.unsealed(one);
          if (!entries) await this.remove(one.id);
          else if (one.place === place) found.push({ id: one.id, at: one.at, entries });
        }
      }
      return found.sort((one, other) => other.at - one.at);
    }

    async unsealed({ iv, sealed }) {
      try {
        const words = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.key, sealed);
        return JSON.parse(new TextDecoder().decode(words));
      } catch {
        return null;
      }
    }

    remove(id) {
      return inStore("readwrite", (store) => store.delete(id));
    }

    /* Whoever signs out by hand leaves nothing here. */
    async leave() {
      const all = await inStore("readonly", (store) => store.getAll());
      for (const one of all) if (one.user === this.user) await this.remove(one.id);
    }
  }

  window.KeptTexts = KeptTexts;
})();
