package sigma

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// yamlMends say, for what messages of the YAML library begin with, which slip of those
// who write rules is mostly behind it.
var yamlMends = []struct{ message, mend string }{
	{"found character that cannot start any token", "indent with blanks, not with tabs, and quote values that begin with %, @ or `"},
	{"did not find expected alphabetic or numeric character", "quote values that begin with * or &"},
	{"unknown anchor", "quote values that begin with *"},
	{"found unknown escape character", "write the value in single quotes, where a backslash is a backslash"},
	{"mapping values are not allowed", "quote values in which a blank follows a colon, and let the keys of a map begin in one column"},
	{"could not find expected ':'", "write a colon and a blank behind each key"},
	{"did not find expected key", "let the keys of a map begin in one column, and quote values that begin with a quote or a bracket"},
	{"did not find expected '-' indicator", "let the members of a list begin in one column, and the keys of a member below its first"},
	{"did not find expected ','", "close the bracket, and quote values that hold brackets or commas"},
	{"found unexpected end of stream", "close the quote"},
	{"found unexpected document indicator", "close the quote"},
	{"control characters are not allowed", "write it as an escape in double quotes, for instance \"\\x1b\""},
	{"invalid ", "save the file as UTF-8"},
	{"incomplete UTF-8", "save the file as UTF-8"},
}

var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s+)?line (\d+): `)

// yamlFault gives an error that the YAML library has with data the form of ours.
func yamlFault(err error, data []byte) error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1]) // digits by the expression
		text = err.Error()[len(m[0]):]
	} else {
		line = silentLine(text, data)
	}
	mend := "mend the YAML"
	for _, m := range yamlMends {
		if strings.HasPrefix(text, m.message) {
			mend = m.mend
			break
		}
	}
	if len(text) > maxQuote {
		text = text[:maxQuote] + "..."
	}
	return fault(line, mend+"; what follows in this file is not read", "not YAML: %s", text)
}

// silentLine is the line of what the library does not say where it is; 0 if it is not found.
func silentLine(text string, data []byte) int {
	if m := unknownAnchor.FindStringSubmatch(text); m != nil {
		if i := bytes.Index(data, []byte("*"+m[1])); i >= 0 {
			return lineAt(data, i)
		}
	}
	return unreadableLine(data)
}

var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.+)' referenced`)

// lineAt is the line of an offset, from 1.
func lineAt(data []byte, i int) int { return 1 + bytes.Count(data[:i], []byte("\n")) }

// unreadableLine is the first line with a byte that is not UTF-8, or a control character
// that YAML does not have (YAML 1.1 section 5.1); 0 if there is none.
func unreadableLine(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 || r < ' ' && !strings.ContainsRune("\t\n\r", r) || r >= 0x7f && r < 0xa0 && r != 0x85 {
			return lineAt(data, i)
		}
		i += n
	}
	return 0
}
