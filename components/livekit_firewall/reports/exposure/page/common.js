// Shows what the pages have in common: the form, reasons, the search. Text only ever becomes text, never markup.

const MOST_SHOWN = 12;
const VERDICTS = { allowed: "Yes", "partly allowed": "In part", "not known": "Depends", denied: "No" };

const at = (id) => document.getElementById(id);

function make(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Many lines: the first ones, the others folded.
function list(items) {
  const shown = make("ul", "", ...items.slice(0, MOST_SHOWN).map((item) => make("li", "", ...item)));
  if (items.length <= MOST_SHOWN) return [shown];
  const rest = items.slice(MOST_SHOWN);
  const folded = make("ul", "", ...rest.map((item) => make("li", "", ...item)));
  return [shown, make("details", "", make("summary", "", `and ${rest.length} more`), folded)];
}

function code(text) {
  return make("code", "", text);
}

function name(peer) {
  if (IDENTITIES.includes(peer)) return peer.replace("-", " ");
  return isName(peer) ? `${peer} (not known yet)` : peer;
}

function opened(rule, condition) {
  return [`${rule.service} on `, code(showPorts(rule)), ` is open to `, code(name(rule.peer)), ` and ${condition}; key `, code(rule.key)];
}

function because(found) {
  const admitted = found.rules.map((rule) => [
    `${rule.service} on `, code(showPorts(rule)), ` from `, code(name(rule.peer)), `: ${rule.reason}; key `, code(rule.key),
  ]);
  const possible = found.possible.map((rule) => opened(rule, "to this peer only if it is one of them"));
  const unsure = found.unsure.map((rule) => [`${rule.service} on `, code(showPorts(rule)), `: ${rule.reason}; key `, code(rule.key)]);
  const known = [...admitted, ...possible, ...unsure];
  if (known.length) return known;
  const meant = found.others.map((rule) => opened(rule, "not to this peer"));
  const shut = found.closed.map((listener) => [
    `${listener.service} on `, code(showPorts(listener)), ` is closed: ${listener.because}; key `, code(listener.key),
  ]);
  const reasons = [...meant, ...shut];
  return reasons.length ? reasons : [["No service of this configuration listens there."]];
}

function showMistake(mistake) {
  at("answer").replaceChildren(make("p", "mistake", mistake.message));
  at(mistake.field).setAttribute("aria-invalid", "true");
  at(mistake.field).focus();
}

function readKnown() {
  return JSON.parse(at("known").textContent);
}

function withSpans(known) {
  known.rules.push(...known.besides);
  for (const rule of [...known.rules, ...known.unsure]) rule.spans = spansOf(rule.peer);
  return known;
}

// `answer(who, ports)` shows the answer, or throws a Mistake.
function prepareQuestion(answer) {
  at("question").addEventListener("submit", (event) => {
    event.preventDefault();
    for (const field of ["who", "ports"]) at(field).removeAttribute("aria-invalid");
    try {
      answer(at("who").value, at("ports").value);
    } catch (mistake) {
      if (!(mistake instanceof Mistake)) throw mistake;
      showMistake(mistake);
    }
  });
  at("ask").hidden = false;
}

// Rows are {row, text, also}: what is searched, and what is hidden with the row. `fits(row)` is asked besides.
function prepareFilters(rows, controls, fits) {
  function update() {
    const words = at("search").value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const { row, text, also } of rows) {
      const isShown = words.every((word) => text.includes(word)) && fits(row);
      row.hidden = !isShown;
      for (const one of also) one.hidden = !isShown;
      count += Number(isShown);
    }
    at("none").hidden = count > 0;
    at("count").textContent = `${count} of ${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  }

  function clear() {
    at("filters").reset();
    update();
    at("search").focus();
  }

  for (const control of ["search", ...controls]) at(control).addEventListener("input", update);
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("clear").addEventListener("click", clear);
  at("show-all").addEventListener("click", clear);
  at("filters").hidden = false;
  update();
}

// Paper has no way to unfold anything.
function prepareForPaper() {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
}
