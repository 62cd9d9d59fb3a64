// The page of many stacks: which of them let X reach Y, the filters, and what a link to a stack unfolds.

function link(stack) {
  const made = make("a", "", stack.name);
  made.href = `#${stack.at}`;
  return made;
}

// Why it is so: the first rule or listener that a stack has to say about it.
function line(stack, found) {
  const [first] = because(found);
  return [link(stack), ": ", ...first];
}

function showStacks(stacks, whoText, portsText) {
  const read = stacks.filter((stack) => stack.known);
  const unread = stacks.filter((stack) => !stack.known);
  // also where no stack could be read a mistake is one
  const { text } = readWho(whoText);
  const asked = `${showPorts(readPorts(portsText))} from ${text}`;
  const answers = read.map((stack) => ({ stack, found: judge(stack.known, whoText, portsText) }));
  const parts = Object.entries(VERDICTS).flatMap(([verdict, word]) => {
    const those = answers.filter(({ found }) => found.verdict === verdict);
    if (!those.length) return [];
    const lines = those.map(({ stack, found }) => line(stack, found));
    const head = make("p", `verdict ${verdict.replace(" ", "-")}`, make("strong", "", word), ` in ${those.length} of ${stacks.length}: `, code(asked));
    return [head, make("div", "because", ...list(lines))];
  });
  if (unread.length) {
    parts.push(
      make("p", "verdict denied", make("strong", "", "Not known"), ` of ${unread.length} that could not be read`),
      make("div", "because", ...list(unread.map((stack) => [link(stack)]))),
    );
  }
  at("answer").replaceChildren(...parts);
}

function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  const details = target && target.closest("details.stack");
  if (!details) return;
  details.hidden = false;
  details.open = true;
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

const { stacks } = readKnown();
for (const { known } of stacks) if (known) withSpans(known);
prepareQuestion((who, ports) => showStacks(stacks, who, ports));

const details = new Map([...document.querySelectorAll("details.stack")].map((one) => [one.dataset.stack, one]));
const rows = [...at("fleet").tBodies[0].rows].map((row) => {
  const own = details.get(row.dataset.stack);
  const platforms = [...row.querySelectorAll(".platform")].map((one) => one.textContent);
  return { row, text: `${row.textContent} ${own.textContent}`.toLowerCase(), also: [own], platforms };
});
const platformsOf = new Map(rows.map(({ row, platforms }) => [row, platforms]));
prepareFilters(rows, ["platform", "grave"], (row) => {
  const isOfPlatform = !at("platform").value || platformsOf.get(row).includes(at("platform").value);
  return isOfPlatform && (!at("grave").checked || row.dataset.grave === "yes");
});
window.addEventListener("hashchange", unfold);
// a second click on the same link changes no hash
document.addEventListener("click", (event) => {
  const followed = event.target.closest("a[href^='#stack-']");
  if (followed && followed.hash === location.hash) unfold();
});
unfold();
prepareForPaper();
