// Text from evidence is shown with what is invisible, or would turn the text
// around it, as an escape: controls, bidi and zero-width characters, blanks
// that look like a space.
const HIDDEN = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]|(?! )\p{Zs}|(?<=\p{M}\p{M})\p{M}/gu;
const escaped = c => [...Array(c.length).keys()].map(n => "\\u" + c.charCodeAt(n).toString(16).padStart(4, "0")).join("");
const visible = text => String(text).replace(HIDDEN, escaped);

// json is v as JSON without invisible characters: escaped, nothing is lost.
const json = (v, indent) => JSON.stringify(v, null, indent).replace(HIDDEN, escaped);

// el makes an element; text is set as text.
function el(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = visible(text);
  return e;
}

function button(className, text, click) {
  const b = el("button", className, text);
  b.type = "button";
  b.addEventListener("click", click);
  return b;
}

// link leads to the timeline, and does something there.
function link(className, text, click) {
  const a = el("a", className, text);
  a.href = "#explorer";
  a.addEventListener("click", e => { e.preventDefault(); click(); });
  return a;
}

const cut = (text, n) => text.length > n ? text.slice(0, n - 1) + "…" : text;
const number = n => String(n).replace(/\B(?=(\d{3})+$)/g, n > 9999 ? "," : "");
const many = (n, noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

// credential names a credential, or all of a kind, as finding.CredentialText does.
function credential(x) {
  const [all, ...labels] = x.name.split(" with "), within = x.namespace ? ` in ${x.namespace}` : "";
  if (all === "*") return [`every ${x.kind}${within || (x.kind === "secret" ? " of the cluster" : " within reach")}`, ...labels].join(" with ");
  if (within && x.name.startsWith("pod ")) return `${x.kind} in pod ${x.namespace}/${x.name.slice(4)}`;
  if (within && x.name.includes(" ")) return `${x.kind} ${x.name}${within}`;
  return `${x.kind} ${x.namespace ? x.namespace + "/" : ""}${x.name}`;
}

// Times are shown in UTC; the viewer's zone comes on request, and UTC stays
// with it where there is room.
let local = false;
function zone(ms) {
  const minutes = -new Date(ms).getTimezoneOffset(), a = Math.abs(minutes);
  return "UTC" + (minutes < 0 ? "-" : "+") + String(Math.floor(a / 60)).padStart(2, "0") + ":" + String(a % 60).padStart(2, "0");
}
const iso = ms => new Date(local ? ms - new Date(ms).getTimezoneOffset() * 60000 : ms).toISOString().replace("T", " ");
const stamp = ms => Number.isNaN(ms) ? "no time" : iso(ms).slice(5, 19);
const minute = ms => iso(ms).slice(0, 19);
function full(ms) {
  if (Number.isNaN(ms)) return "no time";
  const utc = new Date(ms).toISOString().slice(0, 23).replace("T", " ") + " UTC";
  return local ? `${iso(ms).slice(0, 23)} ${zone(ms)} (${utc})` : utc;
}

// when reads a time as a person types it: a date, a date and a time, or a time
// on the day that is shown; in the zone that is shown unless one is given. An
// end that is not precise means all of its day, minute or second.
function when(text, isEnd, day) {
  const m = /^\s*(?:(\d{4}-\d\d-\d\d)(?:[T ]+|$))?(?:(\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?\s*$/i.exec(text);
  if (!m || !(m[1] || m[2])) return NaN;
  const place = m[4] ? (/^[zu]/i.test(m[4]) ? "Z" : m[4].replace(/^(...)(\d)/, "$1:$2")) : local ? "" : "Z";
  const at = Date.parse((m[1] || iso(day).slice(0, 10)) + "T" + (m[2] || "00:00") + (m[3] || ":00") + place);
  return at + (!isEnd ? 0 : !m[2] ? 86399999 : !m[3] ? 59999 : m[3].includes(".") ? 0 : 999);
}
