// The work that a letter costs its sender's browser, instead of a sum: a number that makes a hash begin with zeros.
// Written out, for crypto.subtle is not there on a page without TLS. In short stretches, so that the page stays alive.
(() => {
  "use strict";
  const form = document.querySelector("form[data-work]");
  if (!form) return;
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  const K = primes.map((p) => fraction(Math.cbrt(p)));
  const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
  const W = new Int32Array(64);

  function firstWord(text) {
    const bytes = new TextEncoder().encode(text);
    const length = ((bytes.length + 8) >> 6) * 16 + 16;
    const words = new Int32Array(length);
    bytes.forEach((byte, i) => (words[i >> 2] |= byte << (24 - (i % 4) * 8)));
    words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
    words[length - 1] = bytes.length * 8;
    const H = Int32Array.from(START);
    const right = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < length; at += 16) {
      let [a, b, c, d, e, f, g, h] = H;
      for (let i = 0; i < 64; i++) {
        if (i < 16) W[i] = words[at + i];
        else {
          const x = W[i - 15], y = W[i - 2];
          W[i] = W[i - 16] + W[i - 7] + (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) + (right(y, 17) ^ right(y, 19) ^ (y >>> 10));
        }
        const one = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
        const two = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => (H[i] += value));
    }
    return H[0] >>> 0;
  }

  const token = form.elements.token.value, most = 2 ** (32 - Number(form.dataset.work));
  let next = 0, sending = false;
  function work() {
    const end = performance.now() + 20;
    while (performance.now() < end) {
      if (firstWord(`${token}:${next}`) < most) {
        form.elements.work.value = String(next);
        if (sending) form.submit();
        return;
      }
      next++;
    }
    setTimeout(work);
  }
  form.classList.add("works");
  // It begins with the first word that somebody writes: who only looks has no work.
  form.addEventListener("input", work, { once: true });
  form.addEventListener("submit", (event) => {
    if (sending) event.preventDefault();
    sending = true;
    form.querySelector(".letter-state").textContent = form.dataset.working;
    if (!form.elements.work.value) {
      event.preventDefault();
      if (next === 0) work();
    }
  });
  // Back from the next page: the form may be sent again.
  window.addEventListener("pageshow", () => { sending = false; form.querySelector(".letter-state").textContent = ""; });
})();
