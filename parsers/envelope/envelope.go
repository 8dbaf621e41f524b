package envelope

import (
	"bytes"

	"tideline/parsers"
)

// MaxDepth is how many envelopes may lie within one another: Splunk around
// CloudWatch around an event is three.
const MaxDepth = 4

// An Envelope is one way in which records are wrapped. It is immutable and may
// be used by many goroutines.
type Envelope struct {
	Name string // stable: appears in reports
	JSON bool   // what it opens begins with a bracket; else it is a line of text
	// First: it is to be asked before the formats, since what it opens looks
	// like the bare record, though it is not quite the same.
	First bool

	// Output: what it opens is a line of a container's output, which is a
	// record of its own if nothing else is within.
	Output bool

	// Sole: what it opens is in no other envelope. If what is inside is of no format,
	// the others, which would find the same inside, are not asked.
	Sole bool

	// Any: it opens what no other does, by a look at what is inside. That it opened
	// one record does not say that it is to be asked first about one that begins
	// otherwise.
	Any bool

	// Words: it opens no record that has none of these in it, as they are spelled
	// there. Most lines have none of any envelope, which is found out at once. Empty:
	// it may open any.
	Words []string

	// Open calls emit for every record that rec wraps, in order, and reports
	// true; or it reports false, without having called emit, if rec is not
	// wrapped like this. The record that emit is given has the Raw and Pos of
	// rec and its Origin, to which Open adds; it is borrowed until emit
	// returns, and may lie in the Room of rec. The error is that of emit.
	//
	// That rec can be opened does not mean that it should be: who calls Open
	// finds out whether what is inside is a record of a format.
	Open func(rec *parsers.Record, emit func(*parsers.Record) error) (bool, error)
}

// All returns the envelopes in the order in which they are tried: the special
// ones before those that would take anything.
func All() []Envelope {
	return []Envelope{
		// JSON
		viaq,
		aksRow,
		jsonRow,
		jsonFile,
		eksCloudWatch,
		eksWrapper,
		aksDiagnostic,
		aksTable,
		splunk,
		loki,
		elasticsearch,
		otlp,
		ocsf,
		journaldJSON,
		pubsub,
		bigQuery,
		metricbeat,
		ecs,
		fluent,
		flat,
		folded,
		wrapped,
		member,
		// text
		jsonString,
		csvRow,
		csvTorn,
		yamlDocument,
		cri,
		lokiLine,
		eksExport,
		openshiftNodeLogs,
		syslog, // with a time by RFC 3339 it looks like a line of kubectl's
		kubectlLogs,
		fluentText,
		logrus,
		prefixed,
	}
}

// IsJSON reports whether rec is a JSON value, so that the envelopes with JSON
// set may hold it, and not a line of text that begins with a bracket.
func IsJSON(rec *parsers.Record) bool {
	if len(rec.Data) == 0 || rec.Data[0] == '{' {
		return len(rec.Data) > 0
	}
	if rec.Data[0] != '[' {
		return false
	}
	if len(rec.Context) > 0 && rec.Context[0] == '{' { // a row of a table
		return true
	}
	i := space(rec.Data, 1)
	if i == len(rec.Data) {
		return false
	}
	switch c := rec.Data[i]; {
	case c == '{' || c == '[' || c == '"':
		return true
	case c >= '0' && c <= '9': // a pair, of a number and what is in a string
		i = space(rec.Data, skipValue(rec.Data, i))
		if i < len(rec.Data) && rec.Data[i] == ',' {
			i = space(rec.Data, i+1)
			return i < len(rec.Data) && rec.Data[i] == '"'
		}
	}
	return false
}

// First is the first of the objects that stand side by side in data, with blanks or commas
// between them; all of data if it is no such row.
func First(data []byte) []byte {
	if len(data) == 0 || data[0] != '{' || !besideEachOther(data) {
		return data
	}
	end := skipNested(data, 0)
	for i := end; i < len(data); i++ {
		switch data[i] {
		case ' ', '\t', '\r', '\n', ',':
		case '{':
			return data[:end]
		default:
			return data
		}
	}
	return data
}

// besideEachOther reports whether somewhere in data, a string or an array perhaps, an object
// begins behind one that ends. Of most records that is not so, and is found out fast. Where
// an escape follows, it is in a string.
func besideEachOther(data []byte) bool {
	for i := 1; i < len(data); i++ {
		n := bytes.IndexByte(data[i:], '{')
		if n < 0 {
			return false
		}
		if i += n; i+1 < len(data) && data[i+1] == '\\' {
			continue
		}
		j := i - 1
		for j > 0 && (data[j] == ' ' || data[j] == '\t' || data[j] == ',' || data[j] == '\n' || data[j] == '\r') {
			j--
		}
		if data[j] == '}' {
			return true
		}
	}
	return false
}
