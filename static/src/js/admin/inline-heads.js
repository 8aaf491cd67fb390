// Rows of a table inside a form begin with a cell that has no heading: it must not pretend to be one.
for (const head of document.querySelectorAll("th.original:empty")) {
  const cell = document.createElement("td");
  cell.className = "original";
  head.replaceWith(cell);
}
