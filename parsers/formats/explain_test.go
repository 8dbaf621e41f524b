package formats

import (
	"context"
	"strings"
	"testing"

	"tideline/parsers"
)

// remarksOf reads text with the real formats.
func remarksOf(t *testing.T, text string) map[string]parsers.Remark {
	t.Helper()
	var k notebook
	if _, err := NewReader().Read(context.Background(), parsers.Stream{Path: "x.log", Reader: strings.NewReader(text)},
		parsers.ReadOptions{}, []parsers.Sink{&k}); err != nil {
		t.Fatal(err)
	}
	out := map[string]parsers.Remark{}
	for _, r := range k.remarks {
		out[r.Code] = r
	}
	return out
}

// A notebook keeps remarks and drops events.
type notebook struct{ remarks []parsers.Remark }

func (*notebook) Event(*parsers.Format, *parsers.Event) error { return nil }
func (n *notebook) Remark(r parsers.Remark)                   { n.remarks = append(n.remarks, r) }

func TestRemarksTellWhyFormatsRefused(t *testing.T) {
	event := samples["kubernetes-audit"] + "\n"
	for name, c := range map[string]struct {
		text, code, first string
	}{
		"a line of its own kind": {event + "what is this\n" + event + "{\"and\":\"this\"}\n", "line.unknown", `kubernetes-audit: neither JSON nor "AUDIT: id="`},
		"an object":              {event + "{\"and\":\"this\"}\nwhat is this\n", "line.unknown", "kubernetes-audit: JSON without audit.k8s.io"},
		"a whole file":           {"what is this\nand this\n", "file.unrecognised", `kubernetes-audit: neither JSON nor "AUDIT: id="`},
	} {
		r := remarksOf(t, c.text)[c.code]
		if !strings.Contains(r.Reason, c.first) || len(r.Reason) > 2*maxExplained {
			t.Errorf("%s: %q", name, r.Reason)
		}
		for _, f := range All() {
			if !strings.Contains(r.Reason, "; "+f.Name+": ") {
				t.Errorf("%s: %s does not say why it refused: %q", name, f.Name, r.Reason)
			}
		}
	}
	if r, ok := remarksOf(t, "")["file.unrecognised"]; ok && !strings.HasSuffix(r.Reason, "empty") {
		t.Errorf("nothing was refused of an empty stream: %q", r.Reason)
	}
}

// TestSeparators: what is put between lines when logs are put together holds no evidence;
// what only looks like it is a gap as before.
func TestSeparators(t *testing.T) {
	event := samples["kubernetes-audit"] + "\n"
	for line, want := range map[string]string{
		"==> /var/log/audit.log <==": "text.separator", "--": "text.separator", "2f6\r": "text.separator", "FFFFFFFF": "text.separator",
		"b/37123456789012345678\tf/37123456789012345679/s": "text.separator", "SEARCHEDLOGSTREAMS\tTrue\tkube-apiserver-audit-0f1e": "text.separator",
		"SEARCHEDLOGSTREAMS\ta b c": "line.unknown",
		"==> /var/log/audit.log":    "line.unknown", "---": "line.unknown", "123456789": "line.unknown", "2g6": "line.unknown",
	} {
		remarks := remarksOf(t, event+line+"\n"+event)
		if r, ok := remarks[want]; !ok || r.Gap != (want == "line.unknown") || r.Bytes != int64(len(line)+1) || len(remarks) != 1 {
			t.Errorf("%q: %+v", line, remarks)
		}
	}
	if remarks := remarksOf(t, "--\n==> x <==\nwords\n"); len(remarks) != 1 {
		t.Errorf("a file of nothing: %+v", remarks)
	}
}
