"use strict";

/** Where the evidence is served beside the page, links to logs lead there; alone, a link says how to see its log. */
{
  const section = document.querySelector("[data-evidence]"), hint = document.getElementById("how-to-see-logs");
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  if (section.dataset.evidence === "served") hint.remove();
  else section.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='evidence/']");
    if (!link) return;
    event.preventDefault();
    const set = location.protocol === "file:" ? quoted(decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "")) : "SET";
    const [, name, ...file] = link.getAttribute("href").split("/").map(decodeURIComponent);
    const told = document.createElement("code");
    told.textContent = `bench logs ${name} --file ${quoted(file.join("/"))} --set ${set}`;
    hint.replaceChildren("This log is in an archive beside this page. See it by: ", told,
      "; or open this page by bench view, and its links lead to the logs.");
    link.closest("tr").after(hint.closest("tr") ?? hintRow(link, hint));
  });

  function hintRow(link, hint) {
    const row = document.createElement("tr"), cell = document.createElement("td");
    cell.colSpan = link.closest("table").tHead.rows[0].cells.length;
    cell.append(hint);
    row.append(cell);
    return row;
  }
}
