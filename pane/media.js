// Attachments in the document: pictures, files to load, sentences in their place.

import { bytesOf, missing, pictureUrl } from "./attachments.js";
import { h } from "./dom.js";
import { fileError, missingAttachments, sizeOf } from "./words.js";

const KEPT_MS = 60_000; // as long as a browser may take to begin with a file

/** What came with a text, as a list; `fileOf(id)` is asked for a file in base64 when it is needed. Null for nothing. */
export function drawAttachments(item, fileOf) {
  if (!item.media) return null;
  const { count, mayCome } = missing(item, item.attachments, Date.now());
  return h(
    "ul",
    { class: "attachments", "aria-label": "Attachments" },
    ...item.attachments.map((each) => h("li", {}, draw(each, fileOf))),
    count > 0 && h("li", { class: "soft" }, missingAttachments(count, { mayCome, isForbidden: item.isForbidden })),
  );
}

function draw(attachment, fileOf) {
  if (!attachment.isFile) return h("p", { class: "soft", dir: "auto" }, attachment.said);
  const trouble = h("p", { class: "bad", role: "alert" });
  return h("div", {}, attachment.picture && picture(attachment, fileOf, trouble), download(attachment, fileOf, trouble), trouble);
}

function picture(attachment, fileOf, trouble) {
  const image = h("img", { alt: `Picture ${attachment.name}`, hidden: true });
  const button = h(
    "button",
    { type: "button", class: "thumbnail", "aria-expanded": "false", "aria-label": `Enlarge the picture ${attachment.name}` },
    image,
  );
  async function load() {
    try {
      const body = await fileOf(attachment.id);
      trouble.textContent = "";
      image.src = pictureUrl(attachment, body);
      image.hidden = false;
    } catch (error) {
      trouble.textContent = fileError(error);
    }
  }
  image.addEventListener("error", () => {
    button.hidden = true;
    trouble.textContent = "This picture cannot be shown: it is damaged, or it is no picture.";
  });
  button.addEventListener("click", () => {
    if (image.hidden) load();
    button.setAttribute("aria-expanded", String(button.classList.toggle("whole")));
  });
  whenSeen(button, load);
  return button;
}

function download(attachment, fileOf, trouble) {
  const size = sizeOf(attachment.bytes);
  const label = `${attachment.name}${size ? ` (${size})` : ""}`;
  async function load() {
    try {
      hand(attachment.name, bytesOf(await fileOf(attachment.id)));
      trouble.textContent = "";
    } catch (error) {
      trouble.textContent = fileError(error);
    }
  }
  return h("button", { type: "button", class: "link", onclick: load }, h("span", { class: "spoken" }, "Download "), h("bdi", {}, label));
}

/** Give a file to the person. Never with a type of its own: the browser must not take it for a page. */
function hand(name, bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

function whenSeen(element, work) {
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    observer.disconnect();
    work();
  });
  observer.observe(element);
}
