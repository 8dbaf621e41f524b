package parsers

import "time"

// A Pos is a place in a decompressed stream.
type Pos struct {
	Line   int64 `json:"line"`   // counts from 1: the line on which the record starts
	Offset int64 `json:"offset"` // bytes from the start of the stream
	Length int64 `json:"length"` // bytes, without the newline
}

// A Record is one record of a log, cut out of its stream and taken out of its
// envelopes. All bytes are borrowed: see the package comment.
type Record struct {
	Data   []byte // what the format reads: the innermost payload
	Raw    []byte // the record as it stands in the stream; Data if nothing wrapped it
	Pos    Pos    // of Raw
	Origin Origin

	// Context is the head of the JSON object whose array this record is an
	// element of (`{"messageType":...,"logEvents":[`), up to 64 KiB; nil if
	// the record stands alone.
	Context []byte

	// Cut: the end of the record is missing (the stream ended, or the record
	// is longer than the limit), so that only its head can be understood.
	Cut bool

	// Room is for the record that an envelope takes out of this one. Optional.
	Room *Room
}

// A Room is what a record is taken out of an envelope into, so that it costs no
// allocation. It holds what it held the last time.
type Room struct {
	Record Record
	Last   Origin // of the record before: most often it is the same
	Text   []byte // of Record, where it had to be decoded
}

// An Origin is what the envelopes of a record, and the path of its stream,
// tell about where it comes from. Empty means not told.
type Origin struct {
	Envelope string    // names of the envelopes, outermost first, joined by ">"
	Time     time.Time // the envelope's own stamp: used when the record has none
	Host     string    // node or machine
	Cluster  string
	Container
	Stream string // stdout or stderr, of container output
}

// Same reports whether o and p tell the same, but for Time.
func (o *Origin) Same(p *Origin) bool {
	return o.Host == p.Host && o.Envelope == p.Envelope && o.Cluster == p.Cluster && o.Stream == p.Stream && o.Container == p.Container
}

// A Container names a container as far as a record tells. All parts are
// optional; ID is the full or the short hexadecimal id.
type Container struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Pod       string `json:"pod"`
	Namespace string `json:"namespace"`
	Image     string `json:"image,omitempty"`
}
