package report

import (
	"io"
	"strings"
)

// Options say how reports are written. The zero value is the default: secrets
// masked, no colours, formula-safe CSV.
type Options struct {
	ShowSecrets    bool   // leave credentials as they are in the evidence
	Color          bool   // the table may use SGR sequences
	Width          int    // columns of the table; 0 means 100, others are held between MinWidth and MaxWidth
	Height         int    // lines of the table; 0 means 40, less than 24 are taken for 24
	CSVRaw         bool   // CSV cells exactly as logged: no formula guard, no escapes
	FingerprintKey []byte // key of the fingerprints of masked secrets; empty means DefaultFingerprintKey
	Top            int    // rows of the table's list of findings; 0 means 10
	AllBlind       bool   // the table lists all blind spots and every rule that could not fire, as a file has room for
}

// A Format is one kind of report.
type Format struct {
	Name       string   // as -f takes it
	Extensions []string // as -o takes them, longest first
	New        func(io.Writer, Options) Writer
}

// Formats is the one list of report formats. The slice is the caller's.
func Formats() []Format {
	return []Format{
		{"table", []string{".txt"}, newTable},
		{"ndjson", []string{".ndjson", ".jsonl"}, newNDJSON},
		{"json", []string{".json"}, newJSON},
		{"csv", []string{".csv"}, newCSV},
		{"html", []string{".html", ".htm"}, newHTML},
		{"timesketch", []string{".timesketch.jsonl"}, newTimesketch},
		{"navigator", []string{".navigator.json"}, newNavigator},
		{"sarif", []string{".sarif"}, newSARIF},
		{"ecs", []string{".ecs.ndjson"}, newECS},
	}
}

// ByName is the format of that name.
func ByName(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// ByExtension is the format that a file of that name is written in: the one
// with the longest extension that fits, so that "x.timesketch.jsonl" is not
// taken for NDJSON. The case of the extension does not matter.
func ByExtension(name string) (Format, bool) {
	name = strings.ToLower(name)
	var best Format
	longest := 0
	for _, f := range Formats() {
		for _, ext := range f.Extensions {
			if len(ext) > longest && strings.HasSuffix(name, ext) {
				best, longest = f, len(ext)
			}
		}
	}
	return best, longest > 0
}
