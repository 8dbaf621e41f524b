package formats

import (
	"hash/maphash"

	"tideline/parsers"
	"tideline/parsers/internal/words"
)

// A container prints the same few kinds of line over and over, as does a system's
// log, and each may be a record of any format in any envelope: finding out that it is
// none costs a hundred times what reading the line does. Barren are kinds of line, of
// a stream of container output or of one in which many lines are of no format, of
// which one was looked into and held nothing.
//
// Lines are of a kind if they are equal, byte by byte, but for the digits of
// numbers, of times and of hexadecimal ids, and for words that are no keys (masked.go).
// Some formats refuse a line for those: that of an impossible time, say. Whoever
// can print such a line must not hide the next one of its kind. So a line with a
// mark of such a format is always looked into.
type barren struct {
	kinds *[barrenKinds]uint64 // hashes; nil as long as there are none
	text  []byte               // of the kind in hand

	asked, known int // lines since the last look at whether it pays, and those of a kind that is there
	rest         int // lines of which none is asked about
}

const (
	barrenKinds = 4096
	maxBarren   = 2048 // bytes of a line that may be of a kind

	// Where fewer than one of barrenWorth lines are of a kind that is known, to find
	// out of which they are takes longer than what that spares: then it is tried with
	// barrenTrial lines, and again when barrenRest others have passed.
	barrenTrial = 512
	barrenWorth = 8
	barrenRest  = 8 * barrenTrial
)

var barrenSeed = maphash.MakeSeed()

// marks are what the records have in them that digits and words can spoil, in words
// that are rare in what applications print, and what encoded records begin with. A
// form of record that needs none is one that is taken whatever its digits and words are;
// TestWhatDigitsAndWordsCannotHide tries every form there is.
var marks = words.New(
	"udit", "UDIT", "ethodName", "equest-url", "eceivedTimestamp", "dHlwZT1", // Kubernetes, auditd
	"RequestReceived", "ResponseStarted", "ResponseComplete", ",Panic,", "bjectRef", // tables of Kubernetes' events
	"hostIdentifier",                              // osquery's
	"httplog", "verb=", "verb\"", "verb\\", ": (", // of the requests that a component served
	"imeNano", "ction\"", "ction\\", "exec_", // Docker's events as JSON
	" container ", " image ", " network ", " volume ", " plugin ", "(from ", " Status=", " Action=", // and as text
	"/tasks/", "Calling ", "handling ", "form data", "API listen", "APIHandler", "Loading containers", "ExecSync", "/runtime.v1.", "@ - - [", // containerd's, and the daemon's log
	"docker", "containerd", "podman", "crio", "libpod", "balena", "buildkit", "graphdriver", "overlay2", "moby", // and who writes one
	"H4sI", "eyJ", // base64 of gzip and of JSON
	"\x00\x00\x00", // between the letters of UTF-32, whatever they say
)

// kindOf is the hash of the kind of line that rec is; 0 if it is to be looked into
// in any case.
func (b *barren) kindOf(rec *parsers.Record) uint64 {
	if b.rest > 0 {
		b.rest--
		return 0
	}
	if rec.Cut || len(rec.Data) > maxBarren || len(rec.Context) > 0 {
		return 0 // what stands around a record may tell what it is
	}
	b.text = masked(b.text, rec.Data)
	return maphash.Bytes(barrenSeed, b.text) | 1
}

// has reports whether a line is of a kind that is known to hold nothing.
func (b *barren) has(kind uint64, line []byte) bool {
	if kind == 0 {
		return false
	}
	known := b.kinds != nil && b.kinds[kind>>16%barrenKinds] == kind && !marked(line)
	if known {
		b.known++
	}
	if b.asked++; b.asked == barrenTrial {
		if b.known < barrenTrial/barrenWorth {
			b.rest = barrenRest
		}
		b.asked, b.known = 0, 0
	}
	return known
}

// add notes that a line of a kind held nothing, unless it has a mark.
func (b *barren) add(kind uint64, line []byte) {
	if kind == 0 || marked(line) {
		return
	}
	if b.kinds == nil {
		b.kinds = new([barrenKinds]uint64)
	}
	b.kinds[kind>>16%barrenKinds] = kind
}

// marked reports whether a line has a mark.
func marked(line []byte) bool { return marks.In(line) }
