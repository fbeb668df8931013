/* What the clipboard holds, as one piece: HTML whose pictures are named, and the pictures themselves.

   A browser never hands over the files that Word and WPS name by file: addresses. The pictures stand in the clipboard's
   RTF in the same order, as digits of a \pict group; Word puts each of them there once more for old readers. */
"use strict";

(() => {
  const writing = (window.writing = window.writing || {});
  const BLOCKS = "p, div, section, li, tr, br, h1, h2, h3, h4, h5, h6, table, ul, ol, blockquote, img, hr";
  const STRUCTURE = "table, img, h1, h2, h3, h4, h5, h6, ul, ol, blockquote";
  const TYPES = { pngblip: "image/png", jpegblip: "image/jpeg" };
  const OTHER_FORMS = new Set(["emfblip", "wmetafile", "macpict", "dibitmap", "wbitmap", "pmmetafile"]);
  /* groups whose pictures no reader sees at that place, or sees a second time */
  const PASSED_OVER = new Set([
    "nonshppict", "shprslt", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
    "listtable", "listpicture", "info", "background", "fonttbl", "stylesheet", "colortbl", "themedata", "datastore",
  ]);

  /* The pictures of an RTF text in order: a Blob each, or null for a form that no browser shows. */
  function rtfPictures(rtf) {
    const pictures = [];
    const parents = [];
    const sign = /[{}\\]/g;
    const word = /\\(?:([a-z]+)(-?\d+)? ?|'[0-9a-f]{2}|[^a-z])/iy;
    let group = { passed: false, picture: null };
    let at = 0;
    let found;
    while ((found = sign.exec(rtf))) {
      if (group.picture) group.picture.digits.push(rtf.slice(at, found.index));
      at = found.index + 1;
      if (found[0] === "{") {
        parents.push(group);
        group = { passed: group.passed, picture: null };
      } else if (found[0] === "}") {
        if (group.picture) pictures.push(asBlob(group.picture));
        group = parents.pop() || { passed: false, picture: null };
      } else {
        word.lastIndex = found.index;
        const [whole, name, number] = word.exec(rtf) || ["\\"];
        at = found.index + whole.length;
        if (name === "bin") at += Math.max(0, Number(number) || 0);
        else if (name === "pict" && !group.passed) group.picture = { type: null, digits: [] };
        else if (PASSED_OVER.has(name)) group.passed = true;
        else if (group.picture && TYPES[name]) group.picture.type = TYPES[name];
        else if (group.picture && OTHER_FORMS.has(name)) group.picture.type = null;
      }
      sign.lastIndex = at;
    }
    return pictures;
  }

  function asBlob({ type, digits }) {
    const text = digits.join("").replace(/[^0-9a-f]/gi, "");
    if (!type || text.length < 16) return null;
    const bytes = new Uint8Array(text.length >> 1);
    for (let number = 0; number < bytes.length; number += 1) bytes[number] = parseInt(text.substr(number * 2, 2), 16);
    return new Blob([bytes], { type });
  }

  function dataPicture(address) {
    const found = /^data:(image\/[a-z0-9.+-]+);base64,([a-z0-9+/=\s]+)$/i.exec(address);
    if (!found) return null;
    try {
      return new Blob([Uint8Array.from(atob(found[2]), (letter) => letter.charCodeAt(0))], { type: found[1] });
    } catch {
      return null;
    }
  }

  const address = (image) => (image.getAttribute("src") || "").trim();
  const isRemote = (image) => /^(https?:)?\/\//i.test(address(image)) || image.hasAttribute("data-src");

  /* Name each picture that came along; what stays without one is told of by the server, which fetches nothing. */
  function takePictures(page, data, files) {
    const pictures = [];
    const give = (image, blob) => {
      if (!blob) return;
      image.removeAttribute("data-src");
      image.setAttribute("src", `pasted-picture:${pictures.push(blob) - 1}`);
    };
    const images = [...page.images];
    const local = images.filter((image) => !isRemote(image) && !address(image).startsWith("data:"));
    images.filter((image) => address(image).startsWith("data:")).forEach((image) => give(image, dataPicture(address(image))));
    if (local.length) {
      const found = rtfPictures(data.getData("text/rtf"));
      /* in another number than the text shows, nobody knows which belongs where */
      const fitting = [found, files].find((each) => each.length === local.length) || [];
      local.forEach((image, number) => give(image, fitting[number]));
    } else if (images.length === 1 && files.length && isRemote(images[0]) && !page.body.textContent.trim()) {
      /* one picture copied in a browser: its address, and the picture itself as a file */
      give(images[0], files[0]);
    }
    return pictures;
  }

  function fromPage(html, data, files) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const blocks = page.body.querySelectorAll(BLOCKS);
    if (!page.body.querySelector(STRUCTURE) && blocks.length < 2) return null;
    const pictures = takePictures(page, data, files);
    return { html: page.documentElement.outerHTML, pictures };
  }

  function escaped(text) {
    const holder = document.createElement("p");
    holder.textContent = text;
    return holder.innerHTML;
  }

  /* Lines with tabs, as a program without HTML copies a table; null for anything else. */
  function fromTabs(text) {
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n");
    if (lines.length < 2 || !lines.every((line) => line.includes("\t"))) return null;
    const row = (line) => `<tr>${line.split("\t").map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
    return { html: `<table>${lines.map(row).join("")}</table>`, pictures: [] };
  }

  /* {html, pictures} of a clipboard that has more than words of one paragraph; null where the editor does well alone. */
  writing.readClipboard = (data) => {
    const html = data.getData("text/html");
    const files = [...data.files].filter((file) => file.type.startsWith("image/"));
    /* copied in an editor like this one: its own form knows more than its HTML */
    if (html.includes("data-draftjs-conductor-fragment")) return null;
    if (html) return fromPage(html, data, files);
    const text = data.getData("text/plain");
    if (text) return fromTabs(text);
    if (!files.length) return null;
    return { html: files.map((_, number) => `<p><img src="pasted-picture:${number}"></p>`).join(""), pictures: files };
  };
  writing.rtfPictures = rtfPictures;
})();
