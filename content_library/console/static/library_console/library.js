/* How many are ticked, and what a pattern would write; without it both forms work all the same. */
(() => {
  const form = document.querySelector("[data-library-ticks]");
  const said = form && form.querySelector("[data-ticked]");
  if (said) {
    const boxes = [...form.querySelectorAll('input[name="resource"]')];
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      said.textContent = ticked ? said.dataset.ticked.replace("{count}", ticked) : "";
    };
    form.addEventListener("change", count);
    window.addEventListener("pageshow", count);
    count();
  }

  const pattern = document.querySelector("[data-library-pattern]");
  if (!pattern) return;
  const input = pattern.querySelector('input[name="pattern"]');
  const examples = pattern.querySelector("[data-examples]");
  const faults = pattern.querySelector("[data-faults]");
  let waiting = 0;
  let asked = 0;
  const line = (tag, text) => {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  };
  const show = async () => {
    const number = ++asked;
    const answer = await fetch(`${pattern.dataset.libraryPattern}?pattern=${encodeURIComponent(input.value)}`, {
      headers: { accept: "application/json" },
    });
    if (!answer.ok || number !== asked) return;
    const found = await answer.json();
    examples.replaceChildren(
      ...found.examples.map((text) => {
        const item = document.createElement("li");
        item.append(line("code", text));
        return item;
      }),
    );
    faults.replaceChildren(...found.faults.map((text) => line("p", text)));
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
})();
