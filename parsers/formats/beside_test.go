package formats

import (
	"strconv"
	"strings"
	"testing"

	"tideline/parsers"
)

// TestObjectsSideBySide: of objects in one line each is read, whatever stands before them
// and whatever each is wrapped in, and what is none of a format is told.
func TestObjectsSideBySide(t *testing.T) {
	event := samples["kubernetes-audit"]
	text := strconv.Quote(event)
	for name, object := range map[string]string{
		"bare":       event,
		"CloudWatch": `{"timestamp":1740823200123,"message":` + text + `}`,
		"AKS":        `{"category":"kube-audit","properties":{"log":` + text + `},"time":"2025-03-01T10:00:00Z"}`,
		"json-file":  `{"log":` + text + `,"stream":"stdout","time":"2025-03-01T10:00:00Z"}`,
		"any":        `{"a":{"b":` + text + `}}`,
		"laurel":     `{"ID":"1740823200.123:42","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"pid":2,"comm":"cat"},"EXECVE":{"argc":1,"ARGV":["cat"]}}`,
	} {
		for _, prefix := range []string{"", "2025-03-01T10:00:00Z ", "Mar  1 10:00:00 h tag[1]: ", "2025-03-01T10:00:00Z stdout F "} {
			for _, between := range []string{"", " ", ","} {
				line := prefix + object + between + object + "\n"
				pad, account := read(t, NewReader(), strings.NewReader(line), parsers.ReadOptions{})
				if account.Events != 2 || account.Bytes.Gaps > 0 || strings.Contains(strings.Join(pad.lines, "\n"), "gap ") {
					t.Errorf("%s behind %q, %q between: %+v %v", name, prefix, between, account, pad.lines)
				}
			}
		}
	}
	remarks := remarksOf(t, "Mar  1 10:00:00 h tag[1]: "+event+` {"a":1}`+"\n")
	if r := remarks["env.unknown_part"]; !r.Gap || r.Count > 1 {
		t.Errorf("an object that is none of a format: %+v", remarks)
	}
}
