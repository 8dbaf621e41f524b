package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Schema identifies the form of an index.
const Schema = "tideline.state/3"

// firstSchema is the form that had no checkpoints, secondSchema the one whose
// checkpoints are of one line. Of such indexes what was told is taken over; the
// evidence is read again.
const (
	firstSchema  = "tideline.state/1"
	secondSchema = "tideline.state/2"
)

// schemaFamily is what all versions of Schema begin with.
const schemaFamily = "tideline.state/"

// errDamaged says that an index is not what was written.
var errDamaged = errors.New("damaged")

// An Index is what is known. Its zero value knows nothing.
type Index struct {
	Maker   string          `json:"maker"`            // what the segments depend on besides the evidence: rules, options, version
	Choice  string          `json:"choice,omitempty"` // what chose the findings that were told
	Run     time.Time       `json:"run"`              // when the run began that committed it; for people
	Newest  time.Time       `json:"newest"`           // event read so far
	Sources []Source        `json:"sources"`
	Told    map[string]Told `json:"told"`   // by finding id
	Recent  *Checkpoint     `json:"recent"` // a night without late events goes on from here
	Past    *Checkpoint     `json:"past"`   // and any night from here: what was found before it has no segments any more
}

// A Checkpoint names a file of its own: what was concluded of all events
// before a moment, folded.
type Checkpoint struct {
	Segment
	At     time.Time `json:"at"`
	Covers int       `json:"covers"` // number of segments whose events before At are in it
}

// Coverage says which checkpoints hold what was found in a segment before
// their time. What Past holds Recent holds too.
type Coverage int

const (
	InNone Coverage = iota
	InRecent
	InPast
)

// A Source is one content that was read, and the file that was last seen to
// hold it.
type Source struct {
	Path string `json:"path"` // where it was last seen
	Read string `json:"read"` // the path that its segments name

	// The file, to recognise it without reading it.
	Dev     uint64 `json:"dev"`
	Inode   uint64 `json:"inode"`
	Size    int64  `json:"size"`            // stored bytes that were read
	ModTime int64  `json:"mtime"`           // nanoseconds since 1970
	Changed int64  `json:"ctime,omitempty"` // likewise; 0 where it is not known
	Ends    string `json:"ends"`            // digest of the first and the last bytes of the Size stored ones
	Left    int64  `json:"left,omitempty"`  // bytes behind Size: an unfinished line, left for the next run

	// The content. An archive has no Head: it is known by its stored bytes.
	Head    string `json:"head,omitempty"`     // digest of its first HeadLen bytes
	HeadLen int64  `json:"head_len,omitempty"` // 0 for an archive
	Length  int64  `json:"length"`
	Sum     string `json:"sum"`

	// Where reading goes on when a plain file has grown; Cut is 0 if it must
	// begin anew.
	Cut      int64    `json:"cut,omitempty"`
	Lines    int64    `json:"lines,omitempty"`    // before Cut
	CutHash  []byte   `json:"cut_hash,omitempty"` // SHA-256 in progress, of the bytes before Cut
	Format   string   `json:"format,omitempty"`   // of what is before Cut
	Envelope string   `json:"envelope,omitempty"`
	Carry    *Segment `json:"carry,omitempty"` // what its decoder knew at Cut: open groups, processes

	// What was found. With a Cut, the last part is what is behind it.
	Key     string    `json:"key"`               // under which checkpoints have its ledger entry
	Shown   string    `json:"shown"`             // path of it in checkpoints
	Parts   []Segment `json:"parts"`             // those that are still needed
	Dropped int       `json:"dropped,omitempty"` // parts that only Past has
	From    time.Time `json:"from,omitzero"`     // events before it are those of another version of the file, in Past
}

// A Segment names a partial result.
type Segment struct {
	SHA256  string    `json:"sha256"`
	Size    int64     `json:"size"`
	Hits    int64     `json:"hits,omitempty"`
	First   time.Time `json:"first,omitzero"` // hit; zero if one has no time
	Last    time.Time `json:"last,omitzero"`
	Covered Coverage  `json:"covered,omitempty"`
}

// Told is a finding that was reported.
type Told struct {
	Count     int64     `json:"count"` // occurrences when it was last told
	Outcome   string    `json:"outcome"`
	Act       string    `json:"act"`                 // what it shares with the same act of another outcome
	Last      time.Time `json:"last,omitzero"`       // occurrence when it was last looked at
	Withdrawn bool      `json:"withdrawn,omitempty"` // later evidence made something else of it
}

// An envelope is the first line of an index.
type envelope struct {
	Schema string `json:"schema"`
	Length int    `json:"length"`
	SHA256 string `json:"sha256"`
}

// encode gives the bytes of an index. The same index gives the same bytes.
func (x *Index) encode() ([]byte, error) {
	body, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("encode the state: %w", err)
	}
	head, err := json.Marshal(envelope{Schema, len(body), digest(body)})
	if err != nil {
		return nil, fmt.Errorf("encode the state: %w", err)
	}
	return append(append(append(head, '\n'), body...), '\n'), nil
}

// A NewerError is returned for a state that a later version wrote: it is left
// as it is.
type NewerError struct{ Schema string }

func (e *NewerError) Error() string {
	return fmt.Sprintf("the state has the form %.40q, this version reads %s: use the version that wrote it, or another folder", e.Schema, Schema)
}

// decode reads what encode wrote.
func decode(b []byte) (*Index, error) {
	line, body, _ := bytes.Cut(b, []byte("\n"))
	var e envelope
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, fmt.Errorf("%w: its first line cannot be read", errDamaged)
	}
	first := e.Schema == firstSchema || e.Schema == secondSchema
	if e.Schema != Schema && !first && strings.HasPrefix(e.Schema, schemaFamily) {
		return nil, &NewerError{e.Schema}
	}
	body = bytes.TrimSuffix(body, []byte("\n"))
	if e.Schema != Schema && !first || len(body) != e.Length || digest(body) != e.SHA256 {
		return nil, fmt.Errorf("%w: its bytes are not those that were written", errDamaged)
	}
	x := &Index{}
	if err := json.Unmarshal(body, x); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if first {
		x.Sources, x.Maker = nil, ""
	}
	for name := range x.segments() {
		if raw, err := hex.DecodeString(name); err != nil || len(raw) != sha256.Size {
			return nil, fmt.Errorf("%w: a segment's name is no digest", errDamaged)
		}
	}
	if x.Told == nil {
		x.Told = map[string]Told{}
	}
	return x, nil
}

// segments are the names of all files that x needs.
func (x *Index) segments() map[string]bool {
	out := map[string]bool{}
	for i := range x.Sources {
		for _, p := range x.Sources[i].Parts {
			out[p.SHA256] = true
		}
		if c := x.Sources[i].Carry; c != nil {
			out[c.SHA256] = true
		}
	}
	for _, c := range []*Checkpoint{x.Recent, x.Past} {
		if c != nil {
			out[c.SHA256] = true
		}
	}
	return out
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
