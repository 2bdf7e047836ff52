// Turns the marked column heads of a table into real sort buttons.
const read = (row, column) => {
  const cell = row.cells[column];
  const text = cell.dataset.value ?? cell.textContent.trim();
  const figure = Number(text.replace(/,/g, ""));
  return text !== "" && Number.isFinite(figure) ? figure : text;
};
const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh-CN");

for (const head of document.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.append(...head.childNodes, Object.assign(document.createElement("span"), { textContent: "↕", ariaHidden: "true" }));
  head.append(button);
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    button.lastChild.textContent = down ? "↓" : "↑";
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows].sort((a, b) => order(read(a, head.cellIndex), read(b, head.cellIndex)));
    body.append(...(down ? rows.reverse() : rows));
  });
}
