// A page of a PDF of this site, as it was set: drawn by pdf.js, turned page by page. The address says which file and page, and
// the words of the buttons in the reader's language.
import { GlobalWorkerOptions, getDocument } from "./pdf.min.mjs";

const here = new URL("./", import.meta.url).href;
GlobalWorkerOptions.workerSrc = here + "pdf.worker.min.mjs";

const asked = new URLSearchParams(location.search);
const part = (id) => document.getElementById(id);
const word = (name, usual) => asked.get(name) || usual;
const sheet = part("sheet");
let pdf, drawing, number = Math.max(1, Number.parseInt(asked.get("page"), 10) || 1), zoom = 1, turn = 0;

document.documentElement.lang = word("lang", "en");
document.documentElement.dir = asked.get("dir") === "rtl" ? "rtl" : "ltr";
for (const [id, name, usual] of [["back", "prev", "Previous page"], ["on", "next", "Next page"], ["less", "out", "Smaller"], ["more", "in", "Larger"]]) {
  part(id).setAttribute("aria-label", word(name, usual));
  part(id).title = word(name, usual);
  part(id).removeAttribute("aria-hidden");
  part(id).removeAttribute("tabindex");
}

/** Only files of this site are shown. */
function file() {
  const at = new URL(asked.get("file") || "", location.origin);
  return at.origin === location.origin && /\.pdf$/i.test(at.pathname) ? at.href : null;
}

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  sheet.replaceChildren(line);
}

async function draw() {
  const mine = ++turn;
  part("place").textContent = word("place", "Page {n} of {m}").replace("{n}", number).replace("{m}", pdf.numPages);
  part("back").disabled = number <= 1;
  part("on").disabled = number >= pdf.numPages;
  part("less").disabled = zoom <= 0.5;
  part("more").disabled = zoom >= 4;
  const page = await pdf.getPage(number);
  if (mine !== turn) return;
  drawing?.cancel();
  const fit = (sheet.clientWidth - 24) / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale: fit * zoom });
  const sharp = Math.min(window.devicePixelRatio || 1, 3);
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width * sharp);
  canvas.height = Math.floor(viewport.height * sharp);
  canvas.style.width = `${Math.floor(viewport.width)}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", part("place").textContent);
  drawing = page.render({ canvas, viewport, transform: sharp === 1 ? null : [sharp, 0, 0, sharp, 0, 0] });
  try {
    await drawing.promise;
  } catch (error) {
    if (error?.name === "RenderingCancelledException") return;
    throw error;
  }
  if (mine === turn) sheet.replaceChildren(canvas);
}

function go(to) {
  number = Math.min(Math.max(1, to), pdf.numPages);
  sheet.scrollTop = 0;
  return draw();
}

async function begin() {
  const url = file();
  if (!url) return say(word("failed", "This file cannot be shown here."));
  try {
    pdf = await getDocument({ url, wasmUrl: here, isEvalSupported: false, enableXfa: false, disableAutoFetch: true, disableStream: true }).promise;
    await go(number);
  } catch {
    return say(word("failed", "This file cannot be shown here."));
  }
  part("back").onclick = () => go(number - 1);
  part("on").onclick = () => go(number + 1);
  part("less").onclick = () => ((zoom /= 1.25), draw());
  part("more").onclick = () => ((zoom *= 1.25), draw());
  sheet.onkeydown = (event) => {
    if (event.key === "PageDown" || event.key === "ArrowRight") go(number + (document.dir === "rtl" && event.key === "ArrowRight" ? -1 : 1));
    else if (event.key === "PageUp" || event.key === "ArrowLeft") go(number + (document.dir === "rtl" && event.key === "ArrowLeft" ? 1 : -1));
    else return;
    event.preventDefault();
  };
  let late;
  addEventListener("resize", () => {
    clearTimeout(late);
    late = setTimeout(draw, 150);
  });
}

begin();
