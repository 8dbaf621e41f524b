package formats

import (
	"hash/maphash"
	"slices"

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
// numbers, of times and of hexadecimal ids. No format is recognised by those
// alone, but some refuse a line for them: that of an impossible time, say. Whoever
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

// marks are what the records have in them that digits alone can spoil, in words
// that are rare in what applications print, and what encoded records begin with. A
// form of record that needs none is one that is taken whatever its digits are;
// TestWhatDigitsCannotHide tries every form there is.
var marks = words.New(
	"udit", "UDIT", "ethodName", "equest-url", "eceivedTimestamp", "dHlwZT1", // Kubernetes, auditd
	"RequestReceived", "ResponseStarted", "ResponseComplete", ",Panic,", // tables of Kubernetes' events
	"imeNano", "ction\"", "ction\\\"", "exec_", // Docker's events as JSON
	" container ", " image ", " network ", " volume ", // and as text
	"/tasks/", "Calling ", // containerd's, and the daemon's log
	"H4sI", "eyJ", // base64 of gzip and of JSON
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

func (b *barren) has(kind uint64) bool {
	if kind == 0 {
		return false
	}
	known := b.kinds != nil && b.kinds[kind>>16%barrenKinds] == kind
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

// add notes that a line of a kind held nothing, unless it has a mark: all of the
// kind have it then.
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

// Classes of bytes, for masked.
const (
	wordByte  = 1 << iota // letters and what base64 is made of
	digitByte             // of decimal numbers
	hexByte               // 'a' to 'f'
	timeByte              // 'T' and 'Z'
	otherByte
)

var classes = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= '0' && c <= '9':
			t[c] = wordByte | digitByte
		case c >= 'a' && c <= 'f':
			t[c] = wordByte | hexByte
		case c == 'T' || c == 'Z':
			t[c] = wordByte | timeByte
		case c >= 'g' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '+', c == '=', c >= 0x80:
			t[c] = wordByte | otherByte
		}
	}
	return t
}()

// masked is line, written to room, with a '0' in place of numbers, and of each
// digit of ids and times: of words made of digits, hexadecimal digits, and the
// letters of times, and of those that a unit of two letters at most follows. What
// stands behind a slant is an escape, and no number.
func masked(room, line []byte) []byte {
	out := slices.Grow(room[:0], len(line))[:len(line)]
	n := 0
	for i := 0; i < len(line); {
		c := line[i]
		if classes[c] == 0 {
			out[n] = c
			i, n = i+1, n+1
			if c == '\\' {
				for end := min(i+5, len(line)); i < end && classes[line[i]] != 0; i++ {
					out[n] = line[i]
					n++
				}
			}
			continue
		}
		start, all := i, uint8(0)
		for ; i < len(line) && classes[line[i]] != 0; i++ {
			all |= classes[line[i]]
		}
		word := line[start:i]
		if all == wordByte|hexByte && len(word)%4 == 0 && (start > 0 && line[start-1] == '-' || i < len(line) && line[i] == '-') {
			all |= digitByte // a part of a UUID has no digits now and then
		}
		n += maskedWord(out[n:], word, all)
	}
	return out[:n]
}

// maskedWord is masked for a word, of bytes of those classes. It returns how many
// bytes it wrote.
func maskedWord(out, word []byte, all uint8) int {
	switch {
	case all&digitByte == 0:
	case all == wordByte|digitByte && len(word) < 4: // longer ones may be of ids, which are told by their length
		out[0] = '0'
		return 1
	case all&otherByte == 0:
		for i, c := range word {
			if classes[c]&(digitByte|hexByte) != 0 {
				c = '0'
			}
			out[i] = c
		}
		return len(word)
	default:
		digits := 0
		for digits < len(word) && classes[word[digits]]&digitByte != 0 {
			digits++
		}
		if digits > 0 && digits < 8 && len(word)-digits <= 2 {
			out[0] = '0'
			return 1 + copy(out[1:], word[digits:])
		}
	}
	return copy(out, word)
}
