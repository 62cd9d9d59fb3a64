"use strict";
// Judges "can X reach Y?" as `explain` does. Knows nothing of the page.

// A set of sources is a list of spans: {plane, low, high}. Planes share no packet: 4, 6, or the name of an identity or of
// a block that is not known yet.
const BITS = { 4: 32n, 6: 128n };
const IDENTITIES = ["load-balancer", "same-group", "clients", "trunks", "operators", "cluster"];
const MAX_PORT = 65535;
const WHO = `an address such as 203.0.113.7, a block such as 203.0.113.0/24, anywhere, ${IDENTITIES.slice(0, -1).join(", ")} or cluster`;
const PORTS = "tcp/PORT or udp/PORT, or a range such as udp/50000-60000";

class Mistake extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

function readIpv4(text) {
  const parts = text.split(".");
  const isAddress = parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
  return isAddress ? parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) : null;
}

function readIpv6(text) {
  const tail = text.slice(text.lastIndexOf(":") + 1);
  if (tail.includes(".")) {
    const four = readIpv4(tail);
    if (four === null) return null;
    const groups = `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
    return readIpv6(text.slice(0, text.length - tail.length) + groups);
  }
  const halves = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const given = halves.flat();
  const isWhole = halves.length === 1 ? given.length === 8 : halves.length === 2 && given.length < 8;
  if (!isWhole || !given.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const left = halves[0];
  const zeros = Array(8 - given.length).fill("0");
  const groups = [...left, ...zeros, ...given.slice(left.length)];
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function readAddress(text) {
  const four = readIpv4(text);
  if (four !== null) return { plane: 4, value: four };
  const six = text.includes(":") ? readIpv6(text) : null;
  return six === null ? null : { plane: 6, value: six };
}

function showAddress(plane, value) {
  if (plane === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, place) => ((value >> BigInt(112 - 16 * place)) & 0xffffn).toString(16));
  let best = { start: 0, length: 1 }; // one zero alone is not worth two colons
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === "0") length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.length === 1) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

function readBlock(text) {
  const [address, ...rest] = text.split("/");
  if (address.includes("%")) throw new Mistake("who", `${text} has a zone: leave out what follows %.`);
  const found = readAddress(address);
  if (!found || rest.length > 1) throw new Mistake("who", `${text} is not ${WHO}.`);
  const bits = BITS[found.plane];
  const prefix = rest.length ? rest[0] : String(bits);
  if (!/^[0-9]{1,3}$/.test(prefix) || BigInt(prefix) > bits) {
    throw new Mistake("who", `${text} must end in a prefix length from 0 to ${bits}.`);
  }
  if (found.plane === 6 && found.value >> 32n === 0xffffn && Number(prefix) >= 96) {
    const mapped = `${showAddress(4, found.value & 0xffffffffn)}/${Number(prefix) - 96}`;
    throw new Mistake("who", `${text} is an IPv4 address written as IPv6, which no packet carries: write ${mapped}.`);
  }
  const size = 1n << (bits - BigInt(prefix));
  const low = found.value - (found.value % size);
  if (low !== found.value) {
    const block = `${showAddress(found.plane, low)}/${BigInt(prefix)}`;
    const one = showAddress(found.plane, found.value);
    throw new Mistake("who", `${text} is no block: write ${block} for the block or ${one} for that one address.`);
  }
  return { plane: found.plane, low, high: low + size - 1n };
}

function wholeFamily(plane) {
  return { plane, low: 0n, high: (1n << BITS[plane]) - 1n };
}

function isName(peer) {
  return IDENTITIES.includes(peer) || peer.startsWith("cidrs.");
}

function spansOf(peer) {
  if (peer === "anywhere") return [wholeFamily(4), wholeFamily(6)];
  if (isName(peer)) return [{ plane: peer, low: 0n, high: 0n }];
  return [readBlock(peer)];
}

// 127.0.0.0/8 and ::1
function isLoopback({ plane, low, high }) {
  return plane === 4 ? low >> 24n === 127n && high >> 24n === 127n : plane === 6 && low === 1n && high === 1n;
}

function readWho(text) {
  const given = text.trim();
  const word = given.toLowerCase().replace(" ", "-");
  if (!given) throw new Mistake("who", `Say who: ${WHO}.`);
  if (IDENTITIES.includes(word)) return { spans: spansOf(word), text: word };
  if (isName(given)) throw new Mistake("who", `${given} is not ${WHO}.`);
  const spans = spansOf(word === "anywhere" ? word : given);
  if (spans.every(isLoopback)) throw new Mistake("who", `${given} is the node itself, which sends to itself past every rule.`);
  return { spans, text: spans.length > 1 ? "anywhere" : showSpan(spans[0])[0] };
}

function readPorts(text) {
  const given = text.trim().toLowerCase();
  if (!given) throw new Mistake("ports", `Say which port: ${PORTS}.`);
  const turned = given.replace(/^([0-9-]+)\/([a-z]+)$/, "$2/$1"); // 50008/udp
  const found = /^(tcp|udp)\/([0-9]+)(?:-([0-9]+))?$/.exec(turned);
  if (!found) throw new Mistake("ports", `${text.trim()} must be ${PORTS}.`);
  const [first, last] = [Number(found[2]), Number(found[3] || found[2])];
  const wrong = [first, last].find((port) => port < 1 || port > MAX_PORT);
  if (wrong !== undefined) throw new Mistake("ports", `A port is a number from 1 to ${MAX_PORT}, not ${wrong}.`);
  if (first > last) throw new Mistake("ports", `The first port must not be above the last: ${first} is above ${last}.`);
  return { protocol: found[1], first, last };
}

function showPorts({ protocol, first, last }) {
  return `${protocol}/${first}${first === last ? "" : `-${last}`}`;
}

// The blocks of a span, as few as possible.
function showSpan({ plane, low, high }) {
  if (!BITS[plane]) return [plane];
  const shown = [];
  for (let next = low; next <= high; ) {
    let length = 0n;
    while (length < BITS[plane] && next % (2n << length) === 0n && next + (2n << length) - 1n <= high) length += 1n;
    shown.push(`${showAddress(plane, next)}/${BITS[plane] - length}`);
    next += 1n << length;
  }
  return shown;
}

function overlap(one, other) {
  return one.plane === other.plane && one.low <= other.high && other.low <= one.high;
}

function portsOverlap(one, other) {
  return one.protocol === other.protocol && one.first <= other.last && other.first <= one.last;
}

// What is left of a piece ({plane, low, high, protocol, first, last}) without another: at most four pieces.
function without(piece, cut) {
  if (!overlap(piece, cut) || !portsOverlap(piece, cut)) return [piece];
  const [first, last] = [Math.max(piece.first, cut.first), Math.min(piece.last, cut.last)];
  return [
    { ...piece, last: cut.first - 1 },
    { ...piece, first: cut.last + 1 },
    { ...piece, first, last, high: cut.low - 1n },
    { ...piece, first, last, low: cut.high + 1n },
  ].filter((rest) => rest.first <= rest.last && rest.low <= rest.high);
}

// Whether they have ports in common, and one of the two a peer whose addresses are not known here.
function mayAdmit(rule, piece) {
  return portsOverlap(rule, piece) && !(BITS[piece.plane] && rule.spans.every((span) => BITS[span.plane]));
}

// By ports, in the order of addresses: [{ports, peers: [text]}].
function showPieces(pieces) {
  const peers = new Map();
  for (const piece of pieces.sort((one, other) => one.first - other.first || (one.low < other.low ? -1 : 1))) {
    const ports = showPorts(piece);
    peers.set(ports, [...(peers.get(ports) || []), ...showSpan(piece)]);
  }
  return [...peers].map(([ports, found]) => {
    const isAnywhere = found.includes("0.0.0.0/0") && found.includes("::/0");
    return { ports, peers: isAnywhere ? ["anywhere"] : found };
  });
}

// An audience is all sources that it has at those ports: addresses, and those whom a platform knows otherwise.
function meant(known, who, ports) {
  const isMeant = (one) => one.name === who.text && one.ports.some((some) => portsOverlap(some, ports));
  const audience = known.audiences.find(isMeant);
  return audience ? { ...who, spans: audience.peers.flatMap(spansOf) } : who;
}

function judge(known, whoText, portsText) {
  const asked = readWho(whoText);
  const ports = readPorts(portsText);
  const who = meant(known, asked, ports);
  const names = who.spans.filter((span) => !BITS[span.plane]);
  const admitted = (rule) => (rule.peer === "anywhere" ? [...rule.spans, ...names] : rule.spans);
  const rules = known.rules.filter(
    (rule) => portsOverlap(rule, ports) && admitted(rule).some((span) => who.spans.some((one) => overlap(one, span))),
  );
  let left = who.spans.map((span) => ({ ...span, ...ports }));
  for (const rule of rules) {
    for (const span of admitted(rule)) left = left.flatMap((piece) => without(piece, { ...rule, ...span }));
  }
  const others = known.rules.filter((rule) => portsOverlap(rule, ports) && !rules.includes(rule));
  const possible = others.filter((rule) => left.some((piece) => mayAdmit(rule, piece)));
  const shut = left.flatMap((piece) =>
    possible
      .filter((rule) => mayAdmit(rule, piece))
      .reduce((rest, { first, last }) => rest.flatMap((one) => without(one, { ...piece, first, last })), [piece]),
  );
  const unsure = known.unsure.filter((rule) => portsOverlap(rule, ports));
  const past = unsure.flatMap((rule) => rule.spans.map((span) => ({ ...rule, ...span })));
  const denied = past.reduce((rest, cut) => rest.flatMap((piece) => without(piece, cut)), shut);
  const notKnown = denied.reduce((rest, cut) => rest.flatMap((piece) => without(piece, cut)), left);
  return {
    verdict: left.length === 0 ? "allowed" : rules.length ? "partly allowed" : notKnown.length ? "not known" : "denied",
    asked: `${showPorts(ports)} from ${who.text}`,
    rules,
    denied: showPieces(denied),
    notKnown: showPieces(notKnown),
    others,
    possible,
    unsure: unsure.filter((rule) => rule.spans.some((span) => left.some((piece) => overlap(piece, span)))),
    closed: known.closed.filter((listener) => portsOverlap(listener, ports)),
  };
}
