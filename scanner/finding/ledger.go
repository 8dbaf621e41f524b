package finding

import "tideline/parsers"

// An Entry of the ledger says what became of one source, byte by byte.
// Bytes.Read = Bytes.Events + Bytes.Notes + Bytes.Gaps.
type Entry struct {
	Path     string        `json:"path"`
	Format   string        `json:"format"` // "" if none was recognised
	Envelope string        `json:"envelope"`
	Codecs   []string      `json:"codecs"` // outermost first: ["gzip"]
	SHA256   string        `json:"sha256"` // of the file or member as stored, hex; of exactly the bytes read
	Size     int64         `json:"size"`   // bytes of the file or member as stored
	Bytes    parsers.Bytes `json:"bytes"`  // decompressed
	Records  int64         `json:"records"`
	Events   int64         `json:"events"`
	First    Time          `json:"first"`
	Last     Time          `json:"last"`
	Notes    []Remark      `json:"notes"`
	Gaps     []Remark      `json:"gaps"`
	Host     string        `json:"host"`
	Cluster  string        `json:"cluster"`
	Looks    string        `json:"looks,omitempty"` // of an unrecognised source
}

// A Remark is a note or a gap, the same ones of a source counted together.
type Remark = parsers.Remark

// Coverage is what could have been seen.
type Coverage struct {
	Formats []FormatCoverage `json:"formats"` // every known format, present or absent
	Rules   []RuleCoverage   `json:"rules"`   // every rule that could not fire, and why
	Ran     int              `json:"ran"`     // rules that could fire
	Fired   int              `json:"fired"`   // rules that did
	Refused []RefusedRule    `json:"refused"` // rules that could not be loaded
	Blind   []string         `json:"blind"`   // what could not have been seen, a sentence each, most important first
	Quiet   []Silence        `json:"quiet"`   // spans without events where there should be some
}

// FormatCoverage says how much of a format was in the evidence, and how much
// its events could tell.
type FormatCoverage struct {
	Format  string           `json:"format"`
	Sources int              `json:"sources"`
	Events  int64            `json:"events"`
	First   Time             `json:"first"`
	Last    Time             `json:"last"`
	Details map[string]int64 `json:"details"` // events by detail: audit level, record type
}

// RuleCoverage says why a rule could not fire on this evidence.
type RuleCoverage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Level string `json:"level"`
	Why   string `json:"why"`
}

// A RefusedRule is one that could not be loaded.
type RefusedRule struct {
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// A Silence is a span of a source without events.
type Silence struct {
	Path   string `json:"path"`
	From   Time   `json:"from"`
	To     Time   `json:"to"`
	Reason string `json:"reason"`
}
