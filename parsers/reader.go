package parsers

import (
	"context"
	"io"
)

// A Stream is one decompressed input as the scanner hands it to a Reader.
type Stream struct {
	Path   string    // display path through the archives, for detection hints
	Reader io.Reader // ends with io.EOF, or with the error that cut it short
	Origin Origin    // what the path told (host, pod, container)
}

// ReadOptions are what a Reader is told. The zero value detects the format
// and uses the default limits.
type ReadOptions struct {
	Options
	Format    string // Optional: skip detection, use the format of this name
	MaxRecord int    // Optional: bytes of a record parsed in full; 0 means 64 MiB
	Resume    *Carry // Optional: the stream goes on where another one ended
	Carry     bool   // fill in Account.Carry
	// Spares are decoders of earlier streams with the same Options, for each sink its
	// own: they are taken out and used, and those of this stream are put in when
	// it has ended, as far as they can be used again. With Resume or Carry they are
	// not asked. Optional.
	Spares []Spares
	// Share is asked, now and then, whether the rest of the stream may be shared
	// between one more of the sinks: first the second, and when that is not enough
	// the third. They are used at the same time from then on. It is asked by one
	// goroutine at a time. Optional: nil has them all used as soon as it is worth
	// while.
	Share func() bool
}

// Spares hold decoders that wait for another stream of a sink.
type Spares interface {
	// Take hands out a decoder of f; nil if there is none. It is called once a
	// stream, before the first event of f.
	Take(f *Format) Decoder
	// Keep is given a decoder that can be used again, at the end of its stream.
	Keep(f *Format, d Decoder)
}

// A Carry is what the decoder of a stream knew at its end, for a stream that
// goes on there. It is opaque to all but the format.
type Carry struct {
	Format string
	Data   []byte
}

// A Sink receives what a Reader finds, in stream order. One goroutine uses it.
type Sink interface {
	// Event is given every event. What it refers to is borrowed. An error
	// ends the stream.
	Event(f *Format, ev *Event) error
	// Remark is given every note and gap as it is found.
	Remark(Remark)
}

// A Reader turns a stream into events; package formats has the one there is.
type Reader interface {
	// Formats lists what can be read, in a fixed order.
	Formats() []*Format
	// Read reads s to its end and reports to sinks. With more than one sink
	// it may decode on as many goroutines, each with its own sink, if the
	// format is not stateful. An error of s.Reader is not an error of Read:
	// it is returned in Account.Err, what was read before it stands. Read
	// returns an error only if ctx is done or a sink refused.
	Read(ctx context.Context, s Stream, o ReadOptions, sinks []Sink) (Account, error)
}

// An Account is what became of the bytes of one stream.
type Account struct {
	Format     string // that most of its records had; "" if none was recognised
	Envelope   string // outermost first, joined by ">"; of the first record that had one
	Bytes      Bytes
	Records    int64  // records seen, understood or not
	Recognised int64  // records that some format understood
	Events     int64  // events emitted
	Looks      string // what an unrecognised stream looks like: "text", "binary (ELF)", "empty"
	Carry      *Carry // if it was asked for, and the stream can go on: see Carrier
	Err        error  // of the stream's reader; nil at a clean end
}

// Bytes are what became of the bytes of a stream: Read = Events + Notes + Gaps, for
// every stream, whatever is in it. So nothing is lost silently.
type Bytes struct {
	Read   int64 `json:"read"`
	Events int64 `json:"events"`
	Notes  int64 `json:"notes"`
	Gaps   int64 `json:"gaps"`
}

// Balanced reports whether the identity holds.
func (b Bytes) Balanced() bool { return b.Read == b.Events+b.Notes+b.Gaps }
