// The page of one deployment: its answers and its filters.

const VERDICTS = { allowed: "Yes", denied: "No", "partly allowed": "In part" };

function showAnswer(found) {
  const denied = found.denied.flatMap(({ ports, peers }) =>
    peers.map((peer) => [code(ports), " from ", code(name(peer))]),
  );
  const kind = found.verdict.replace(" ", "-");
  at("answer").replaceChildren(
    make("p", `verdict ${kind}`, make("strong", "", VERDICTS[found.verdict]), ` ${found.verdict}: `, code(found.asked)),
    make("div", "because", ...list(because(found))),
    ...(found.verdict === "partly allowed" ? [make("div", "denied", make("h3", "", "Denied"), ...list(denied))] : []),
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
