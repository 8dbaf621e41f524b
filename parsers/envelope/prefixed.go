package envelope

import (
	"bytes"
	"html"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/frame"
	"tideline/parsers/internal/klog"
	"tideline/parsers/internal/words"
)

// prefixed is a line that ends in a JSON object, or in an access line of a Kubernetes
// component, whatever stands before it, or that
// has objects with a record's words in them, whatever stands behind and between them:
// YAML that is not taken apart, rows of a statement of SQL, a cell of a table. The
// objects may be escaped, as in a string of such a statement, or the value of a key in
// logfmt. It is tried last.
var prefixed = Envelope{Name: "text", Any: true, Open: openPrefixed}

// maxPrefix is how far into a line an object is looked for.
const maxPrefix = 512

var (
	objectStart  = []byte(`{"`)
	escapedStart = []byte(`{\"`)
)

func openPrefixed(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error) {
	if line := laidOpen(rec.Data); line != nil {
		return payload(enter(rec, "text"), line, emit)
	}
	head := rec.Data[:min(len(rec.Data), maxPrefix)]
	if at := klog.Find(head); at > 0 {
		return openAccess(rec, at, emit)
	}
	if at := dockersAt(head); at > 0 {
		return payload(enter(rec, "text"), rec.Data[at:], emit)
	}
	i := bytes.Index(head, objectStart)
	if i <= 0 {
		if i = bytes.Index(head, escapedStart); i <= 0 || !hasMark(rec.Data[i:]) {
			return false, nil
		}
		return openObjects(enter(rec, "text"), unescape(make([]byte, 0, len(rec.Data)-i), rec.Data[i:]), emit)
	}
	data := uncoloured(rec.Data)
	if i >= len(data) {
		return false, nil // it is a part of the colour
	}
	if data[i-1] == '>' && bytes.Contains(data, []byte("&amp;")) { // text of XML, which escapes no quotes: cells of a workbook
		return openObjects(enter(rec, "text"), []byte(html.UnescapeString(string(data[i:]))), emit)
	}
	if !rec.Cut && !bytes.HasSuffix(data, truncated) {
		ends := bytes.HasSuffix(data, []byte("}"))
		if ends && frame.IsPaired(data[i:]) && frame.IsSole(data[i:]) {
			return payload(enter(rec, "text"), data[i:], emit)
		}
		if is, err := openObjects(enter(rec, "text"), data[i:], emit); is || err != nil || !ends {
			return is, err
		}
	}
	return payload(enter(rec, "text"), data[i:], emit)
}

// laidOpen is a line of a log without what a tool for people, a logger or an export
// made of all of it: colours, a quoted string, or text of XML. Left as they are they
// would spoil the values of the line, and nothing would say so. It is nil if line is
// none of these.
func laidOpen(line []byte) []byte {
	var out []byte
	n := auditStart.Index(line[:min(len(line), maxPrefix)])
	switch {
	case len(line) > 0 && line[0] == '\x1b':
		out = withoutColours(line)
	case bytes.Contains(line, []byte("&quot;")):
		text, _, _ := strings.Cut(string(line), "</")
		out = []byte(html.UnescapeString(text))
	case n > 0 && bytes.Count(line[:n], []byte{'"'})%2 == 1:
		opens := bytes.LastIndexByte(line[:n], '"')
		out, _ = text(line[opens:skipString(line, opens)])
	}
	if len(out) > 1 && (carries(out) || hasMark(out)) {
		return out
	}
	return nil
}

// withoutColours is a line without the sequences that colour parts of it (ECMA-48, SGR
// and EL).
func withoutColours(line []byte) []byte {
	out := make([]byte, 0, len(line))
	for i := 0; i < len(line); i++ {
		if line[i] != '\x1b' || i+1 == len(line) || line[i+1] != '[' {
			out = append(out, line[i])
			continue
		}
		for i += 2; i < len(line) && (line[i] >= '0' && line[i] <= '9' || line[i] == ';'); i++ {
		}
	}
	return out
}

// dockersAt is where a line of Docker's daemon or of its events begins behind what grep put
// before it, the name of the file, the number of the line, or both, or compose, the
// name of the service; 0 if it is none.
func dockersAt(line []byte) int {
	if n := behindService.Index(line); n > 0 && bytes.IndexByte(bytes.TrimRight(line[:n], " "), ' ') < 0 {
		if at := n + behindService.Len(); isDockers(line[at:]) {
			return at
		}
	}
	at := 0
	for range 2 {
		n := at
		for n < len(line) && line[n] != ':' && line[n] != ' ' {
			n++
		}
		if n == at || n == len(line) || line[n] == ' ' {
			return 0
		}
		if at = n + 1; isDockers(line[at:]) {
			return at
		}
	}
	return 0
}

var (
	behindService = words.NewText(" | ")
	auditStart    = words.NewText("audit(")
)

func isDockers(line []byte) bool { return bytes.HasPrefix(line, []byte(`time="`)) || isTimed(line) }

// openAccess opens a line that ends in an access line of klog, as grep and stern print
// it, and what colours lines. The last time before it is its own.
func openAccess(rec *parsers.Record, at int, emit func(*parsers.Record) error) (bool, error) {
	in := enter(rec, "text")
	for word := range bytes.FieldsSeq(rec.Data[:at]) {
		_, behind, _ := bytes.Cut(word, []byte(":")) // grep has the name of the file before it
		for _, word := range [...][]byte{word, behind} {
			if t := stamp(word); t.Unix() >= oldest {
				in.Origin.Time = t
			}
		}
	}
	return payload(in, uncoloured(rec.Data)[at:], emit)
}

// openObjects emits the objects of a text that have a record's words in them, one after
// the other; none if the first has none, or no end.
func openObjects(in *parsers.Record, data []byte, emit func(*parsers.Record) error) (bool, error) {
	opened := false
	for {
		i := bytes.Index(data, objectStart)
		if i < 0 {
			return opened, nil
		}
		data = data[i:]
		end := skipNested(data, 0)
		whole, marked := data[end-1] == '}', hasMark(data[:end])
		if !opened && !(whole && marked) {
			return false, nil
		}
		if marked {
			one := *in
			one.Cut = one.Cut || !whole
			is, err := payload(&one, data[:end], emit)
			if err != nil {
				return false, err
			}
			opened = opened || is
		}
		data = data[end:]
	}
}

// uncoloured is a line without the sequence that ends its colour, as tools for
// people print it (ECMA-48, SGR and EL).
func uncoloured(line []byte) []byte {
	i := bytes.LastIndexByte(line[max(0, len(line)-8):], '\x1b') + max(0, len(line)-8)
	if n := len(line); n == 0 || i < 0 || line[i] != '\x1b' || line[n-1] != 'm' && line[n-1] != 'K' {
		return line
	}
	return bytes.TrimRight(line[:i], " ")
}
