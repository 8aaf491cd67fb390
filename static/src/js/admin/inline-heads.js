// Columns of a table inside a form that have nothing to say must not pretend to have a heading.
for (const head of document.querySelectorAll(".tabular th:empty")) {
  const cell = document.createElement("td");
  cell.className = head.className;
  cell.colSpan = head.colSpan;
  head.replaceWith(cell);
}
