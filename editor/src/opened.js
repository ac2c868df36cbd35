// What the page says: which item, with which settings, and answers of the API that are known already.
export function opened() {
  return JSON.parse(document.getElementById("guidepost-editor").textContent);
}
