// Shows: the form with its answers, the search, the filters. Text only ever becomes text, never markup.

const MOST_SHOWN = 12;
const VERDICTS = { allowed: "Yes", denied: "No", "partly allowed": "In part", "not known": "Depends" };

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
  if (admitted.length || possible.length) return [...admitted, ...possible];
  const meant = found.others.map((rule) => opened(rule, "not to this peer"));
  const shut = found.closed.map((listener) => [
    `${listener.service} on `, code(showPorts(listener)), ` is closed: ${listener.because}; key `, code(listener.key),
  ]);
  const reasons = [...meant, ...shut];
  return reasons.length ? reasons : [["No service of this configuration listens there."]];
}

// A part of what was asked; the whole is in the verdict.
function part(className, title, pieces) {
  const shown = pieces.flatMap(({ ports, peers }) => peers.map((peer) => [code(ports), " from ", code(name(peer))]));
  return shown.length ? [make("div", className, make("h3", "", title), ...list(shown))] : [];
}

function showAnswer(found) {
  const kind = found.verdict.replace(" ", "-");
  const isWhole = found.verdict === "denied" || (found.verdict === "not known" && !found.denied.length);
  at("answer").replaceChildren(
    make("p", `verdict ${kind}`, make("strong", "", VERDICTS[found.verdict]), ` ${found.verdict}: `, code(found.asked)),
    make("div", "because", ...list(because(found))),
    ...(isWhole ? [] : [...part("denied", "Denied", found.denied), ...part("not-known", "Not known", found.notKnown)]),
  );
}

function showMistake(mistake) {
  at("answer").replaceChildren(make("p", "mistake", mistake.message));
  at(mistake.field).setAttribute("aria-invalid", "true");
  at(mistake.field).focus();
}

function readKnown() {
  const known = JSON.parse(at("known").textContent);
  for (const rule of known.rules) rule.spans = spansOf(rule.peer);
  return known;
}

function prepareQuestion() {
  const known = readKnown();
  at("question").addEventListener("submit", (event) => {
    event.preventDefault();
    for (const field of ["who", "ports"]) at(field).removeAttribute("aria-invalid");
    try {
      showAnswer(judge(known, at("who").value, at("ports").value));
    } catch (mistake) {
      if (!(mistake instanceof Mistake)) throw mistake;
      showMistake(mistake);
    }
  });
  at("ask").hidden = false;
}

function prepareFilters() {
  if (!at("ways-in")) return;
  const rows = [...at("ways-in").tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const controls = ["search", "service", "protocol", "public"].map(at);
  const [search, service, protocol, isPublic] = controls;

  function update() {
    const words = search.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const { row, text } of rows) {
      const { dataset } = row;
      const fits =
        words.every((word) => text.includes(word)) &&
        (!service.value || dataset.service === service.value) &&
        (!protocol.value || dataset.protocol === protocol.value) &&
        (!isPublic.checked || dataset.public !== "no");
      row.hidden = !fits;
      count += Number(fits);
    }
    at("none").hidden = count > 0;
    at("count").textContent = `${count} of ${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  }

  function clear() {
    at("filters").reset();
    update();
    search.focus();
  }

  for (const control of controls) control.addEventListener("input", update);
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

prepareQuestion();
prepareFilters();
prepareForPaper();
