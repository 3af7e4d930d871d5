"use strict";
// Everything here is a convenience: the page is complete without it.

for (const control of document.querySelectorAll("[data-needs-script]")) control.hidden = false;

function openAround(element) {
  for (let at = element; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
}

function followHash() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  openAround(target);
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}
addEventListener("hashchange", followHash);
followHash();

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const text = button.parentElement.querySelector("pre").textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C";
    getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
  }
});

const search = document.getElementById("filter-text");
const shown = document.getElementById("filter-result");
const items = [...document.querySelectorAll(".function, main > section > .finding, .problem, .open-check")]
  .filter((item) => !item.parentElement.closest(".function"))
  .map((item) => ({ item, text: item.textContent.toLowerCase() }));
search.addEventListener("input", () => {
  const wanted = search.value.trim().toLowerCase();
  let count = 0;
  for (const { item, text } of items) {
    item.hidden = !text.includes(wanted);
    if (!item.hidden) count += 1;
  }
  shown.textContent = wanted ? `${count} of ${items.length} shown` : "";
});
