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
	Details  []string      `json:"details"`         // of those that rules ask for, which its events had: audit levels, record types; sorted
	Matched  []string      `json:"matched"`         // ids of the rules that matched events of it, sorted; a finding may have been made of none of them
}

// Entries are the entries of a ledger that are not all in memory.
type Entries interface {
	// Len is how many there are.
	Len() int64
	// Each calls f for each in order of path, as often as it is called. f must
	// neither change nor keep the entry. It returns the first error of f, or why
	// an entry could not be read.
	Each(f func(*Entry) error) error
}

// EachEntry calls f for every entry of the ledger, as Entries does.
func (o *Overview) EachEntry(f func(*Entry) error) error {
	if o.Long != nil {
		return o.Long.Each(f)
	}
	for i := range o.Ledger {
		if err := f(&o.Ledger[i]); err != nil {
			return err
		}
	}
	return nil
}

// Entries is the number of entries of the ledger.
func (o *Overview) Entries() int64 {
	if o.Long != nil {
		return o.Long.Len()
	}
	return int64(len(o.Ledger))
}

// A Remark is a note or a gap, the same ones of a source counted together.
type Remark = parsers.Remark

// Coverage is what could have been seen.
type Coverage struct {
	Formats []FormatCoverage `json:"formats"` // every known format, present or absent
	Sources []SourceCoverage `json:"sources"` // the same for each kind of source; every source is in one
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

// SourceCoverage says which rules could fire on sources of one kind, and which
// could not and why. Sources are of one kind if they are of one format and their
// events had the same details: ten thousand rotated files are a line or two.
// In the ledger they are those of this Format and these Details.
type SourceCoverage struct {
	Format  string       `json:"format"`  // "" for sources in which no known format was recognised
	Details []string     `json:"details"` // as in Entry
	Sources int          `json:"sources"`
	Events  int64        `json:"events"`
	First   Time         `json:"first"`
	Last    Time         `json:"last"`
	Paths   []string     `json:"paths"` // the first of them in order of path, at most MaxSourcePaths
	Asked   int          `json:"asked"` // rules for logs of this format
	Could   int          `json:"could"` // of those, rules that could fire
	Fired   []string     `json:"fired"` // ids of rules that matched in one of them and fired, sorted
	Blind   []SourceGaps `json:"blind"` // why the other Asked - Could could not, most rules first
}

// MaxSourcePaths bounds SourceCoverage.Paths.
const MaxSourcePaths = 5

// SourceGaps are the rules that could not fire on a source for one reason.
type SourceGaps struct {
	Why   string   `json:"why"`
	Rules []string `json:"rules"` // ids, sorted
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

// ArchiveLooks is what the ledger entries of archives look like: they hold sources and
// are none.
const ArchiveLooks = "archive"
