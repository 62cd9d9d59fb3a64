// The page of one deployment: its answers and its filters.

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

const known = withSpans(readKnown());
prepareQuestion((who, ports) => showAnswer(judge(known, who, ports)));
if (at("ways-in")) {
  const rows = [...at("ways-in").tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase(), also: [] }));
  prepareFilters(rows, ["service", "protocol", "public"], ({ dataset }) => {
    const isService = !at("service").value || dataset.service === at("service").value;
    const isProtocol = !at("protocol").value || dataset.protocol === at("protocol").value;
    return isService && isProtocol && (!at("public").checked || dataset.public !== "no");
  });
}
prepareForPaper();
